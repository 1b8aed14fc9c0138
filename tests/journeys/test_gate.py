"""The gate: no GP Connect request leaves the machine unless PDS answered "unrestricted" for this person in this call."""

from __future__ import annotations

import pytest

from helpdesk.answers import SourceState
from helpdesk.callers.model import Item
from helpdesk.composition.services import Services
from helpdesk.desk.model import GateState
from helpdesk.errors import ConnectorUnavailable, HelpdeskError, RuleBroken
from helpdesk.identifiers import NhsNumber
from tests.journeys.conftest import Sandbox

CLOSED_BY_FLAG = ("restricted", "very_restricted", "no_flag")
PDS_FAULTS = ("hang", "401", "403", "404", "429", "500", "broken")

OTHERS = ("gp_connect", "ers", "fenmoor_system", "thornmere_portal", "ousebank_system", "prescriptions")
"""Every system that is asked for a patient's status, but PDS."""


def requests_to(sandbox: Sandbox, instance: str) -> int:
    return sum(sandbox.stub(instance).requests.values())


@pytest.fixture
def spied(sandbox: Sandbox, handler: Services) -> Sandbox:
    """A spy that cannot see proves nothing: an unrestricted person is asked about first and must be seen."""
    handler.report.make(sandbox.story("simple_wait"), "spy", tell=True)
    seen = {name: requests_to(sandbox, name) for name in OTHERS}
    assert all(seen.values()), seen
    return sandbox


@pytest.mark.parametrize("story", CLOSED_BY_FLAG)
def test_a_restricted_person_is_asked_of_pds_alone(spied: Sandbox, handler: Services, story: str) -> None:
    before = {name: requests_to(spied, name) for name in (*OTHERS, "nhs_notify")}
    view = handler.report.make(spied.story(story), "spy", tell=True)
    assert {name: requests_to(spied, name) for name in before} == before
    assert view.restricted
    assert not view.pathways
    assert view.primary_care is None
    assert {a.state for a in view.sources if a.source != "pds"} == {SourceState.NOT_PERMITTED}


@pytest.mark.parametrize("fault", PDS_FAULTS)
def test_pds_that_cannot_answer_keeps_the_gate_shut(spied: Sandbox, handler: Services, fault: str) -> None:
    spied.stub("pds").fault = fault
    before = {name: requests_to(spied, name) for name in (*OTHERS, "nhs_notify")}
    view = handler.report.make(spied.story("three_pathways"), "spy", tell=True)
    assert {name: requests_to(spied, name) for name in before} == before
    gp = next(a for a in view.sources if a.source == "gp_connect")
    assert gp.state is SourceState.NOT_PERMITTED
    assert view.notice == "Restriction not confirmed today"
    assert len(view.pathways) == 3, "rows already held are shown where the last known flag is U"


@pytest.mark.parametrize("fault", PDS_FAULTS)
def test_a_person_with_no_known_flag_shows_nothing_held_when_pds_cannot_answer(spied: Sandbox, handler: Services, fault: str) -> None:
    spied.stub("pds").fault = fault
    before = requests_to(spied, "gp_connect")
    view = handler.report.make(spied.story("pds_only"), "spy", tell=True)
    assert requests_to(spied, "gp_connect") == before
    assert not view.pathways


@pytest.mark.parametrize("story", CLOSED_BY_FLAG)
def test_nothing_is_sent_to_a_restricted_person(spied: Sandbox, handler: Services, story: str) -> None:
    desk = handler.workstation().calls
    draft = desk.begin()
    opened = desk.open_patient(draft.id, spied.story(story), None)
    assert opened.gate.state is GateState.RESTRICTED
    assert desk.may_send(draft.id)


def test_break_glass_does_not_open_the_gate(spied: Sandbox, handler: Services) -> None:
    desk = handler.workstation().calls
    draft = desk.begin()
    spied.stub("pds").fault = "500"
    desk.open_patient(draft.id, spied.story("simple_wait"), None)
    desk.break_glass(draft.id, "caller is very unwell")
    before = requests_to(spied, "gp_connect")
    for source in desk.sources(draft.id):
        desk.ask(draft.id, source)
    view = desk.status(draft.id)
    assert requests_to(spied, "gp_connect") == before
    assert not view.may_tell
    assert view.notice == "Do not disclose: caller not verified"
    assert not any(p.sentences for p in view.pathways)
    assert desk.may_send(draft.id)


@pytest.mark.parametrize("story", CLOSED_BY_FLAG)
def test_break_glass_is_refused_for_a_restricted_person(spied: Sandbox, handler: Services, story: str) -> None:
    desk = handler.workstation().calls
    draft = desk.begin()
    desk.open_patient(draft.id, spied.story(story), None)
    with pytest.raises(RuleBroken, match="restricted"):
        desk.break_glass(draft.id, "caller is very unwell")
    with pytest.raises(RuleBroken):
        desk.status(draft.id)


def test_no_source_is_asked_before_the_level_is_reached(spied: Sandbox, handler: Services) -> None:
    desk = handler.workstation().calls
    draft = desk.begin()
    before = {name: requests_to(spied, name) for name in OTHERS}
    desk.open_patient(draft.id, spied.story("simple_wait"), None)
    for source in desk.sources(draft.id):
        with pytest.raises(RuleBroken):
            desk.ask(draft.id, source)
    with pytest.raises(RuleBroken):
        desk.status(draft.id)
    assert {name: requests_to(spied, name) for name in before} == before


def test_the_level_opens_it(spied: Sandbox, handler: Services) -> None:
    desk = handler.workstation().calls
    draft = desk.begin()
    number = spied.story("simple_wait")
    desk.open_patient(draft.id, number, None)
    person = next(p.patient for p in spied.area.people if p.patient.nhs_number == number)
    assert person.born is not None
    assert person.address is not None
    for item, said in (
        (Item.DATE_OF_BIRTH, person.born.shown),
        (Item.POSTCODE, person.address.postcode),
        (Item.NHS_NUMBER, number.spaced),
    ):
        opened = desk.try_item(draft.id, item, said)
    assert opened.banner.checked == "Checked: status"
    before = requests_to(spied, "gp_connect")
    for source in desk.sources(draft.id):
        desk.ask(draft.id, source)
    assert requests_to(spied, "gp_connect") > before
    assert desk.status(draft.id).pathways


def test_a_number_nobody_knows_is_an_error_and_asks_nobody_else(spied: Sandbox, handler: Services) -> None:
    before = requests_to(spied, "gp_connect")
    with pytest.raises(HelpdeskError):
        handler.report.make(NhsNumber("9999999999"), "spy", tell=True)
    spied.stub("pds").fault = "500"
    with pytest.raises(ConnectorUnavailable):
        handler.workstation().calls.open_patient("call", NhsNumber("9999999999"), None)
    assert requests_to(spied, "gp_connect") == before
