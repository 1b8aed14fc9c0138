"""A body made from a schema, for documented replies that have no example."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.contract.specification import Specification

_DEEPEST = 14
_BY_FORMAT = {
    "date": "2026-11-20",
    "date-time": "2026-11-20T09:30:00Z",
    "uuid": "60e0b220-8136-4ca5-ae46-1d97ef59d068",
    "uri": "https://example.org/thing",
    "email": "someone@example.org",
}


def variants(specification: Specification, schema: Any) -> Iterator[tuple[str, Any]]:
    """(name, body): one for each alternative at the top of the schema, else one alone."""
    schema = specification.follow(schema)
    alternatives = schema.get("oneOf") or schema.get("anyOf") or ()
    for number, alternative in enumerate(alternatives, 1):
        yield str(specification.follow(alternative).get("title", f"alternative-{number}")), made(specification, alternative)
    if not alternatives:
        yield "schema", made(specification, schema)


def made(specification: Specification, schema: Any, depth: int = 0) -> Any:
    """The schema's own example where it gives one, else the least surprising value with every property it names."""
    schema = specification.follow(schema)
    for word in ("example", "const", "default"):
        if word in schema:
            return specification.whole(schema[word])
    if schema.get("enum"):
        return schema["enum"][0]
    if "allOf" in schema:
        return _merged(specification, schema, depth)
    for word in ("oneOf", "anyOf"):
        if schema.get(word):
            return made(specification, schema[word][0], depth)
    if schema.get("type") == "array" or "items" in schema:
        return [made(specification, schema.get("items", {}), depth + 1)] if depth < _DEEPEST else []
    if schema.get("type") == "object" or "properties" in schema:
        return _object(specification, schema, depth)
    return _plain(schema)


def _object(specification: Specification, schema: Any, depth: int) -> dict[str, Any]:
    named = schema.get("properties", {})
    if depth >= _DEEPEST:
        named = {name: inner for name, inner in named.items() if name in schema.get("required", ())}
    return {name: made(specification, inner, depth + 1) for name, inner in named.items()}


def _merged(specification: Specification, schema: Any, depth: int) -> Any:
    whole: dict[str, Any] = {}
    for part in (*schema["allOf"], {"properties": schema.get("properties", {}), "type": "object"}):
        value = made(specification, part, depth)
        if not isinstance(value, dict):
            return value
        whole |= value
    return whole


def _plain(schema: Any) -> Any:
    match schema.get("type"):
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "string":
            return _BY_FORMAT.get(schema.get("format", ""), "text")
        case _:
            return {}
