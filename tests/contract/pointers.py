"""References inside a document. The published ones were joined from many files, and some lead through other references,
which JSON Pointer does not follow: they are made straight, so that every validator finds what they mean."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote


def followed(document: Any, value: Any) -> Any:
    """The value itself, where it is a reference into the document."""
    while _is_reference(value):
        value = _walk(document, value["$ref"])[1]
    return value


def straighten(document: Any) -> None:
    """Rewrites every reference within the document so that it leads to its end in one way."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if _is_reference(node) and node["$ref"].startswith("#/"):
            node["$ref"] = "#/" + "/".join(_escaped(part) for part in _walk(document, node["$ref"])[0])
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("$ref"), str)


def _walk(document: Any, reference: str) -> tuple[list[str], Any]:
    """Where a reference really leads, as a path from the top, and what is there."""
    path: list[str] = []
    value = document
    for part in unquote(reference.removeprefix("#/")).split("/"):
        while _is_reference(value):
            path, value = _walk(document, value["$ref"])
        key = part.replace("~1", "/").replace("~0", "~")
        path = [*path, key]
        value = value[int(key)] if isinstance(value, list) else value[key]
    return path, value


def _escaped(part: str) -> str:
    return quote(part.replace("~", "~0").replace("/", "~1"), safe="~$'()*,;:@!&=+-._")
