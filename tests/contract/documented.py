"""Every reply that a specification documents for an operation: each status, each example, each error code it lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.contract.generated import variants
from tests.contract.messages import Reply
from tests.contract.specification import Operation, Specification

_WRAPPER = {"summary", "description", "value", "externalValue"}
_OF_RANGE = {"2": (200,), "3": (302,), "4": (400, 401, 403, 404, 405, 408, 409, 415, 422, 429), "5": (500, 502, 503, 504)}
"""Statuses served for a range ("4XX") whose description lists none."""
Listed = tuple[tuple[int, str], ...]
"""(status, code) of each line of a description's table of errors."""
_WORD = re.compile(r"[A-Za-z][\w.-]*")


@dataclass(frozen=True)
class DocumentedReply:
    """`name` says which of the replies of that status it is: an example's name, an error code, or "schema"."""

    operation: str
    status: int
    name: str
    body: Any
    reply: Reply


def replies(specification: Specification, operation: Operation) -> Iterator[DocumentedReply]:
    """Each once, whatever the number of media types: JSON where there is any, since that is what the desk accepts."""
    seen = set()
    for status, response in operation.node["responses"].items():
        for one in _of_response(specification, operation.id, str(status), specification.follow(response)):
            if (one.status, one.name) not in seen:
                seen.add((one.status, one.name))
                yield one


def example(specification: Specification, operation: str, name: str) -> Any:
    """The body of a named example of a good reply."""
    return next(r.body for r in replies(specification, specification.operations[operation]) if r.name == name and r.status < 300)


def codes(body: Any) -> tuple[str, ...]:
    """The error codes that stand in a body, in the two shapes that the NHS's services use."""
    if not isinstance(body, dict):
        return ()
    found = [error.get("code") for error in body.get("errors") or ()]
    for issue in body.get("issue") or ():
        found += [coding.get("code") for coding in issue.get("details", {}).get("coding", ())] + [issue.get("code")]
    return tuple(code for code in found if isinstance(code, str))


def _of_response(specification: Specification, operation: str, status: str, response: Mapping[str, Any]) -> Iterator[DocumentedReply]:
    listed = _listed(response.get("description", ""), status)
    kind, media = _media(specification, response.get("content") or {})
    headers = _headers(specification, response.get("headers") or {})
    for example, body in _bodies(specification, media):
        for at, code, name in _statuses(status, listed, example, body):
            told = _with_code(body, code) if code else body
            data = b"" if told is None else told.encode() if isinstance(told, str) else json.dumps(told).encode()
            yield DocumentedReply(operation, at, name, told, Reply(at, data, kind, headers))


def _media(specification: Specification, content: Mapping[str, Any]) -> tuple[str, Any]:
    """The media type to serve with its object: JSON before text, nothing of a reply without content."""
    order = sorted(content, key=lambda kind: ("json" not in kind, "text" not in kind))
    return (order[0], specification.follow(content[order[0]])) if order else ("text/html", None)


def _bodies(specification: Specification, media: Any) -> Iterator[tuple[str, Any]]:
    if media is None:
        yield "empty", None
        return
    named = specification.follow(media.get("examples") or {})
    for name, example in named.items():
        held = specification.follow(example)
        # Some documents leave the wrapper out and print the body itself.
        yield name, specification.whole(held.get("value") if set(held) <= _WRAPPER else held)
    if "example" in media:
        yield "example", specification.whole(media["example"])
    schema = specification.follow(media.get("schema") or {})
    if not named and "example" not in media:
        yield from variants(specification, schema)


def _statuses(status: str, listed: Listed, example: str, body: Any) -> list[tuple[int, str, str]]:
    """(status, code to put in or "", name of the reply). An error whose code the description lists stands for its own line
    and, with their codes put in, for the other lines; one without a code stands for every status listed."""
    if status.startswith("2") and status.isdigit():
        return [(int(status), "", example)]
    if not listed:
        return [(int(status), "", example)] if status.isdigit() else [(at, "", example) for at in _OF_RANGE[status[0]]]
    own = codes(body)
    if not own:
        return [(at, "", example) for at in dict.fromkeys(at for at, _ in listed)]
    here = [(at, "", example) for at, code in listed if code in own]
    return (here or [(listed[0][0], "", example)]) + [(at, code, code) for at, code in listed if code not in own]


def _listed(description: str, status: str) -> Listed:
    """(status, code) of each line of the description's table of errors; a table without statuses takes the response's."""
    found: list[tuple[int, str]] = []
    columns: list[str] = []
    for line in description.splitlines():
        cells = [cell.strip().strip("`").strip() for cell in line.strip().strip("|").split("|")] if "|" in line else []
        if not cells:
            columns = []
        elif not columns:
            columns = [cell.casefold() for cell in cells]
        elif (code := _cell(columns, cells, "error code", "issue.details.code", "issue.details.coding.code")) and _WORD.fullmatch(code):
            at = _cell(columns, cells, "http status", "http code") or status
            found += [(int(at), code)] if at.isdigit() else []
    return tuple(found)


def _cell(columns: list[str], cells: list[str], *names: str) -> str:
    return next((cell for column, cell in zip(columns, cells, strict=False) if column in names), "")


def _with_code(body: Any, code: str) -> Any:
    """The same error with another code: a general one of FHIR, in small letters, in its own place; else the service's."""
    told = deepcopy(body)
    if told.get("errors"):
        told["errors"][0]["code"] = code
    elif told.get("issue") and code.islower():
        told["issue"][0]["code"] = code
    elif told.get("issue"):
        told["issue"][0].setdefault("details", {}).setdefault("coding", [{}])[0]["code"] = code
    return told


def _headers(specification: Specification, headers: Mapping[str, Any]) -> dict[str, str]:
    """The documented headers that give an example."""
    given: dict[str, str] = {}
    for name, header in specification.follow(headers).items():
        header = specification.follow(header)
        if not isinstance(header, dict):
            continue
        example = header.get("example", specification.follow(header.get("schema") or {}).get("example"))
        if isinstance(example, str | int) and name.isascii() and "\n" not in str(example):
            given[name] = str(example)
    return given
