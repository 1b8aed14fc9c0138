"""One page of a search: what matched, what was sent along, what the server says of itself, and where the next page is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import Piece, read

_LESS_THAN_ASKED = frozenset(
    {
        "suppressed",
        "forbidden",
        "security",
        "login",
        "expired",
        "transient",
        "exception",
        "timeout",
        "incomplete",
        "throttled",
        "too-costly",
        "lock-error",
        "no-store",
    }
)
"""Issue types that mean that something was left out, whatever their severity. Source: FHIR R4, IssueType."""


class _Search(Piece):
    mode: str = ""


class _Entry(Piece):
    full_url: str = Field(default="", alias="fullUrl")
    resource: dict[str, Any]
    search: _Search = _Search()


class _Link(Piece):
    relation: str
    url: str


class _Bundle(Piece):
    kind: Literal["Bundle"] = Field(alias="resourceType")
    type: Literal["searchset"]
    total: int | None = None
    link: list[_Link] = Field(default_factory=list)
    entry: list[_Entry] = Field(default_factory=list)


class _Issue(Piece):
    severity: str
    code: str


class _Outcome(Piece):
    issue: list[_Issue] = Field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """`along` are resources sent for their names, each with its full address. `partial`: the server says that it left
    something out. `next_url` is "" on the last page. `total` is what the server counts over every page, 0 where it does not
    count."""

    matches: tuple[dict[str, Any], ...]
    along: tuple[tuple[str, dict[str, Any]], ...]
    partial: bool
    next_url: str
    total: int = 0


def page_of(body: Any, resource: str, label: str, *, first: bool) -> Page:
    """Raises ConnectorUnavailable for any other shape, and for a match that is no `resource`."""
    bundle = read(_Bundle, body, label)
    matches: list[dict[str, Any]] = []
    along: list[tuple[str, dict[str, Any]]] = []
    partial = False
    for entry in bundle.entry:
        kind, mode = entry.resource.get("resourceType"), entry.search.mode
        if kind == "OperationOutcome":
            partial |= _leaves_out(entry.resource, label)
        elif kind == resource and mode in ("", "match"):
            matches.append(entry.resource)
        elif mode in ("", "include") and isinstance(kind, str):
            along.append((entry.full_url, entry.resource))
        else:
            raise misunderstood(label)
    onward = [link.url for link in bundle.link if link.relation == "next"]
    if len(onward) > 1 or (onward and not onward[0]):
        raise misunderstood(label)
    if first and bundle.total and not matches and not partial and not onward:
        raise misunderstood(label)
    return Page(tuple(matches), tuple(along), partial, onward[0] if onward else "", bundle.total or 0)


def _leaves_out(outcome: dict[str, Any], label: str) -> bool:
    issues = read(_Outcome, outcome, label).issue
    return any(i.severity in ("error", "fatal") or (i.severity == "warning" and i.code in _LESS_THAN_ASKED) for i in issues)
