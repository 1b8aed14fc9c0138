"""The import of extracts: whole or not at all, never backwards, and every import and refusal on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.waiting_list_extract import connect
from connectors.waiting_list_extract.reader import ExtractFiles
from connectors.waiting_list_extract.settings import ExtractSettings
from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditAction
from helpdesk.desk.extracts import ExtractImport, ExtractRefused, ImportCancelled
from helpdesk.desk.ports import ExtractReading, Row
from helpdesk.errors import RuleBroken, StorageError
from helpdesk.extracts.model import ExtractKind
from helpdesk.registry.contract import ConnectorContext
from tests.fakes_extracts import NOW, NUMBER, FixedClock, MemorySnapshots, NotedAudit, pathways, persons

DAY = date(2026, 11, 18)


def session(role: Role = Role.ADMINISTRATOR) -> Session:
    staff = Staff("staff-1", "admin", "A. Administrator", frozenset({role}))
    return Session("session-1", staff, role, "desk-1", "XICB", NOW)


class Desk:
    """An import with all that it writes to."""

    def __init__(self, folder: Path, role: Role = Role.ADMINISTRATOR) -> None:
        self.store, self.audit, self.folder = MemorySnapshots(), NotedAudit(), folder
        self.reader: ExtractFiles = connect(ExtractSettings(), ConnectorContext("list", "List", "XICB", FixedClock(), str))
        self.service = ExtractImport(self.store, self.audit, session(role), FixedClock())

    def list(self, *rows: dict[str, str], name: str = "list.csv") -> Path:
        return pathways(self.folder / name, *rows)

    def state(self) -> tuple[object, object]:
        """What the desk holds: it must be the same before and after whatever is refused."""
        return self.store.live(), self.store.live_rows()

    def refusals(self) -> list[str]:
        return [e.details["why"] for e in self.audit.events if e.action is AuditAction.EXTRACT_REFUSED]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_sound_file_goes_live_with_its_audit_row(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    made = desk.service.import_file(
        desk.reader, desk.list(*[{}] * 2_500), source="fenmoor_list", progress=lambda done, of: told.append((done, of))
    )
    assert (made.kind, made.provider, made.as_at, made.rows) == (ExtractKind.OPEN_PATHWAYS, "XFC01", date(2026, 11, 15), 2_500)
    assert (made.live, made.changed, made.imported_by) == (True, True, "A. Administrator")
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(done <= expected for done, expected in told)
    assert len(told) > 2
    assert told[-1] == (2_500, 2_500)
    [event] = desk.store.events
    assert event.action is AuditAction.EXTRACT_IMPORTED
    assert (event.details["kind"], event.details["provider"], event.details["taken"]) == ("open_pathways", "XFC01", "2500")
    assert len(event.details["sha256"]) == 12
    assert str(desk.folder) not in repr(event)


def test_a_newer_week_takes_the_place_of_the_former(desk: Desk) -> None:
    desk.service.import_file(desk.reader, desk.list({"WEEK_ENDING_DATE": "2026-11-08"}), source="list")
    desk.service.import_file(desk.reader, desk.list({}, {}), source="list")
    assert [s.as_at for s in desk.store.live()] == [date(2026, 11, 15)]
    assert len(desk.store.live_rows()) == 2


def test_each_provider_and_kind_has_its_own(desk: Desk) -> None:
    desk.service.import_file(desk.reader, desk.list({}), source="list")
    desk.service.import_file(desk.reader, desk.list({"ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER": "XTG01"}), source="list")
    desk.service.import_file(desk.reader, persons(desk.folder / "p.csv", {}), as_at=DAY, source="list")
    assert [(s.kind.value, s.provider) for s in desk.store.live()] == [
        ("open_pathways", "XFC01"),
        ("open_pathways", "XTG01"),
        ("persons", ""),
    ]


def test_a_broken_file_is_refused_whole_and_the_former_stays(desk: Desk) -> None:
    desk.service.import_file(desk.reader, desk.list({}), source="list")
    before = desk.state()
    with pytest.raises(ExtractRefused, match="row 3, NHS_NUMBER") as caught:
        desk.service.import_file(desk.reader, desk.list({}, {"NHS_NUMBER": "9993000018"}), source="list")
    assert desk.state() == before
    assert [(p.row, p.column) for p in caught.value.problems] == [(3, "NHS_NUMBER")]
    assert "9993000018" not in caught.value.message
    assert desk.refusals() == ["problems"]


def test_a_file_that_is_no_extract_is_refused_and_recorded(desk: Desk) -> None:
    path = desk.folder / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(RuleBroken, match="not an extract"):
        desk.service.import_file(desk.reader, path, source="list")
    assert desk.refusals() == ["not an extract"]


def test_the_same_file_again_says_so_and_changes_nothing(desk: Desk) -> None:
    path = desk.list({})
    first = desk.service.import_file(desk.reader, path, source="list")
    before = desk.state()
    again = desk.service.import_file(desk.reader, path, source="list")
    assert (again.id, again.changed, "already" in again.message) == (first.id, False, True)
    assert desk.state() == before
    assert len(desk.store.events) == 1


def test_an_older_week_is_refused(desk: Desk) -> None:
    desk.service.import_file(desk.reader, desk.list({}), source="list")
    before = desk.state()
    with pytest.raises(ExtractRefused, match="15-Nov-2026"):
        desk.service.import_file(desk.reader, desk.list({"WEEK_ENDING_DATE": "2026-11-08"}), source="list")
    assert desk.state() == before
    assert desk.refusals() == ["older"]


def test_the_same_week_corrected_is_taken(desk: Desk) -> None:
    desk.service.import_file(desk.reader, desk.list({}), source="list")
    desk.service.import_file(desk.reader, desk.list({"ACTIVITY_TREATMENT_FUNCTION_CODE": "120"}), source="list")
    assert [row.treatment_function for row in desk.store.live_rows() if hasattr(row, "treatment_function")] == ["120"]


def test_persons_need_their_day(desk: Desk) -> None:
    path = persons(desk.folder / "p.csv", {})
    with pytest.raises(ExtractRefused, match="which day") as caught:
        desk.service.import_file(desk.reader, path, source="list")
    assert caught.value.field == "as_at"
    with pytest.raises(ExtractRefused, match="future"):
        desk.service.import_file(desk.reader, path, as_at=date(2026, 11, 19), source="list")
    assert desk.state() == ([], [])


def test_stopping_it_leaves_nothing_behind(desk: Desk) -> None:
    desk.service.import_file(desk.reader, desk.list({"WEEK_ENDING_DATE": "2026-11-08"}), source="list")
    before, told = desk.state(), list[int]()
    with pytest.raises(ImportCancelled):
        desk.service.import_file(
            desk.reader,
            desk.list(*[{}] * 2_500),
            source="list",
            progress=lambda done, _: told.append(done),
            cancelled=lambda: bool(told),
        )
    assert told[0] == 1_000
    assert desk.state() == before
    assert desk.store.staged() == []
    assert desk.refusals() == ["stopped"]


def test_a_full_disk_leaves_the_former_live(desk: Desk) -> None:
    desk.service.import_file(desk.reader, desk.list({"WEEK_ENDING_DATE": "2026-11-08"}), source="list")
    before = desk.state()
    desk.store.fail_at = 2_000
    with pytest.raises(StorageError):
        desk.service.import_file(desk.reader, desk.list(*[{}] * 2_500), source="list")
    assert desk.state() == before
    assert desk.store.staged() == []


def test_a_file_that_changes_under_the_import_is_not_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read = desk.list({}), desk.reader.read

    def changed_meanwhile(path: Path, **told: Any) -> ExtractReading:
        desk.list({}, {"NHS_NUMBER": NUMBER})
        return read(path, **told)

    monkeypatch.setattr(desk.reader, "read", changed_meanwhile)
    with pytest.raises(ExtractRefused, match="was changed"):
        desk.service.import_file(desk.reader, path, source="list")
    assert desk.state() == ([], [])
    assert desk.store.staged() == []


class GivesOtherRows:
    """A reading that gives so many rows, whatever it counted."""

    def __init__(self, reading: ExtractReading, given: int) -> None:
        self._reading, self._given = reading, given

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reading, name)

    def __iter__(self) -> Iterator[Row]:
        return iter(([*self._reading] * 2)[: self._given])


@pytest.mark.parametrize("given", [1, 3])
def test_other_rows_than_were_counted_are_not_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch, given: int) -> None:
    desk.service.import_file(desk.reader, desk.list({}), source="list")
    before, read = desk.state(), desk.reader.read
    monkeypatch.setattr(desk.reader, "read", lambda path, **told: GivesOtherRows(read(path, **told), given))
    with pytest.raises(ExtractRefused, match="other rows than were counted"):
        desk.service.import_file(desk.reader, desk.list({}, {}, name="second.csv"), source="list")
    assert desk.state() == before
    assert desk.store.staged() == []


def test_a_list_half_as_long_is_taken_only_when_somebody_says_so(desk: Desk) -> None:
    desk.service.import_file(desk.reader, desk.list(*[{}] * 300), source="list")
    before, short = desk.state(), desk.list(*[{}] * 140, name="short.csv")
    with pytest.raises(ExtractRefused, match="140 rows and the one in use 300"):
        desk.service.import_file(desk.reader, short, source="list")
    assert desk.state() == before
    assert desk.refusals() == ["row count"]
    assert desk.service.import_file(desk.reader, short, source="list", any_size=True).rows == 140


@pytest.mark.parametrize("role", [Role.HANDLER, Role.NAVIGATOR, Role.SUPERVISOR, Role.PRIVACY_OFFICER])
def test_not_everybody_may_import(tmp_path: Path, role: Role) -> None:
    desk = Desk(tmp_path, role)
    with pytest.raises(RuleBroken, match="may not do this"):
        desk.service.import_file(desk.reader, desk.list({}), source="list")
    assert desk.state() == ([], [])


def test_a_look_changes_nothing(desk: Desk) -> None:
    assert desk.service.check(desk.reader, desk.list({}, {"NHS_NUMBER": "1"})).problem_count == 1
    assert (desk.state(), desk.audit.events) == (([], []), [])
