"""One published OpenAPI document: where it lies, what it documents, and whether a request or a reply keeps to it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml
from jsonschema.exceptions import ValidationError
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.contract import pointers
from tests.contract.messages import Reply, Request

_METHODS = ("get", "post", "put", "patch", "delete")
_LONGEST = 240
_NAMES = ("url", "resourceType", "name", "system", "code")
_GENERAL = frozenset(
    {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length", "content-type", "authorization", "x-request-id"}
)
"""Headers of HTTP and of the platform in front of every service (X-Request-ID); no service need document them."""


def found(path: str) -> Path | None:
    """The file of that name under NHS_SPECS, or in an `nhs-specs` folder beside the checkout; None where it is not at hand."""
    beside = Path(__file__).resolve().parents[3]
    folders = [Path(os.environ["NHS_SPECS"])] if "NHS_SPECS" in os.environ else sorted(beside.glob("*/nhs-specs"))
    return next((folder / path for folder in folders if (folder / path).exists()), None)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the faster one where it was built
    """YAML as JSON would have it: what looks like a date stays text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@lru_cache
def read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_Loader)  # noqa: S506  # a safe loader


@dataclass(frozen=True)
class Operation:
    """One path and method. `id` is its operationId, or "get /path" where it has none."""

    id: str
    method: str
    template: str
    node: Mapping[str, Any] = field(repr=False, compare=False)
    parameters: tuple[Mapping[str, Any], ...] = field(repr=False, compare=False, default=())

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        parts = re.split(r"(\{[^}]+\})", self.template)
        return re.compile("".join("([^/]+)" if part.startswith("{") else re.escape(part) for part in parts))

    def named(self, where: str) -> set[str]:
        """The names of its parameters in "query" or "header"; headers in lower case."""
        names = {p["name"] for p in self.parameters if p["in"] == where}
        return {name.lower() for name in names} if where == "header" else names


class Specification:
    """`base_path` is what the published address has before the operations' own paths. `credentials` are put on each request
    before it is looked at: sign-in is the transport's, and is tried by its own tests."""

    def __init__(self, document: Any, base_path: str, credentials: Mapping[str, str]) -> None:
        self.document = document
        self._base_path = base_path
        self._credentials = credentials
        self._origin = "https://specification.example"
        pinned = {**document, "servers": [{"url": self._origin + base_path}]}
        deserializers = {kind: _json for kind in _media_types(document) if "json" in kind}
        self._api = OpenAPI.from_dict(pinned, config=Config(spec_validator_cls=None, extra_media_type_deserializers=deserializers))
        self.operations = {operation.id: operation for operation in self._operations()}

    def follow(self, value: Any) -> Any:
        """The value itself, where it is a reference."""
        return pointers.followed(self.document, value)

    def whole(self, value: Any) -> Any:
        """The value with every reference inside it followed: for examples, which are finite."""
        value = self.follow(value)
        if isinstance(value, dict):
            return {name: self.whole(inner) for name, inner in value.items()}
        return [self.whole(inner) for inner in value] if isinstance(value, list) else value

    def operation_of(self, request: Request) -> Operation | None:
        """The operation that a request is for; of several the one with the fewest parameters in its path."""
        path = unquote(urlsplit(request.target).path)
        if not path.startswith(self._base_path):
            return None
        own = path.removeprefix(self._base_path)
        fitting = [o for o in self.operations.values() if o.method == request.method.lower() and o.pattern.fullmatch(own)]
        return min(fitting, key=lambda o: o.template.count("{"), default=None)

    def faults_of_request(self, request: Request, tolerated: Iterable[str] = ()) -> list[str]:
        """What is wrong with it, in words; empty where it keeps to the specification. A parameter or a header that the
        specification does not name is wrong too, unless it is `tolerated`."""
        operation = self.operation_of(request)
        if operation is None:
            return [f"{request.method} {_shape(request.target)} is no operation of the specification"]
        wrong = [_words(error) for error in self._api.iter_request_errors(_Asked(self._origin, request, self._credentials))]
        known = operation.named("header") | _GENERAL | {name.lower() for name in tolerated}
        wrong += [f"header {name} is not documented" for name in request.headers if name.lower() not in known]
        names = {name for name, _ in parse_qsl(urlsplit(request.target).query, keep_blank_values=True)}
        wrong += [f"parameter {name} is not documented" for name in sorted(names - operation.named("query") - set(tolerated))]
        wrong += self._unacceptable(operation, request)
        return [f"{operation.id}: {words}" for words in wrong]

    def faults_of_reply(self, request: Request, reply: Reply) -> list[str]:
        """What is wrong with a reply to that request, in words."""
        operation = self.operation_of(request)
        if operation is None:
            return [f"{request.method} {_shape(request.target)} is no operation of the specification"]
        asked, told = _Asked(self._origin, request, self._credentials), _Told(reply)
        return [f"{operation.id} {reply.status}: {_words(error)}" for error in self._api.iter_response_errors(asked, told)]

    def _operations(self) -> Iterator[Operation]:
        for template, item in self.document["paths"].items():
            for method in _METHODS:
                node = self.follow(item).get(method)
                if node is not None:
                    parameters = [self.follow(p) for p in (*item.get("parameters", ()), *node.get("parameters", ()))]
                    yield Operation(node.get("operationId", f"{method} {template}"), method, template, node, tuple(parameters))

    def _unacceptable(self, operation: Operation, request: Request) -> list[str]:
        """Whether the Accept header leaves out every media type of a good reply."""
        accepted = {part.split(";")[0].strip().lower() for part in request.headers.get("Accept", "*/*").split(",")}
        good = [self.follow(r) for status, r in operation.node["responses"].items() if str(status).startswith("2")]
        offered = {kind.split(";")[0].strip().lower() for r in good for kind in r.get("content", {})}
        fits = not offered or "*/*" in accepted or accepted & offered
        return [] if fits else [f"Accept leaves out every documented media type: {sorted(offered)}"]


@lru_cache
def opened(path: str, base_path: str, amends: tuple[Any, ...], credentials: tuple[tuple[str, str], ...]) -> Specification | None:
    """The specification, once for a session; None where its file is not at hand. `amends` mend a copy of the document."""
    file = found(path)
    if file is None:
        return None
    document = deepcopy(read(file))
    for amend in amends:
        amend.mend(document)
    pointers.straighten(document)
    return Specification(document, base_path, dict(credentials))


class _Asked:
    """A request as openapi-core wants it."""

    def __init__(self, origin: str, request: Request, credentials: Mapping[str, str]) -> None:
        parts = urlsplit(request.target)
        self.host_url = origin
        self.path = parts.path
        self.method = request.method.lower()
        self.body = request.body or None
        headers = Headers(list({**credentials, **request.headers}.items()))
        self.content_type = headers.get("Content-Type", "application/json")
        query = ImmutableMultiDict(parse_qsl(parts.query, keep_blank_values=True))
        self.parameters = RequestParameters(query=query, header=headers, cookie=ImmutableMultiDict(), path={})


class _Told:
    """A reply as openapi-core wants it."""

    def __init__(self, reply: Reply) -> None:
        self.status_code = reply.status
        self.data = reply.body
        self.content_type = reply.content_type
        self.headers = Headers(list(reply.headers.items()))


def _json(data: bytes, **_parameters: str) -> Any:
    return json.loads(data)


def _media_types(node: Any) -> set[str]:
    """Every media type that stands in a `content` of the document, without its parameters."""
    if isinstance(node, list):
        return {kind for inner in node for kind in _media_types(inner)}
    if not isinstance(node, dict):
        return set()
    content = node.get("content")
    own = {kind.split(";")[0].strip() for kind in content if isinstance(kind, str)} if isinstance(content, dict) else set()
    return own | {kind for inner in node.values() for kind in _media_types(inner)}


def _words(error: BaseException) -> str:
    """What is wrong, in the schema's own words where there are any; not the whole value."""
    found: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        under = [_innermost(e) for e in getattr(cause, "schema_errors", ())]
        found = under or ([*found, _short(str(cause) or type(cause).__name__)])
        cause = cause.__cause__
    return "; ".join(found)


def _innermost(error: ValidationError) -> str:
    """Where none of several alternatives fits: what is wrong with the one that was meant, by what it calls itself."""
    while error.context:
        meant: dict[Any, list[ValidationError]] = {}
        for under in error.context:
            meant.setdefault(under.schema_path[0], []).append(under)
        error = min(meant.values(), key=lambda errors: (any(e.path and e.path[-1] in _NAMES for e in errors), len(errors)))[0]
    return f"{'/'.join(str(part) for part in error.absolute_path)}: {_short(error.message)}"


def _short(text: str) -> str:
    """The end of a message says what is wrong; its beginning is the value."""
    return text if len(text) <= _LONGEST else f"… {text[-_LONGEST:]}"


def _shape(target: str) -> str:
    return re.sub(r"\d{5,}", "…", target)
