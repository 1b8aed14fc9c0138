"""Worklists behind the desk: read twice a day at most, on record, kept by person, and a list that fails is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.desk.worklists import WorklistReader
from helpdesk.directory.keeping import MemoryKept
from helpdesk.errors import ConnectorRejected, ConnectorUnavailable, HelpdeskError, NotFound, StorageError
from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.pathways.model import ReferralState, WorklistEntry, WorklistKind

ANN = NhsNumber("9990000018")
LISTS = ((WorklistKind.APPOINTMENT_SLOT_ISSUES, "S1"), (WorklistKind.REFERRALS_FOR_REVIEW, "S1"))


class Clock:
    moment = datetime(2026, 11, 20, 8, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class Ers:
    def __init__(self) -> None:
        self.asked: list[WorklistKind] = []
        self.fails = False
        self.error: HelpdeskError = ConnectorUnavailable("e-RS is not available at the moment.")

    def worklists(self) -> tuple[tuple[WorklistKind, str], ...]:
        return LISTS

    def entries(self, kind: WorklistKind, service: str) -> tuple[WorklistEntry, ...]:
        self.asked.append(kind)
        if self.fails:
            raise self.error
        named = WorklistEntry(Ubrn("000000070000"), ANN, kind, ReferralState.DEFERRED_TO_PROVIDER)
        return (named, WorklistEntry(Ubrn("000000070001"), None, kind, ReferralState.UNKNOWN))


class Noted:
    def __init__(self) -> None:
        self.kept: list[tuple[str, str]] = []
        self.events: list[AuditEvent] = []

    def keep(self, source: str, patient: NhsNumber, key: str, as_at: str, payload: str) -> None:
        assert patient == ANN
        self.kept.append((source, key))

    def latest(self, source: str, patient: NhsNumber) -> tuple[tuple[str, str, str], ...]:
        return ()

    def record(self, event: AuditEvent) -> None:
        self.events.append(event)


class Full:
    """A record that takes nothing more."""

    def record(self, event: AuditEvent) -> None:
        raise StorageError("The disk is full.")


def test_each_list_is_read_when_its_time_has_come_and_not_before() -> None:
    ers, noted, clock = Ers(), Noted(), Clock()
    kept = MemoryKept(clock)
    reader = WorklistReader([("ers", ers)], noted, kept, noted, clock)
    assert reader.pass_once() == 2
    assert noted.kept == [("ers", f"worklist:{kind.value}:000000070000") for kind, _ in LISTS]
    assert [(e.action, e.subjects, e.details["count"]) for e in noted.events] == [(AuditAction.WORKLIST_READ, (ANN,), "2")] * 2
    assert reader.pass_once() == 0
    clock.moment += timedelta(hours=11)
    assert WorklistReader([("ers", ers)], noted, kept, noted, clock).pass_once() == 0
    clock.moment += timedelta(hours=1)
    assert reader.pass_once() == 2
    assert len(ers.asked) == 4


def test_a_list_that_cannot_be_read_is_tried_again_and_spoils_no_other() -> None:
    ers, other, noted, clock = Ers(), Ers(), Noted(), Clock()
    ers.fails = True
    reader = WorklistReader([("ers", ers), ("other", other)], noted, MemoryKept(clock), noted, clock)
    assert reader.pass_once() == 2
    ers.fails = False
    assert reader.pass_once() == 2
    assert {source for source, _ in noted.kept} == {"ers", "other"}


class Unusable(Ers):
    """What stands in the place of a connector that cannot be used."""

    def worklists(self) -> tuple[tuple[WorklistKind, str], ...]:
        raise ConnectorRejected("Waits cannot be used: its settings are wrong.")


def test_a_connector_that_cannot_be_used_and_a_list_that_is_not_there_stop_no_other() -> None:
    gone, good, noted, clock = Ers(), Ers(), Noted(), Clock()
    gone.fails, gone.error = True, NotFound("e-RS has no such list.")
    reader = WorklistReader([("waits", Unusable()), ("ers", gone), ("other", good)], noted, MemoryKept(clock), noted, clock)
    assert reader.pass_once() == 2


def test_nothing_of_a_list_is_kept_that_could_not_be_put_on_record() -> None:
    noted, clock = Noted(), Clock()
    reader = WorklistReader([("ers", Ers())], noted, MemoryKept(clock), Full(), clock)
    with pytest.raises(StorageError):
        reader.pass_once()
    assert noted.kept == []
