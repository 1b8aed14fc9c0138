"""What a provider's system last said of one person, kept for when it cannot answer."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from helpdesk.desk.ports import Observations
from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded

_KEY = "activity"
_REMEMBERED = 400
"""Of so many answers this desk remembers, as hashes, what it kept last; of any other it keeps what it is told."""


class KeptActivity:
    """Whole answers as observations: a new one only where something changed or the day did, the newest read back."""

    def __init__(self, observations: Observations | None) -> None:
        self._observations = observations
        self._told: OrderedDict[tuple[str, NhsNumber], tuple[bytes, date]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, source: str, number: NhsNumber, items: Sequence[Activity], now: datetime) -> None:
        if self._observations is None:
            return
        facts = [_facts(item) for item in items]
        told = (hashlib.sha256(json.dumps(facts).encode()).digest(), now.date())
        with self._lock:
            known = self._told.get((source, number))
        if known != told:  # but for when it was asked, it differs from what this desk kept last today
            dated = [made | {"as_at": _iso(item.as_at)} for made, item in zip(facts, items, strict=True)]
            self._observations.keep(source, number, _KEY, now.isoformat(), json.dumps(dated))
        with self._lock:
            self._told[source, number] = told
            self._told.move_to_end((source, number))
            if len(self._told) > _REMEMBERED:
                self._told.popitem(last=False)

    def latest(self, source: str, number: NhsNumber) -> tuple[tuple[Activity, ...], datetime] | None:
        """The items of the last whole answer and when it was given; None where there never was one."""
        held = self._newest(source, number)
        if held is None:
            return None
        as_at, payload = held
        return tuple(_read(source, number, item) for item in json.loads(payload)), as_at

    def _newest(self, source: str, number: NhsNumber) -> tuple[datetime, str] | None:
        rows = self._observations.latest(source, number) if self._observations is not None else ()
        return next(((datetime.fromisoformat(as_at), payload) for key, as_at, payload in rows if key == _KEY and as_at), None)


def activities_of(number: NhsNumber, kept: Iterable[tuple[str, str, str, str]]) -> tuple[Activity, ...]:
    """The items of each source's last whole answer among what was kept of one person (source, key, as_at, payload)."""
    return tuple(
        _read(source, number, item) for source, key, as_at, payload in kept if key == _KEY and as_at for item in json.loads(payload)
    )


def _facts(item: Activity) -> dict[str, Any]:
    """All of it but when it was true, which for most sources is when they were asked."""
    made = {
        "kind": item.kind.value,
        "status": item.status.value,
        "id": item.id,
        "provider": item.provider.value if item.provider else None,
        "specialty": [item.specialty.code, item.specialty.name],
        "ubrn": item.ubrn.value if item.ubrn else None,
        "pathway_id": [item.pathway_id.value, item.pathway_id.issuer] if item.pathway_id else None,
        "local_id": item.local_id,
        "place": item.place,
        "medium": item.medium,
        "ask_team": item.ask_team,
    }
    return made | {name: _iso(getattr(item, name)) for name in ("start", "referred", "clock_start", "due")}


def _read(source: str, number: NhsNumber, held: dict[str, Any]) -> Activity:
    return Activity(
        nhs_number=number,
        kind=ActivityKind(held["kind"]),
        status=ActivityStatus(held["status"]),
        id=held["id"],
        provider=OdsCode(held["provider"]) if held["provider"] else None,
        specialty=Coded(*held["specialty"]),
        ubrn=Ubrn(held["ubrn"]) if held["ubrn"] else None,
        pathway_id=PathwayId(*held["pathway_id"]) if held["pathway_id"] else None,
        local_id=held["local_id"],
        start=_moment(held["start"]),
        place=held["place"],
        medium=held["medium"],
        referred=_day(held["referred"]),
        clock_start=_day(held["clock_start"]),
        due=_day(held["due"]),
        ask_team=held["ask_team"],
        source=source,
        as_at=_moment(held["as_at"]),
    )


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
