"""The practice area's stuck pathways: imported, looked through behind the desk, listed with names on record, worked to the end."""

from __future__ import annotations

from helpdesk.access.model import Role
from helpdesk.composition.opening import OpenFolder
from helpdesk.desk.stuck import Wanted
from helpdesk.pathways.model import GapKind
from tests.journeys.conftest import Sandbox


def test_what_is_planted_is_listed_after_the_import_and_a_second_look_finds_it_unchanged(sandbox: Sandbox, folder: OpenFolder) -> None:
    services = folder.practise_as(Role.NAVIGATOR)
    watch, desk = services.area_watch(), services.stuck()
    assert desk is not None
    assert watch.pass_once()
    assert not watch.pass_once(), "nothing changed since"
    seen = desk.look(Wanted())
    listed = {(row.item.found.subject, GapKind(row.item.found.kind)) for row in seen.rows}
    by_list = {GapKind.LEFT_LIST_WITHOUT_STOP, GapKind.CANCELLED_NOT_REBOOKED, GapKind.NO_ACTIVITY, GapKind.DATE_PASSED_NO_OUTCOME}
    open_to_all = {p.patient.nhs_number for p in sandbox.area.people if p.flag == "U" and p.in_index}
    planted = {(who, kind) for (who, _), kind in sandbox.area.planted.items() if kind in by_list and who in open_to_all}
    assert planted
    assert len(planted - listed) <= len(planted) // 10
    closed = {p.patient.nhs_number for p in sandbox.area.people if p.flag not in ("U", "")}
    assert not closed & {who for who, _ in listed}


def test_a_row_is_named_claimed_opened_and_done(folder: OpenFolder) -> None:
    services = folder.practise_as(Role.NAVIGATOR)
    services.area_watch().pass_once()
    desk = services.stuck()
    assert desk is not None
    row = desk.look(Wanted()).rows[0]
    assert desk.people([row.id], "list-1")[row.id].name
    start = desk.open_from(row.id)
    calls = services.workstation().calls
    opened = calls.open_patient(calls.begin().id, start.number, None)
    assert opened.number == start.number
    desk.finish(row.id, "Rang bookings, a date is coming.")
    assert row.id not in {one.id for one in desk.look(Wanted()).rows}
    desk.again()
    assert services.area_watch().pass_once()
    assert row.id not in {one.id for one in desk.look(Wanted()).rows}, "done stays done while it is new"


def test_a_handler_has_no_list(folder: OpenFolder) -> None:
    assert folder.practise_as(Role.HANDLER).stuck() is None
    assert folder.practise_as(Role.HANDLER).workstation().stuck is None
