"""The call desk's own rules, on its real services: what a call used up stays used up, and a save is a save once."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from helpdesk.audit import AuditAction
from helpdesk.callers.model import Authority, CallerKind, Item, ItemState, Level
from helpdesk.desk.call_desk import CallDesk
from helpdesk.desk.model import GateState
from helpdesk.errors import NotFound, NumberNoLongerUsed, RuleBroken, StorageError
from helpdesk.patients.model import Fact, FactKind, PersonName, Query
from helpdesk.patients.related import Related
from tests.core_in_hand import ALFA, ANSWERED, BRAVO, Core, person, right_answers

BORN = right_answers(person(ALFA))[Item.DATE_OF_BIRTH]


@pytest.fixture
def core() -> Core:
    return Core()


def test_a_draft_is_committed_before_begin_returns(core: Core) -> None:
    draft = core.desk.begin("07700 900123")
    assert core.world.drafts == {draft.id: draft}
    assert core.actions() == [AuditAction.CALL_STARTED]


def test_two_wrong_tries_spend_an_item_for_this_call_even_when_the_patient_is_opened_again(core: Core) -> None:
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)
    for _ in range(2):
        core.desk.try_item(call, Item.DATE_OF_BIRTH, "3 March 1933")
    core.desk.close_patient(call)
    core.desk.open_patient(call, BRAVO, None)
    again = core.desk.open_patient(call, ALFA, Query("born", (Fact(FactKind.BORN, "1950-01-01", ""),)))
    assert again.verification.results[Item.DATE_OF_BIRTH].state is ItemState.SPENT
    tried = core.desk.try_item(call, Item.DATE_OF_BIRTH, BORN)
    assert tried.verification.results[Item.DATE_OF_BIRTH].state is ItemState.SPENT


def test_what_was_displayed_stays_struck_off_when_the_patient_is_opened_again(core: Core) -> None:
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)
    shown = core.desk.break_glass(call, "caller is very unwell")
    assert BORN in shown.banner.born
    core.desk.close_patient(call)
    core.desk.open_patient(call, ALFA, Query("born", (Fact(FactKind.BORN, "1950-01-01", ""),)))
    for item, said in right_answers(person(ALFA)).items():
        opened = core.desk.try_item(call, item, said)
    assert opened.verification.level < Level.STATUS


def test_somebody_else_stays_somebody_else_when_the_patient_is_opened_again(core: Core) -> None:
    call = core.desk.begin().id
    core.verified(call, ALFA)
    core.desk.set_caller(call, CallerKind.SOMEONE_ELSE, None)
    again = core.desk.open_patient(call, ALFA, None)
    assert again.verification.level < Level.STATUS
    assert again.verification.caller is CallerKind.SOMEONE_ELSE


def test_another_call_about_the_same_person_begins_anew(core: Core) -> None:
    first, second = core.desk.begin().id, core.desk.begin().id
    core.verified(first, ALFA)
    assert core.desk.open_patient(second, ALFA, None).verification.level < Level.STATUS


def test_the_number_the_call_came_from_proves_nothing_when_it_is_said_either(core: Core) -> None:
    phone = person(ALFA).phones[0].number
    came, other = core.desk.begin(phone).id, core.desk.begin("07700 900999").id
    for call, state in ((came, ItemState.STRUCK), (other, ItemState.MATCH)):
        core.desk.open_patient(call, ALFA, None)
        assert core.desk.try_item(call, Item.PHONE, phone).verification.results[Item.PHONE].state is state


def test_the_practice_that_the_status_shows_proves_nothing_afterwards(core: Core) -> None:
    call = core.desk.begin().id
    core.verified(call, ALFA)
    core.ask_all(call)
    assert core.desk.status(call).primary_care is not None
    opened = core.desk.try_item(call, Item.GP_PRACTICE, "ALFA XPA01")
    assert opened.verification.results[Item.GP_PRACTICE].state is ItemState.STRUCK


def test_whose_authority_is_relied_on_is_on_record(core: Core) -> None:
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)
    core.desk.set_caller(call, CallerKind.SOMEONE_ELSE, Authority("proxy", Level.STATUS, sensitive=True))
    assert core.world.events[-1].details == {"caller": "someone_else", "authority": "proxy status sensitive"}


def test_a_proxy_without_authority_does_not_reach_status(core: Core) -> None:
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)
    core.desk.set_caller(call, CallerKind.SOMEONE_ELSE, None)
    for item, said in right_answers(person(ALFA)).items():
        core.desk.try_item(call, item, said)
    with pytest.raises(RuleBroken):
        core.desk.status(call)


def test_two_matches_are_not_enough(core: Core) -> None:
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)
    for item in (Item.DATE_OF_BIRTH, Item.NHS_NUMBER):
        opened = core.desk.try_item(call, item, right_answers(person(ALFA))[item])
    assert opened.verification.level < Level.STATUS
    assert opened.verification.needed


def test_the_audit_row_comes_before_the_banner(core: Core) -> None:
    call = core.desk.begin().id

    def fail(place: str) -> None:
        if place == "audit":
            raise StorageError("The disk is full.")

    core.world.meanwhile = fail
    with pytest.raises(StorageError):
        core.desk.open_patient(call, ALFA, None)
    core.world.meanwhile = lambda _place: None
    with pytest.raises(RuleBroken):
        core.desk.try_item(call, Item.DATE_OF_BIRTH, BORN)


def test_a_replaced_number_opens_its_successor_while_pds_is_down(core: Core) -> None:
    core.world.remember(person(ALFA))
    core.world.numbers[BRAVO] = ALFA
    core.world.down = True
    call = core.desk.begin().id
    opened = core.verified(call, BRAVO)
    opened = core.desk.try_item(call, Item.POSTCODE, right_answers(person(ALFA))[Item.POSTCODE])
    opened = core.desk.try_item(call, Item.DATE_OF_BIRTH, BORN)
    assert opened.number == opened.banner.number == ALFA
    assert opened.gate.state is GateState.UNCONFIRMED
    core.ask_all(call)
    assert [p.nhs_number for p in core.desk.status(call).pathways] == [ALFA]


def test_nothing_held_is_not_said_while_the_gate_is_not_confirmed(core: Core) -> None:
    core.world.remember(person(ALFA))
    core.world.listed = False
    said = {}
    for down in (False, True):
        core.world.down = down
        call = core.desk.begin().id
        core.verified(call, ALFA)
        core.ask_all(call)
        said[down] = " ".join(s.text for saying in core.desk.status(call).general for s in saying.sentences)
    assert "None of them shows a wait" in said[False]
    assert "None of them shows a wait" not in said[True]
    assert "could not look in each place" in said[True]


def test_a_save_whose_acknowledgement_was_lost_is_asked_again_and_is_one_call(core: Core) -> None:
    draft = core.desk.begin()
    core.verified(draft.id, ALFA)
    draft = replace(draft, patient=ALFA, notes="Told where she is.", disposition=ANSWERED)

    def lost(place: str) -> None:
        if place == "save":
            raise StorageError("The desk's database cannot be reached. Try again.")

    core.world.meanwhile = lost
    with pytest.raises(StorageError):
        core.desk.finish(draft)
    core.world.meanwhile = lambda _place: None
    core.clock.moment = core.clock.moment.replace(minute=5)
    assert core.desk.finish(draft) == core.desk.finish(draft) == core.world.saved[draft.id]
    with pytest.raises(RuleBroken):
        core.desk.finish(replace(draft, notes="Something else."))


def test_finished_twice_at_once_is_one_call(core: Core) -> None:
    draft = core.desk.begin()
    core.verified(draft.id, ALFA)
    draft = replace(draft, patient=ALFA, disposition=ANSWERED)
    together, ends, wrong = threading.Barrier(4), [], []

    def finish() -> None:
        together.wait(10)
        try:
            ends.append(core.desk.finish(draft).ended)
        except RuleBroken as error:
            wrong.append(error)

    threads = [threading.Thread(target=finish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not wrong
    assert len(ends) == 4
    assert len(set(ends)) == 1


def test_a_draft_that_was_overtaken_does_not_take_the_later_words_away(core: Core) -> None:
    draft = core.desk.begin()
    inside, later = threading.Event(), threading.Event()

    def slow(place: str) -> None:
        if place == "draft" and threading.current_thread().name == "slow":
            inside.set()
            later.wait(5)

    core.world.meanwhile = slow
    first = threading.Thread(target=core.desk.keep, args=(replace(draft, notes="a"),), name="slow")
    first.start()
    assert inside.wait(5)
    second = threading.Thread(target=core.desk.keep, args=(replace(draft, notes="a b"),))
    second.start()
    second.join(0.3)
    later.set()
    first.join(10)
    second.join(10)
    assert core.world.drafts[draft.id].notes == "a b"


def test_neither_what_is_said_nor_what_is_true_stands_in_an_audit_row_or_a_repr(core: Core) -> None:
    call = core.desk.begin("07700 900123").id
    core.desk.open_patient(call, ALFA, Query("alfa 1950", (Fact(FactKind.BORN_YEAR, "1950", ""),)))
    wrong = {Item.DATE_OF_BIRTH: "3 March 1933", Item.POSTCODE: "ZZ99 7QQ", Item.PHONE: "07700 900777"}
    for item, said in (*wrong.items(), *right_answers(person(ALFA)).items()):
        core.desk.try_item(call, item, said)
    with pytest.raises(RuleBroken) as refused:
        core.desk.tick(call, "said ZZ99 1AA")
    told = repr([core.world.events, core.desk, core.desk._open.must(call), core.desk._open.must(call).check, refused.value])
    told += "".join(f"{e.purpose} {dict(e.details)}" for e in core.world.events)
    secrets = {*wrong.values(), *right_answers(person(ALFA)).values(), ALFA.value, "1950-01-01", "Alfa Road", "07700 900121"}
    assert [secret for secret in secrets if secret in told] == []


class NotedLink:
    """Another system that notes whom it was told of."""

    def __init__(self, *, tells: bool) -> None:
        self.tells_patient, self.host = tells, "record.example.org"
        self.told: list[object] = []

    def address(self, number: object) -> str:
        self.told.append(number)
        return "http://127.0.0.1:1/once"


def with_links(core: Core) -> tuple[NotedLink, NotedLink]:
    record, app = NotedLink(tells=True), NotedLink(tells=False)
    core.link([("record", "Shared care record", record), ("app", "NHS App", app)])
    return record, app


def test_another_system_is_told_of_a_patient_only_once_the_caller_is_verified_and_it_is_on_record_first(core: Core) -> None:
    record, _ = with_links(core)
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)
    assert [bool(o.why_not) for o in core.desk.beside.links(call)] == [True, False]
    with pytest.raises(RuleBroken):
        core.desk.beside.open_link(call, "record")
    assert record.told == []
    core.verified(call, ALFA)
    assert [o.why_not for o in core.desk.beside.links(call)] == ["", ""]
    core.desk.beside.open_link(call, "record")
    assert record.told == [ALFA]
    event = core.world.events[-1]
    assert (event.action, event.subjects, event.details["told"]) == (AuditAction.LINK_OPENED, (ALFA,), "nhs_number")


def test_a_broken_glass_tells_no_other_system(core: Core) -> None:
    record, _ = with_links(core)
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)
    core.desk.break_glass(call, "caller is very unwell")
    with pytest.raises(RuleBroken):
        core.desk.beside.open_link(call, "record")
    assert record.told == []


def test_a_link_without_a_patient_is_open_in_any_call_and_tells_nobody(core: Core) -> None:
    _, app = with_links(core)
    call = core.desk.begin().id
    assert core.desk.beside.open_link(call, "app")
    assert app.told == [None]
    assert core.world.events[-1].subjects == ()


def test_nothing_opens_that_could_not_be_put_on_record(core: Core) -> None:
    record, _ = with_links(core)
    call = core.desk.begin().id
    core.verified(call, ALFA)
    core.world.fails_audit = True
    with pytest.raises(StorageError):
        core.desk.beside.open_link(call, "record")
    assert record.told == []


class Relations:
    """PDS, for those who are related."""

    def __init__(self, found: object = ()) -> None:
        self.found = found
        self.asked: list[object] = []

    def related(self, number: object) -> object:
        self.asked.append(number)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def test_related_people_are_asked_for_once_the_status_may_be_seen_and_on_record(core: Core) -> None:
    pds = Relations((Related("Mother", PersonName("Adeyemi")),))
    core.desk = CallDesk(replace(core.parts, demographics=pds))  # type: ignore[arg-type]  # a stand-in
    call = core.desk.begin().id
    core.desk.open_patient(call, ALFA, None)
    with pytest.raises(RuleBroken):
        core.desk.beside.related(call)
    assert pds.asked == []
    core.verified(call, ALFA)
    assert [r.relationship for r in core.desk.beside.related(call)] == ["Mother"]
    assert (core.world.events[-1].action, core.world.events[-1].subjects) == (AuditAction.RELATED_ASKED, (ALFA,))
    pds.found = NotFound("PDS holds nobody related to this person.")
    assert core.desk.beside.related(call) == ()
    pds.found = NumberNoLongerUsed("This NHS number is no longer used.")
    with pytest.raises(NumberNoLongerUsed):
        core.desk.beside.related(call)
