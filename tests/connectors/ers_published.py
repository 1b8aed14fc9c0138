"""The published e-RS specification, read for the tests: its words, its examples, and whether a body is of its schema."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from loopback import published
from openapi_schema_validator import OAS30Validator


class Published:
    """The document with its references followed where they are needed."""

    def __init__(self) -> None:
        self._document = published("ers/openapi.json")

    def operation(self, path: str) -> dict[str, Any]:
        operations = self._document["paths"][path]
        operation: dict[str, Any] = operations.get("get") or operations["post"]
        return operation

    def parameters(self, path: str) -> dict[str, dict[str, Any]]:
        return {p["name"]: p for p in (self._followed(q) for q in self.operation(path)["parameters"])}

    def examples(self, path: str) -> dict[str, Any]:
        """The published good replies, by name."""
        return {name: self._whole(e)["value"] for name, e in self._content(path, 200)["application/fhir+json"]["examples"].items()}

    def errors(self, path: str, status: int) -> list[Any]:
        """The published bodies of an error; most calls print one, some none."""
        reply = self._followed(self.operation(path)["responses"].get(str(status), {}))
        printed = [content["example"] for content in reply.get("content", {}).values() if "example" in content]
        return [self._whole(example) for example in printed]

    def reply_problems(self, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with a reply's body; [] for one of the published shape."""
        return self._problems(self._content(path, status)["application/fhir+json"]["schema"], body)

    def request_problems(self, path: str, body: Any) -> list[str]:
        return self._problems(self.operation(path)["requestBody"]["content"]["application/fhir+json"]["schema"], body)

    def _content(self, path: str, status: int) -> Any:
        return self._followed(self.operation(path)["responses"][str(status)])["content"]

    def _problems(self, schema: Any, body: Any) -> list[str]:
        return [f"{e.json_path}: {e.message}" for e in OAS30Validator(self._whole(schema)).iter_errors(body)]

    def _followed(self, value: Any) -> Any:
        while isinstance(value, dict) and "$ref" in value:
            reference, value = value["$ref"], self._document
            for part in reference.removeprefix("#/").split("/"):
                key = unquote(part.replace("~1", "/").replace("~0", "~"))
                value = value[int(key)] if isinstance(value, list) else value[key]
        return value

    def _whole(self, value: Any) -> Any:
        value = self._followed(value)
        if isinstance(value, dict):
            return {name: self._whole(inner) for name, inner in value.items()}
        return [self._whole(inner) for inner in value] if isinstance(value, list) else value
