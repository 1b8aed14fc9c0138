"""The names of places and services, and the codes of organisations, that came along with what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.fhir import Identifier, read
from connectors.fhir_activity import ods_of
from connectors.fhir_r4.pieces import Actor, Named
from connectors.text import plain
from helpdesk.identifiers import OdsCode

_KINDS = ("Location", "HealthcareService", "Organization")


class Places:
    """Those of one page, by every way in which it may refer to them."""

    def __init__(self, along: Iterable[tuple[str, dict[str, Any]]], label: str) -> None:
        self._label = label
        self._named: dict[str, Named] = {}
        for full_url, resource in along:
            if resource.get("resourceType") in _KINDS:
                named = read(Named, resource, label)
                self._named |= {f"{named.kind}/{named.id}": named, full_url: named}

    def place(self, actors: Iterable[Actor], contained: list[dict[str, Any]]) -> str:
        """The first place that has a name, else the first service; "" where there is neither."""
        held = list(actors)
        for kind in ("Location", "HealthcareService"):
            for actor in held:
                named = self._find(actor, contained)
                if self._kind(actor, named) == kind and (name := plain((named.name if named else "") or actor.display)):
                    return name
        return ""

    def organisation(self, actors: Iterable[Actor], contained: list[dict[str, Any]]) -> OdsCode | None:
        """The first organisation whose code is said."""
        for actor in actors:
            named = self._find(actor, contained)
            if self._kind(actor, named) in ("Organization", ""):
                codes = [actor.identifier, *(named.identifier if named else [])]
                found = next((code for code in map(_code, codes) if code), None)
                if found:
                    return found
        return None

    def _find(self, actor: Actor, contained: list[dict[str, Any]]) -> Named | None:
        if actor.reference.startswith("#"):
            held = [c for c in contained if f"#{c.get('id')}" == actor.reference and c.get("resourceType") in _KINDS]
            return read(Named, held[0], self._label) if held else None
        return self._named.get(actor.reference) or self._named.get(last(actor.reference)) if actor.reference else None

    @staticmethod
    def _kind(actor: Actor, named: Named | None) -> str:
        return named.kind if named else actor.type or last(actor.reference).partition("/")[0]


def _code(identifier: Identifier) -> OdsCode | None:
    return ods_of(identifier)


def last(reference: str) -> str:
    """The kind and id of a reference, also of an absolute or a versioned one."""
    return "/".join(reference.split("/_history/", 1)[0].split("/")[-2:])
