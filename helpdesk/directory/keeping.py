"""Organisations and services as text that can be kept, and back; and a place to keep them where there is no database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from helpdesk.clock import Clock
from helpdesk.directory.model import CareService, Organisation
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import OdsCode

T = TypeVar("T")


class MemoryKept:
    """Kept for as long as the program runs (Kept)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[tuple[str, str], tuple[str, datetime]] = {}

    def get(self, source: str, key: str) -> tuple[str, datetime] | None:
        return self._held.get((source, key))

    def put(self, source: str, key: str, value: str) -> None:
        self._held[source, key] = value, self._clock.now()

    def all_of(self, source: str) -> Sequence[tuple[str, str, datetime]]:
        return tuple((key, value, at) for (held, key), (value, at) in self._held.items() if held == source)


def organisations_text(found: Sequence[Organisation]) -> str:
    return _text(found)


def services_text(found: Sequence[CareService]) -> str:
    return _text(found)


def organisations_in(text: str, at: datetime) -> tuple[Organisation, ...] | None:
    """None where the text is not one that was made here."""

    def one(held: dict[str, Any]) -> Organisation:
        lines = tuple(held["address_lines"])
        return Organisation(**{**held, "ods": OdsCode(held["ods"]["value"]), "address_lines": lines}, as_at=at)

    return _held(text, one)


def services_in(text: str, at: datetime) -> tuple[CareService, ...] | None:
    """None where the text is not one that was made here."""

    def one(held: dict[str, Any]) -> CareService:
        code = held["organisation"]
        lines, opening = tuple(held["address_lines"]), tuple(held["opening"])
        organisation = OdsCode(code["value"]) if code else None
        return CareService(**{**held, "organisation": organisation, "address_lines": lines, "opening": opening}, as_at=at)

    return _held(text, one)


def _text(found: Sequence[Organisation | CareService]) -> str:
    return json.dumps([{k: v for k, v in asdict(one).items() if k != "as_at"} for one in found], ensure_ascii=False)


def _held(text: str, one: Callable[[dict[str, Any]], T]) -> tuple[T, ...] | None:
    try:
        held = json.loads(text)
        return tuple(one(entry) for entry in held) if isinstance(held, list) else None
    except (ValueError, TypeError, KeyError, RuleBroken):
        return None
