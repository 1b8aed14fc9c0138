"""Rows of an extract as they go into the tables: made without a database, so that another process can make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from helpdesk.errors import RuleBroken
from helpdesk.extracts.model import ExtractKind
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import ListRow
from helpdesk.patients.model import PersonRow
from helpdesk.storage.payloads import facts_text, location_text
from helpdesk.storage.search_keys import MARK, identity_keys, location_keys

Row = PersonRow | ListRow | ClockEvent | ReferralRow | Activity
Piece = tuple[str, list[tuple[Any, ...]]]
"""Some rows of one table, each in the order of COLUMNS."""

PERSON = ("origin", "row_no", "number", "number_status", "sensitivity", "source", "as_at", "born", "facts", "location")
KEY = ("kind", "value", "origin", "row_no", "born")
PLACE = ("origin", "row_no", "number")
LIST = (
    *("provider", "week_ending", "list_kind", "local_patient_id", "pathway_id", "pathway_issuer", "ubrn", "treatment_function"),
    *("referral_received", "original_referral_received", "clock_start", "clock_stop", "rtt_status", "next_outpatient"),
    *("next_admission", "last_attended", "last_missed", "cancelled", "due", "ask_team", "source", "no_range"),
)
CLOCK = (
    *("provider", "as_at", "day", "move", "rtt_status", "local_patient_id", "pathway_id", "pathway_issuer", "ubrn"),
    *("treatment_function", "source"),
)
REFERRAL = (
    *("provider", "as_at", "sent", "received", "accepted", "closed", "outcome", "referrer", "local_patient_id"),
    *("pathway_id", "pathway_issuer", "ubrn", "treatment_function", "source"),
)
ACTIVITY = (
    *("provider", "kind", "status", "item", "specialty_code", "specialty_name", "ubrn", "pathway_id", "pathway_issuer", "local_id"),
    *("start", "place", "medium", "referred", "clock_start", "due", "ask_team", "source", "as_at"),
)
COLUMNS = {
    "person": (*PERSON, "keys", "location_keys"),
    "person_key": KEY,
    "list_row": (*PLACE, *LIST),
    "clock_event": (*PLACE, *CLOCK),
    "referral_row": (*PLACE, *REFERRAL),
    "activity_row": (*PLACE, *ACTIVITY),
}
NUMBER, STATUS, SENSITIVITY = 2, 3, 4
"""Where these stand in a row of `person`; the number stands there in every other table but `person_key`."""
LOCATION = (PERSON.index("location"), len(PERSON) + 1)
_SAID_BY_A_PLACE = {"referral_row": ("referrer", None), "activity_row": ("place", "")}
"""What of a row says where a person is, and what stands there for whoever is known as restricted."""
_ROWS_SORTED = 20_000
_KEYS_SORTED = 400_000
_KEYS_AT_ONCE = 5_000
_ROWS_AT_ONCE = 2_000


class Preparation:
    """Makes the pieces of one staged snapshot. Rows are sorted by NHS number and keys by their value, many at a time:
    what goes into an index in its order touches few of its pages, and a short transaction writes whole pages."""

    def __init__(self, kind: ExtractKind, origin: int, *, moments_with_zone: bool, first: int = 0) -> None:
        self.table, self.model, self._make = _MAKERS[kind.held_as]
        self._origin, self._next, self._zone = origin, first, "+00:00" if moments_with_zone else ""
        self._rows: list[tuple[Any, ...]] = []
        self._keys: list[str] = []

    def take(self, rows: Iterable[Row]) -> Iterator[Piece]:
        """Raises RuleBroken for a row of another kind than the snapshot holds."""
        model, make, held = self.model, self._make, self._rows
        for row in rows:
            if not isinstance(row, model):
                raise RuleBroken("This extract holds rows of another kind than it says.")
            held.append(make(row))
            if len(held) >= _ROWS_SORTED:
                yield from self._sorted_rows()

    def unsorted(self, rows: Iterable[Row]) -> list[tuple[Any, ...]]:
        """Rows in their own order, for whoever measures what the order is worth."""
        return [(self._origin, no, *self._make(row)) for no, row in enumerate(rows, self._next)]

    def rest(self) -> Iterator[Piece]:
        """What was held back to be sorted, once all rows were taken."""
        yield from self._sorted_rows()
        yield from self._sorted_keys()

    def _sorted_rows(self) -> Iterator[Piece]:
        origin, first = self._origin, self._next
        self._rows.sort(key=lambda row: row[0])
        rows = [(origin, no, *row) for no, row in enumerate(self._rows, first)]
        self._next += len(rows)
        self._rows.clear()
        if self.table == "person":
            rows = self._persons(rows)
        for at in range(0, len(rows), _ROWS_AT_ONCE):
            yield self.table, rows[at : at + _ROWS_AT_ONCE]
        if len(self._keys) >= _KEYS_SORTED:
            yield from self._sorted_keys()

    def _persons(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        as_at, born, keys, places = (COLUMNS["person"].index(name) for name in ("as_at", "born", "keys", "location_keys"))
        held = self._keys
        for row in rows:
            behind = f"{MARK}{row[1]:010}{MARK}{row[born]}"
            held += [entry + behind for entry in row[keys].split(MARK) if entry]
            if row[places]:
                held += [entry + behind for entry in row[places].split(MARK) if entry]
        return [(*row[:as_at], row[as_at] + self._zone, *row[as_at + 1 :]) for row in rows] if self._zone else rows

    def _sorted_keys(self) -> Iterator[Piece]:
        keys, self._keys = self._keys, []
        keys.sort()
        for at in range(0, len(keys), _KEYS_AT_ONCE):
            yield "person_key", [self._key(packed) for packed in keys[at : at + _KEYS_AT_ONCE]]

    def _key(self, packed: str) -> tuple[Any, ...]:
        entry, row_no, born = packed.split(MARK)
        kind, _, value = entry.partition("=")
        return kind, value, self._origin, int(row_no), born


def without_places(table: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as it may be kept of whoever is known as restricted."""
    if table == "person":
        first, second = LOCATION
        return (*row[:first], None, *row[first + 1 : second], None, *row[second + 1 :])
    if table not in _SAID_BY_A_PLACE:
        return row
    column, nothing = _SAID_BY_A_PLACE[table]
    at = COLUMNS[table].index(column)
    return (*row[:at], nothing, *row[at + 1 :])


def _person(row: PersonRow) -> tuple[Any, ...]:
    patient = row.patient
    located = patient.address or patient.phones or patient.emails or patient.practice or patient.removal
    born = patient.born.iso if patient.born else ""
    return (
        patient.nhs_number.value,
        row.nhs_number_status,
        patient.sensitivity.value,
        patient.source,
        _moment(patient.as_at),
        born,
        facts_text(patient, born),
        location_text(patient) if located else None,
        identity_keys(patient),
        location_keys(patient) or None,
    )


@lru_cache(maxsize=100)
def _moment(moment: datetime) -> str:
    """As SQLAlchemy writes a moment into SQLite; PostgreSQL is told the zone behind it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _list_row(row: ListRow) -> tuple[Any, ...]:
    return (
        row.nhs_number.value,
        row.provider.value,
        row.week_ending.isoformat(),
        row.list_kind.value,
        row.local_patient_id,
        *_named(row),
        row.treatment_function,
        *map(_iso, (row.referral_received, row.original_referral_received, row.clock_start, row.clock_stop)),
        row.rtt_status,
        *map(_iso, (row.next_outpatient, row.next_admission, row.last_attended, row.last_missed, row.cancelled, row.due)),
        int(row.ask_team),
        row.source,
        int(row.no_range),
    )


def _clock_event(row: ClockEvent) -> tuple[Any, ...]:
    return (
        row.nhs_number.value,
        row.provider.value,
        row.as_at.isoformat(),
        row.day.isoformat(),
        row.move.value,
        row.rtt_status,
        row.local_patient_id,
        *_named(row),
        row.treatment_function,
        row.source,
    )


def _referral_row(row: ReferralRow) -> tuple[Any, ...]:
    return (
        row.nhs_number.value,
        row.provider.value,
        row.as_at.isoformat(),
        *map(_iso, (row.sent, row.received, row.accepted, row.closed)),
        row.outcome,
        row.referrer.value if row.referrer else None,
        row.local_patient_id,
        *_named(row),
        row.treatment_function,
        row.source,
    )


def _activity(row: Activity) -> tuple[Any, ...]:
    ubrn = row.ubrn.value if row.ubrn else None
    pathway = (row.pathway_id.value, row.pathway_id.issuer) if row.pathway_id else (None, None)
    return (
        row.nhs_number.value,
        row.provider.value if row.provider else None,
        row.kind.value,
        row.status.value,
        row.id,
        row.specialty.code,
        row.specialty.name,
        ubrn,
        *pathway,
        row.local_id,
        _iso(row.start),
        row.place,
        row.medium,
        *map(_iso, (row.referred, row.clock_start, row.due)),
        int(row.ask_team),
        row.source,
        _iso(row.as_at),
    )


def _named(row: ListRow | ClockEvent | ReferralRow) -> tuple[str | None, str | None, str | None]:
    pathway = row.pathway_id
    return pathway.value if pathway else None, pathway.issuer if pathway else None, row.ubrn.value if row.ubrn else None


def _iso(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None


_MAKERS: dict[ExtractKind, tuple[str, type[Row], Callable[[Any], tuple[Any, ...]]]] = {
    ExtractKind.PERSONS: ("person", PersonRow, _person),
    ExtractKind.OPEN_PATHWAYS: ("list_row", ListRow, _list_row),
    ExtractKind.CLOCKS: ("clock_event", ClockEvent, _clock_event),
    ExtractKind.REFERRALS: ("referral_row", ReferralRow, _referral_row),
    ExtractKind.ACTIVITY: ("activity_row", Activity, _activity),
}
TABLES = tuple(COLUMNS)
