"""Somebody of whom everything was known becomes restricted: from PDS's next word on, nothing says where they are or wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from helpdesk.answers import SourceState
from helpdesk.callers.model import Item
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.services import Services
from helpdesk.desk.call_desk import CallDesk
from helpdesk.desk.model import GateState, StatusView
from helpdesk.errors import RuleBroken
from helpdesk.patients.model import Patient
from tests.journeys.conftest import Sandbox
from tests.journeys.test_one_call import ANSWERED, patient_of, right_answers, verified
from tests.journeys.test_outbox import became

__all__ = ["became"]


@pytest.fixture
def patient(sandbox: Sandbox) -> Patient:
    return patient_of(sandbox, "simple_wait")


@pytest.fixture
def desk(handler: Services, patient: Patient) -> CallDesk:
    """A desk that has told this patient where they are, and has kept the call."""
    desk = handler.workstation().calls
    draft = desk.begin()
    verified(desk, draft, patient)
    for source in desk.sources(draft.id):
        desk.ask(draft.id, source)
    assert desk.status(draft.id).pathways
    desk.finish(replace(draft, patient=patient.nhs_number, notes="Told where she is.", disposition=ANSWERED))
    return desk


def whereabouts(patient: Patient) -> set[str]:
    assert patient.address is not None
    assert patient.practice is not None
    phones = {form for p in patient.phones for form in (p.number, p.number.replace(" ", ""), f"{p.number[:5]} {p.number[5:]}")}
    postcode = patient.address.postcode
    return {postcode, postcode.replace(" ", ""), patient.address.lines[0], *patient.emails, patient.practice.value, *phones}


def seen(desk: CallDesk, patient: Patient) -> tuple[StatusView, str]:
    """The status, and the words of all that the desk gives of this patient to a caller who knows everything."""
    draft = desk.begin()
    opened = desk.open_patient(draft.id, patient.nhs_number, None)
    assert opened.gate.state is GateState.RESTRICTED
    given: list[Any] = [opened]
    for item, said in (*right_answers(patient).items(), *((Item.HOSPITAL_NUMBER, number) for number in patient.hospital_numbers[:1])):
        given.append(desk.try_item(draft.id, item, said))
    with pytest.raises(RuleBroken):
        desk.break_glass(draft.id, "caller is very unwell")
    with pytest.raises(RuleBroken):
        desk.history(draft.id)
    assert desk.may_send(draft.id)
    try:
        given += [desk.ask(draft.id, source) for source in desk.sources(draft.id)]
        given.append(desk.status(draft.id))
    except RuleBroken:
        pytest.fail("this caller cannot be checked, so the status was not tried")
    assert isinstance(given[-1], StatusView)
    return given[-1], repr(given)


@pytest.mark.parametrize("down", [False, True])
def test_nothing_is_given_of_somebody_who_became_restricted(
    desk: CallDesk, sandbox: Sandbox, patient: Patient, became: Callable[..., None], down: bool
) -> None:
    became(patient.nhs_number, flag="R")
    status, words = seen(desk, patient)
    if down:
        sandbox.stub("pds").fault = "503"
        status, words = seen(desk, patient)
    assert status.restricted
    assert (status.pathways, status.primary_care) == ((), None)
    assert {a.state for a in status.sources if a.source != "pds"} == {SourceState.NOT_PERMITTED}
    assert [where for where in whereabouts(patient) if where in words] == []


def test_nobody_restricted_is_found_by_where_they_are(
    desk: CallDesk, handler: Services, folder: OpenFolder, patient: Patient, became: Callable[..., None]
) -> None:
    people, phone = handler.people, patient.phones[0].number
    assert people.listed(people.understand(phone), "proof").people
    became(patient.nhs_number, flag="R")
    people.traced(people.understand(f"{patient.name.family} {patient.born.iso if patient.born else ''}"), "search", None)
    assert not any(p.nhs_number == patient.nhs_number for p in people.listed(people.understand(phone), "proof").people)
    with folder.database.read() as transaction:
        rows = [tuple(r) for t in ("person", "person_key") for r in transaction.execute(text(f"SELECT * FROM {t}"))]  # noqa: S608  # our own
    number = patient.nhs_number.value
    theirs = [row for row in rows if number in map(str, row)]
    assert theirs
    held = {str((origin, row_no)) for origin, row_no, *_ in theirs if isinstance(row_no, int)}
    keys = [row for row in rows if len(row) == 5 and str((row[2], row[3])) in held]
    assert keys
    assert [where for where in whereabouts(patient) if where in repr([*theirs, *keys])] == []
