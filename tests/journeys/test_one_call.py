"""One call through the desk's own services: on disk from its first second, saved once, sent once, never about two people."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest

from helpdesk.access.model import Role
from helpdesk.callers.model import Authority, CallerKind, Item, ItemState, Level
from helpdesk.calls.model import CallDraft, Disposition, Signposted
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.services import Services
from helpdesk.desk.call_desk import CallDesk
from helpdesk.desk.model import HIDDEN, Opened
from helpdesk.errors import RuleBroken
from helpdesk.patients.model import Patient
from helpdesk.storage.audit import verify
from tests.journeys.conftest import Sandbox

ANSWERED = Disposition("wait_how_long", "answered", "resolved", "patient", "no")


def patient_of(sandbox: Sandbox, story: str) -> Patient:
    number = sandbox.story(story)
    return next(p.patient for p in sandbox.area.people if p.patient.nhs_number == number)


def right_answers(patient: Patient) -> dict[Item, str]:
    assert patient.born is not None
    assert patient.address is not None
    return {
        Item.DATE_OF_BIRTH: patient.born.shown,
        Item.POSTCODE: patient.address.postcode,
        Item.ADDRESS: patient.address.lines[0],
        Item.NHS_NUMBER: patient.nhs_number.spaced,
    }


def verified(desk: CallDesk, draft: CallDraft, patient: Patient) -> Opened:
    opened = desk.open_patient(draft.id, patient.nhs_number, None)
    for item in (Item.DATE_OF_BIRTH, Item.POSTCODE, Item.NHS_NUMBER):
        opened = desk.try_item(draft.id, item, right_answers(patient)[item])
    assert opened.verification.level is Level.STATUS
    return opened


@pytest.fixture
def desk(handler: Services) -> CallDesk:
    return handler.workstation().calls


def test_a_call_is_on_disk_from_its_first_second(desk: CallDesk, folder: OpenFolder) -> None:
    draft = desk.begin("07700 900123")
    desk.keep(replace(draft, notes="Rang about a letter."))
    later = folder.practise_as(Role.HANDLER).workstation().calls
    assert [(d.id, d.notes, d.phone) for d in later.unfinished()] == [(draft.id, "Rang about a letter.", "07700 900123")]


def test_before_the_check_nothing_the_caller_must_know_leaves_the_core(desk: CallDesk, sandbox: Sandbox) -> None:
    patient = patient_of(sandbox, "simple_wait")
    draft = desk.begin()
    opened = desk.open_patient(draft.id, patient.nhs_number, None)
    told = repr(dataclasses.asdict(opened.banner) | dataclasses.asdict(opened.verification)) + repr(opened.pds)
    for answer in right_answers(patient).values():
        assert answer not in told
    assert opened.banner.name == patient.name.shown
    assert (opened.banner.born, opened.banner.nhs_number, opened.banner.address) == (HIDDEN, HIDDEN, HIDDEN)


def test_what_is_displayed_is_struck_off(desk: CallDesk, sandbox: Sandbox) -> None:
    patient = patient_of(sandbox, "simple_wait")
    draft = desk.begin()
    desk.open_patient(draft.id, patient.nhs_number, None)
    desk.break_glass(draft.id, "caller collapsed mid sentence")
    opened = desk.try_item(draft.id, Item.DATE_OF_BIRTH, right_answers(patient)[Item.DATE_OF_BIRTH])
    assert opened.verification.results[Item.DATE_OF_BIRTH].state is ItemState.STRUCK
    assert opened.verification.level < Level.STATUS


def test_the_number_the_call_came_from_proves_nothing(desk: CallDesk, handler: Services, sandbox: Sandbox) -> None:
    patient = patient_of(sandbox, "simple_wait")
    phone = patient.phones[0].number
    query = handler.people.understand(f"smith {phone}")
    came = desk.open_patient(desk.begin(phone).id, patient.nhs_number, query)
    said = desk.open_patient(desk.begin("").id, patient.nhs_number, query)
    assert came.verification.results[Item.PHONE].state is not ItemState.MATCH
    assert said.verification.results[Item.PHONE].state is ItemState.MATCH


def test_somebody_else_without_authority_is_told_nothing(desk: CallDesk, sandbox: Sandbox) -> None:
    patient = patient_of(sandbox, "no_authority")
    draft = desk.begin()
    desk.open_patient(draft.id, patient.nhs_number, None)
    desk.set_caller(draft.id, CallerKind.SOMEONE_ELSE, None)
    for item, answer in right_answers(patient).items():
        desk.try_item(draft.id, item, answer)
    with pytest.raises(RuleBroken):
        desk.status(draft.id)


def test_five_spent_items_in_a_day_alert_a_supervisor(desk: CallDesk, handler: Services, sandbox: Sandbox) -> None:
    number = sandbox.story("simple_wait")
    for _ in range(2):
        draft = desk.begin()
        desk.open_patient(draft.id, number, None)
        for item in (Item.DATE_OF_BIRTH, Item.POSTCODE, Item.NHS_NUMBER):
            for _try in range(2):
                desk.try_item(draft.id, item, "quite wrong 999")
    kinds = [w.kind.value for w in handler.open_work()]
    assert kinds.count("verification_alert") == 1


def test_a_superseded_number_opens_its_successor(desk: CallDesk, sandbox: Sandbox) -> None:
    old = sandbox.story("superseded")
    opened = desk.open_patient(desk.begin().id, old, None)
    assert opened.number != old
    assert opened.banner.number == opened.number == opened.gate.number


def test_a_call_is_saved_once_with_its_message_and_the_message_goes_out_once(
    desk: CallDesk, handler: Services, sandbox: Sandbox, folder: OpenFolder
) -> None:
    patient = patient_of(sandbox, "simple_wait")
    draft = desk.begin()
    verified(desk, draft, patient)
    for source in desk.sources(draft.id):
        desk.ask(draft.id, source)
    offer = next(o for o in desk.cards(draft.id) if any(c.allowed and c.channel == "sms" for c in o.channels))
    given = Signposted("5b1c5c1e-0000-4000-8000-000000000001", offer.card.id, offer.card.version, "sms")
    draft = replace(draft, patient=patient.nhs_number, notes="Told where she is.", disposition=ANSWERED, signposts=(given,))
    saved = desk.finish(draft)
    sender = handler.outbox_sender()
    while sender.pass_once():
        pass
    assert [m.reference for m in sandbox.stub("nhs_notify").messages] == [given.id]
    assert desk.unfinished() == ()
    again = desk.begin()
    verified(desk, again, patient)
    assert [c.id for c in desk.history(again.id)] == [saved.id]
    assert verify(folder.database).problems == ()


@pytest.mark.parametrize("story", ["deceased_formal", "deceased_informal"])
def test_nothing_is_sent_to_somebody_who_has_died(desk: CallDesk, sandbox: Sandbox, story: str) -> None:
    patient = patient_of(sandbox, story)
    draft = desk.begin()
    verified(desk, draft, patient)
    assert desk.may_send(draft.id) == "Nothing is sent to someone who has died."
    card = desk.cards(draft.id)[0].card
    given = Signposted("5b1c5c1e-0000-4000-8000-000000000002", card.id, card.version, "sms")
    with pytest.raises(RuleBroken):
        desk.finish(replace(draft, patient=patient.nhs_number, disposition=ANSWERED, signposts=(given,)))
    assert [d.id for d in desk.unfinished()] == [draft.id], "a refused save loses nothing"


def test_a_call_cannot_be_saved_under_somebody_who_is_not_open(desk: CallDesk, sandbox: Sandbox) -> None:
    draft = desk.begin()
    verified(desk, draft, patient_of(sandbox, "simple_wait"))
    other = replace(draft, patient=sandbox.story("conflict"), disposition=ANSWERED)
    with pytest.raises(RuleBroken):
        desk.finish(other)


def test_a_call_without_a_patient_is_a_call_like_any_other(desk: CallDesk) -> None:
    draft = desk.begin()
    saved = desk.finish(
        replace(draft, disposition=Disposition("wrong_number", "wrong_number_or_test", "resolved", "not_known", "not_asked"))
    )
    assert saved.patient is None


def test_a_proxy_hears_nothing_of_a_sensitive_service(desk: CallDesk, sandbox: Sandbox) -> None:
    names = {sensitive: _specialties(desk, sandbox, sensitive) for sensitive in (False, True)}
    assert len(names[False]) == 1
    assert len(names[True]) == 2


def _specialties(desk: CallDesk, sandbox: Sandbox, sensitive: bool) -> list[str]:
    patient = patient_of(sandbox, "sensitive_proxy")
    draft = desk.begin()
    desk.open_patient(draft.id, patient.nhs_number, None)
    desk.set_caller(draft.id, CallerKind.SOMEONE_ELSE, Authority("consent_recorded", Level.STATUS, sensitive))
    for item, answer in right_answers(patient).items():
        desk.try_item(draft.id, item, answer)
    for source in desk.sources(draft.id):
        desk.ask(draft.id, source)
    return [p.specialty.name for p in desk.status(draft.id).pathways]


def test_a_restricted_persons_calls_are_listed_without_who_and_what(desk: CallDesk, handler: Services, sandbox: Sandbox) -> None:
    restricted = sandbox.story("restricted")
    draft = desk.begin("07700 900321")
    desk.open_patient(draft.id, restricted, None)
    handed = Disposition("wait_position", "handed_off_pending", "supervisor_takes_over", "patient", "not_asked")
    desk.finish(replace(draft, patient=restricted, notes="Asked for a supervisor.", disposition=handed))
    (listed,) = handler.recent_calls(10)
    assert (listed.patient, listed.phone, listed.notes) == (None, "", "Restricted person, supervisor only")
