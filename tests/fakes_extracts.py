"""Stand-ins for the import of extracts: a snapshot store in memory, and helpers that write small files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from helpdesk.audit import AuditEvent
from helpdesk.desk.ports import Piece, Row
from helpdesk.errors import StorageError
from helpdesk.extracts.columns import OPEN_PATHWAYS, PERSONS
from helpdesk.extracts.model import Profile, Snapshot

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
WEEK = "2026-11-15"
NUMBER, OTHER_NUMBER = "9993000019", "9993000027"

PATHWAY = {
    "WEEK_ENDING_DATE": WEEK,
    "WAITING_LIST_TYPE": "ORTT",
    "NHS_NUMBER": NUMBER,
    "NHS_NUMBER_STATUS": "01",
    "PERSON_BIRTH_DATE": "1950-01-01",
    "LOCAL_PATIENT_IDENTIFIER": "F1234567",
    "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER": "XFC01",
    "PATIENT_PATHWAY_IDENTIFIER": "XFC01000000000001",
    "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER": "XFC01",
    "ACTIVITY_TREATMENT_FUNCTION_CODE": "110",
    "REFERRAL_REQUEST_RECEIVED_DATE": "2026-03-01",
    "REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "2026-03-03",
    "REFERRAL_TO_TREATMENT_PERIOD_STATUS": "10",
}
PERSON = {
    **dict.fromkeys(PERSONS, ""),
    "nhs_number": NUMBER,
    "nhs_number_status": "01",
    "family_name": "Smith",
    "given_names": "Jane;Mary",
    "date_of_birth": "1950-01-01",
    "gender": "female",
    "postcode": "zz991ab",
    "phone_mobile": "07700 900101;07700900102",
    "sensitivity": "U",
}


class FixedClock:
    def now(self) -> datetime:
        return NOW


def text_of(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, tuple(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def pathways(path: Path, *rows: Mapping[str, str], also: Sequence[str] = ()) -> Path:
    """A file of these rows, each given as what differs from PATHWAY; its own pathway identifier unless it says one."""
    whole = [{**PATHWAY, "PATIENT_PATHWAY_IDENTIFIER": f"XFC01{n:012}", **row} for n, row in enumerate(rows)]
    path.write_text(text_of((*OPEN_PATHWAYS, *also), whole), encoding="utf-8", newline="")
    return path


def persons(path: Path, *rows: Mapping[str, str]) -> Path:
    path.write_text(text_of(PERSONS, [{**PERSON, **row} for row in rows]), encoding="utf-8", newline="")
    return path


class AsTheyAre:
    """A preparation that prepares nothing."""

    def take(self, rows: Iterable[Row]) -> Iterator[Piece]:
        yield "rows", [(row,) for row in rows]

    def rest(self) -> Iterator[Piece]:
        return iter(())


@dataclass
class MemorySnapshots:
    """The port `SnapshotStore`, in memory. `fail_at` makes the adding of that many rows fail as a full disk does."""

    clock: FixedClock = field(default_factory=FixedClock)
    fail_at: int | None = None
    events: list[AuditEvent] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    _all: dict[str, Snapshot] = field(default_factory=dict)
    _rows: dict[str, list[Row]] = field(default_factory=dict)

    def stage(self, profile: Profile, as_at: date, provider: str, source: str, imported_by: str) -> str:
        snapshot_id = f"snapshot-{len(self._all)}"
        self._all[snapshot_id] = Snapshot(
            snapshot_id, profile.kind, provider, as_at, 0, profile.sha256, self.clock.now(), imported_by, live=False
        )
        self._rows[snapshot_id] = []
        return snapshot_id

    def add(self, snapshot_id: str, rows: Iterable[Row]) -> None:
        batch = list(rows)
        self.batches.append(len(batch))
        self._rows[snapshot_id] += batch
        if self.fail_at is not None and len(self._rows[snapshot_id]) >= self.fail_at:
            raise StorageError("The disk is full.")

    def preparation(self, snapshot_id: str) -> AsTheyAre:  # the port's names
        return AsTheyAre()

    def put(self, snapshot_id: str, pieces: Iterable[Piece]) -> int:
        done = 0
        for _, rows in pieces:
            self.add(snapshot_id, [row for (row,) in rows])
            done += len(rows)
        return done

    def settle(self, snapshot_id: str, profile: Profile, as_at: date) -> None:
        self._all[snapshot_id] = replace(
            self._all[snapshot_id], kind=profile.kind, provider=profile.provider, as_at=as_at, sha256=profile.sha256
        )

    def clean(self) -> None:
        return

    def go_live(self, snapshot_id: str, event: AuditEvent, *, any_week: bool = False) -> None:  # the port's names
        staged = self._all[snapshot_id]
        for former in self.live():
            if (former.kind, former.provider) == (staged.kind, staged.provider):
                self._all[former.id] = replace(former, live=False)
        self._all[snapshot_id] = replace(staged, live=True, rows=len(self._rows[snapshot_id]))
        self.events.append(event)

    def discard(self, snapshot_id: str) -> None:
        del self._all[snapshot_id], self._rows[snapshot_id]

    def snapshots(self) -> Sequence[Snapshot]:
        return [s for s in reversed(self._all.values()) if s.rows or s.live]

    def has(self, sha256: str) -> bool:
        return any(s.sha256 == sha256 for s in self.live())

    def live(self) -> list[Snapshot]:
        return [s for s in self._all.values() if s.live]

    def live_rows(self) -> list[Row]:
        return [row for s in self.live() for row in self._rows[s.id]]

    def staged(self) -> list[str]:
        """Snapshots that were never live: nothing may be left here after an import, whatever came of it."""
        return [s.id for s in self._all.values() if not s.live and not s.rows]


@dataclass
class NotedAudit:
    events: list[AuditEvent] = field(default_factory=list)

    def record(self, event: AuditEvent) -> None:
        self.events.append(event)
