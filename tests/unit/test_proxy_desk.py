"""A caller who may speak for the patient as the NHS has it: asked late, compared blind, tries that stay used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.audit import AuditAction
from helpdesk.callers.authority import AuthorityOutcome
from helpdesk.callers.model import Authority, CallerKind, Level
from helpdesk.callers.policy import Policy
from helpdesk.callers.ports import Proxy
from helpdesk.desk.authority import PATIENT_FIRST, ProxyDesk, ProxyLook
from helpdesk.desk.call_desk import CallDesk
from helpdesk.desk.model import Port, SourceInfo
from helpdesk.desk.open_calls import OpenCalls
from helpdesk.desk.open_patient import OpenPatient
from helpdesk.errors import ConnectorUnavailable, HelpdeskError, NotFound, NumberNoLongerUsed, RuleBroken
from helpdesk.identifiers import NhsNumber
from tests.core_in_hand import ALFA, BRAVO, Core, person, right_answers

NHS = SourceInfo("nhs_proxies", "NHS proxy service", Port.AUTHORITY)
MOTHER = Proxy("Adeyemi", ("Folake",), NhsNumber("9990000018"), date(1987, 8, 8), "mother")


class Service:
    """The NHS proxy service in the test's hands."""

    def __init__(self, *proxies: Proxy) -> None:
        self.proxies_held: Any = proxies
        self.asked: list[NhsNumber] = []
        self.when_asked: Callable[[], object] = lambda: None

    def proxies(self, number: NhsNumber) -> tuple[Proxy, ...]:
        self.asked.append(number)
        self.when_asked()
        if isinstance(self.proxies_held, Exception):
            raise self.proxies_held
        return tuple(self.proxies_held)


def desk_with(core: Core, service: Service | None) -> CallDesk:
    named = (NHS, service) if service is not None else None
    core.desk = CallDesk(replace(core.parts, proxies=ProxyDesk(named, Policy.load(), core.world, core.clock)))
    return core.desk


def facts_matched(core: Core, desk: CallDesk, number: NhsNumber = ALFA) -> str:
    """A call in which somebody else rings and has the patient's own facts right."""
    call = desk.begin().id
    desk.open_patient(call, number, None)
    desk.set_caller(call, CallerKind.SOMEONE_ELSE, None)
    for item, said in right_answers(person(number)).items():
        desk.try_item(call, item, said)
    return call


@pytest.fixture
def core() -> Core:
    return Core()


def test_the_nhs_is_not_asked_before_the_patients_own_facts_are_matched(core: Core) -> None:
    service = Service(MOTHER)
    desk = desk_with(core, service)
    call = desk.begin().id
    desk.open_patient(call, ALFA, None)
    desk.set_caller(call, CallerKind.SOMEONE_ELSE, None)
    with pytest.raises(RuleBroken, match=PATIENT_FIRST):
        desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    assert service.asked == []


def test_the_right_caller_is_told_the_status_and_it_is_on_record_before_the_nhs_is_asked(core: Core) -> None:
    service = Service(MOTHER)
    desk = desk_with(core, service)
    call = facts_matched(core, desk)
    before: list[bool] = []
    service.when_asked = lambda: before.append(AuditAction.AUTHORITY_ASKED in core.actions())
    opened, look = desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    assert (look.outcome, look.relationship) == (AuthorityOutcome.MATCH, "mother")
    assert opened.verification.level == Level.STATUS
    authority = opened.verification.authority
    assert authority is not None
    assert (authority.kind, authority.sensitive) == ("nhs_proxy", False)
    assert before == [True]
    assert "Adeyemi" not in repr([(e.details, e.purpose) for e in core.world.events])


def test_two_wrong_tries_stay_used_when_the_patient_is_opened_again(core: Core) -> None:
    desk = desk_with(core, Service(MOTHER))
    call = facts_matched(core, desk)
    for _ in range(2):
        _, look = desk.try_proxy(call, "Folake Adeyemi", born="9 August 1987")
    assert look.outcome is AuthorityOutcome.SPENT
    desk.close_patient(call)
    desk.open_patient(call, BRAVO, None)
    desk.close_patient(call)
    desk.open_patient(call, ALFA, None)
    _, look = desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    assert look.outcome is AuthorityOutcome.SPENT
    assert (ALFA, call, "nhs_proxy") in core.world.spent


@pytest.mark.parametrize(
    "failure",
    [
        ConnectorUnavailable("NHS proxy service did not answer in time."),
        NumberNoLongerUsed("The NHS proxy service no longer uses this NHS number."),
    ],
)
def test_could_not_ask_is_not_nobody_may_speak_and_uses_no_try(core: Core, failure: HelpdeskError) -> None:
    service = Service()
    service.proxies_held = failure
    desk = desk_with(core, service)
    call = facts_matched(core, desk)
    opened, look = desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    assert "does not mean that nobody may speak" in look.message
    assert opened.verification.level < Level.STATUS
    service.proxies_held = (MOTHER,)
    assert desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")[1].outcome is AuthorityOutcome.MATCH


@pytest.mark.parametrize("held", [(), NotFound("Nobody has this number here.")])
def test_nobody_on_record_gives_nobody_an_authority(core: Core, held: Any) -> None:
    service = Service()
    service.proxies_held = held
    desk = desk_with(core, service)
    call = facts_matched(core, desk)
    opened, look = desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    assert look.outcome is AuthorityOutcome.NOT_HELD
    assert opened.verification.authority is None


def test_the_handler_cannot_choose_it_by_hand(core: Core) -> None:
    desk = desk_with(core, Service(MOTHER))
    call = facts_matched(core, desk)
    with pytest.raises(RuleBroken):
        desk.set_caller(call, CallerKind.SOMEONE_ELSE, Authority("nhs_proxy", Level.CONTACT_DETAILS, sensitive=True))


def test_what_the_nhs_gave_cannot_be_widened_by_hand(core: Core) -> None:
    desk = desk_with(core, Service(MOTHER))
    call = facts_matched(core, desk)
    desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    opened = desk.set_caller(call, CallerKind.SOMEONE_ELSE, Authority("nhs_proxy", Level.CONTACT_DETAILS, sensitive=True))
    assert opened.verification.authority == Authority("nhs_proxy", Level.STATUS, sensitive=False)


def test_a_desk_without_the_service_says_so(core: Core) -> None:
    desk = desk_with(core, None)
    call = facts_matched(core, desk)
    with pytest.raises(RuleBroken, match="not set up"):
        desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")


def test_whoever_does_not_match_has_nothing_from_whoever_matched_before(core: Core) -> None:
    service = Service(MOTHER)
    desk = desk_with(core, service)
    call = facts_matched(core, desk)
    desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    opened, look = desk.try_proxy(call, "Tunde Bakare", born="1 May 1980")
    assert look.outcome is AuthorityOutcome.NO_MATCH
    assert (opened.verification.authority, opened.verification.level) == (None, Level.DIRECTORY)
    desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    service.proxies_held = ()
    opened, look = desk.try_proxy(call, "Folake Adeyemi", born="8 August 1987")
    assert (look.outcome, opened.verification.authority) == (AuthorityOutcome.NOT_HELD, None)


def test_a_try_counts_and_is_on_record_whoever_is_open_by_then(core: Core) -> None:
    desk = desk_with(core, Service(MOTHER))
    call = facts_matched(core, desk)
    desk.try_proxy(call, "Tunde Bakare", born="1 May 1980")
    ask = desk_with_closing(core, desk, call)
    with pytest.raises(RuleBroken):
        ask()
    assert (ALFA, call, "nhs_proxy") in core.world.spent
    results = [e.details.get("result") for e in core.world.events if e.details.get("authority") == "nhs_proxy"]
    assert results == ["no_match", "spent"]


def desk_with_closing(core: Core, desk: CallDesk, call: str) -> Callable[[], object]:
    """A second wrong try, during which the handler says: wrong person."""

    def meanwhile(place: str) -> None:
        if place == "audit":
            core.world.meanwhile = lambda _place: None
            desk.close_patient(call)

    def ask() -> object:
        core.world.meanwhile = meanwhile
        return desk.try_proxy(call, "Tunde Bakare", born="1 May 1980")

    return ask


class Sly(Authority):
    """An authority that lets another thread in at the moment it is looked at."""

    def __getattribute__(self, name: str) -> Any:
        if name == "kind" and IN_BETWEEN:
            IN_BETWEEN.pop()()
        return super().__getattribute__(name)


IN_BETWEEN: list[Callable[[], object]] = []


class Matches:
    """A check of proxies in which everybody is the patient's."""

    def try_caller(self, calls: OpenCalls, opened: OpenPatient, *_said: object) -> ProxyLook:
        calls.seen(opened, lambda one: one.check.set_caller(CallerKind.SOMEONE_ELSE, Sly("nhs_proxy", Level.CONTACT_DETAILS)))
        return ProxyLook(AuthorityOutcome.MATCH)


def test_nobody_has_the_authority_over_another_patient_who_was_opened_at_that_moment(core: Core) -> None:
    matches: Any = Matches()
    desk = core.desk = CallDesk(replace(core.parts, proxies=matches))
    call = facts_matched(core, desk)
    desk.try_proxy(call, "Folake Adeyemi")
    IN_BETWEEN.append(lambda: desk.open_patient(call, BRAVO, None))
    with pytest.raises(RuleBroken, match="Somebody else was opened"):
        desk.set_caller(call, CallerKind.SOMEONE_ELSE, Authority("nhs_proxy"))
    assert desk.look_again(call).number == BRAVO
    assert desk.look_again(call).verification.authority is None
