"""Finding people: nobody is listed before the record of it is kept, and PDS is asked only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorUnavailable,
    NotFound,
    NumberNoLongerUsed,
    RuleBroken,
    StorageError,
    TooManyMatches,
)
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Candidate, Origin, PartialDate, Patient, PersonName, Query, Sensitivity
from helpdesk.patients.query import understand
from helpdesk.patients.service import NO_PDS, PDS_BY_POSTCODE, PDS_NEEDS, PDS_REPLACED, PDS_UNKNOWN, PDS_WITHDRAWN, PatientSearch

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def number(n: int) -> NhsNumber:
    """The n-th valid number of a block that is never issued."""
    valid = (f"{nine}{NhsNumber.check_digit(str(nine))}" for nine in range(999000000, 999999999) if NhsNumber.check_digit(str(nine)))
    return NhsNumber(next(value for place, value in enumerate(valid) if place == n))


def person(n: int, origin: Origin = Origin.INDEX, **more: Any) -> Candidate:
    given = {
        "name": PersonName("Smith", (f"Jane{n}",)),
        "born": PartialDate(1950, 1, 1),
        "gender": "Female",
        "restricted": False,
        "deceased": False,
    }
    return Candidate(number(n), **{**given, "origin": origin, **more})


def patient(n: int, asked: int | None = None, **more: Any) -> Patient:
    return Patient(
        number(n),
        number(n if asked is None else asked),
        Sensitivity.UNRESTRICTED,
        "pds",
        NOW,
        PersonName("Smith", ("Jane",)),
        born=PartialDate(1950, 1, 1),
        **more,
    )


@dataclass
class Index:
    """Everybody matches; `journal` shows what happened in what order."""

    people: tuple[Candidate, ...] = ()
    total: int | None = None
    journal: list[str] = field(default_factory=list)
    kept: list[Patient] = field(default_factory=list)

    def find(self, query: Query, limit: int) -> tuple[tuple[Candidate, ...], int]:
        self.journal.append("index")
        return self.people[:limit], len(self.people) if self.total is None else self.total

    def person(self, number: NhsNumber) -> Patient | None:
        return None

    def known_sensitivity(self, number: NhsNumber) -> Sensitivity | None:
        return None

    def known_sensitivities(self, numbers: Any) -> dict[NhsNumber, Sensitivity]:
        return {}

    def remember(self, patient: Patient) -> None:
        self.kept.append(patient)


@dataclass
class Pds:
    journal: list[str]
    answer: Callable[[], Any] = tuple

    def get(self, number: NhsNumber) -> Patient:
        self.journal.append("pds get")
        got: Patient = self.answer()
        return got

    def trace(self, query: Query, *, fuzzy: bool = False) -> tuple[Candidate, ...]:
        self.journal.append("pds fuzzy" if fuzzy else "pds trace")
        got: tuple[Candidate, ...] = self.answer()
        return got


@dataclass
class Trail:
    journal: list[str]
    events: list[AuditEvent] = field(default_factory=list)
    full: bool = False

    def record(self, event: AuditEvent) -> None:
        if self.full:
            raise StorageError("The disk is full.")
        self.journal.append(event.action.value)
        self.events.append(event)


class Clock:
    def now(self) -> datetime:
        return NOW


def session(role: Role = Role.HANDLER) -> Session:
    return Session("s", Staff("1", "ah", "A. Handler", frozenset({role})), role, "desk-1", "XICB", NOW)


@dataclass
class Room:
    search: PatientSearch
    index: Index
    trail: Trail
    pds: Pds

    @property
    def journal(self) -> list[str]:
        return self.index.journal


def room(
    people: tuple[Candidate, ...] = (),
    total: int | None = None,
    answer: Callable[[], Any] = tuple,
    role: Role = Role.HANDLER,
    *,
    pds: bool = True,
) -> Room:
    index = Index(people, total)
    trail, asked = Trail(index.journal), Pds(index.journal, answer)
    return Room(PatientSearch(index, asked if pds else None, trail, session(role), Clock()), index, trail, asked)


def said(text: str) -> Query:
    return understand(text, date(2026, 11, 21))


def refusing(error: Exception) -> Callable[[], Any]:
    def answer() -> Any:
        raise error

    return answer


SOME = tuple(person(n) for n in range(12))


@pytest.mark.parametrize(
    ("text", "matching", "listed"),
    [
        ("smith", 10, True),
        ("smith", 11, False),
        ("smith jane", 11, False),
        ("1950", 11, False),
        ("1/1/1950 1950", 11, False),
        ("smith 1950", 11, True),
        ("smith zz99", 11, True),
        ("07700 900123", 11, False),
    ],
)
def test_people_are_listed_once_few_match_or_two_kinds_of_fact_are_said(text: str, matching: int, listed: bool) -> None:
    r = room(SOME[:matching])
    listing = r.search.typed(said(text), "search", "call")
    assert len(listing.people) == (matching if listed else 0)
    assert listing.total == matching
    assert [e.action for e in r.trail.events] == ([AuditAction.PEOPLE_LISTED] if listed else [])


def test_everybody_listed_is_in_the_record_made_before_and_the_words_are_not() -> None:
    r = room(SOME[:3])
    listing = r.search.typed(said("smith 1950"), "search-7", "call-9")
    (event,) = r.trail.events
    assert event.subjects == tuple(p.nhs_number for p in listing.people)
    assert event.call_id == "call-9"
    assert event.details == {"search_id": "search-7", "origin": "index", "count": "3", "kinds": "born_year,name"}
    assert "smith" not in repr(event).lower()


def test_nobody_is_returned_when_the_record_cannot_be_kept() -> None:
    r = room(SOME)
    r.trail.full = True
    with pytest.raises(StorageError):
        r.search.typed(said("smith 1950"), "s", "c")
    with pytest.raises(StorageError):
        r.search.traced(said("smith 1950"), "s", "c")
    assert "pds trace" not in r.journal


def test_typing_never_asks_pds() -> None:
    r = room(SOME[:2], answer=lambda: (person(30, Origin.PDS),))
    for text in ("smith 1950", str(number(1)), "smith 1/1/1950"):
        r.search.typed(said(text), "s", "c")
    assert not [step for step in r.journal if step.startswith("pds")]


def test_a_problem_or_no_facts_searches_nothing() -> None:
    r = room(SOME)
    for text in ("smith 31/02/1950", "", "12345"):
        assert r.search.typed(said(text), "s", "c").people == ()
        assert r.search.traced(said(text), "s", "c").people == ()
    assert r.journal == []
    with pytest.raises(RuleBroken, match="31st of February"):
        r.search.listed(said("smith 31/02/1950"), "a reason")


def test_at_most_fifty_are_listed_and_more_says_so() -> None:
    many = tuple(person(n) for n in range(60))
    listing = room(many, total=400).search.typed(said("smith 1950"), "s", "c")
    assert (len(listing.people), listing.total, listing.more) == (50, 400, True)
    both = room(many, total=60, answer=lambda: tuple(person(n, Origin.PDS) for n in range(60, 100))).search.traced(
        said("smith 1950"), "s", "c"
    )
    assert len(both.people) == 50
    assert both.more


def test_a_trace_is_recorded_before_pds_is_asked_and_its_people_before_they_are_returned() -> None:
    r = room(SOME[:2], answer=lambda: (person(20, Origin.PDS), person(1, Origin.PDS)))
    listing = r.search.traced(said("smith 1/1/1950"), "s", "c")
    assert [p.nhs_number for p in listing.people] == [number(20), number(1), number(0)]
    assert r.journal == ["trace_asked", "pds trace", "index", "people_listed"]
    assert r.trail.events[0].subjects == ()
    assert r.trail.events[1].subjects == tuple(p.nhs_number for p in listing.people)
    assert r.trail.events[1].details["origin"] == "pds"
    assert listing.total == 3


def test_a_person_restricted_by_either_source_is_restricted_in_the_list() -> None:
    here = person(1, postcode="ZZ99 3VZ", why=("Postcode",))
    there = person(1, Origin.PDS, restricted=True, why=("Name, exact",))
    (one,) = room((here,), answer=lambda: (there,)).search.traced(said("smith 1950"), "s", "c").people
    assert (one.restricted, one.postcode, one.why) == (True, "", ("Name, exact", "Postcode"))
    (other,) = (
        room((replace(here, restricted=True, postcode=""),), answer=lambda: (replace(there, restricted=False, postcode="ZZ99 3VZ"),))
        .search.traced(said("smith 1950"), "s", "c")
        .people
    )
    assert (other.restricted, other.postcode) == (True, "")


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (TooManyMatches("Too many people match."), "Too many people match."),
        (ConnectorUnavailable("PDS did not answer in time."), "PDS did not answer in time."),
        (ConnectorAuthFailed("Sign in to PDS again."), "Sign in to PDS again."),
        (RuleBroken("PDS needs a gender."), "PDS needs a gender."),
    ],
)
def test_when_pds_cannot_answer_the_people_here_are_still_listed(error: Exception, note: str) -> None:
    listing = room(SOME[:2], answer=refusing(error)).search.traced(said("smith 1950"), "s", "c", fuzzy=True)
    assert listing.note == note
    assert len(listing.people) == 2


@pytest.mark.parametrize(("error", "note"), [(NotFound("x"), PDS_UNKNOWN), (NumberNoLongerUsed("x"), PDS_WITHDRAWN)])
def test_a_number_pds_does_not_have_is_said_in_plain_words(error: Exception, note: str) -> None:
    listing = room(answer=refusing(error)).search.traced(said(str(number(3))), "s", "c")
    assert (listing.note, listing.people) == (note, ())


@pytest.mark.parametrize("text", ["smith", "1/1/1950", "smith zz99 3vz"])
def test_pds_is_not_asked_without_a_name_and_a_birth_date(text: str) -> None:
    r = room(SOME[:2])
    listing = r.search.traced(said(text), "s", "c")
    assert listing.note == PDS_NEEDS
    assert len(listing.people) == 2
    assert [e.action for e in r.trail.events] == [AuditAction.PEOPLE_LISTED]


def test_without_pds_the_list_is_local_and_says_so() -> None:
    listing = room(SOME[:2], pds=False).search.traced(said("smith 1950"), "s", "c")
    assert (listing.note, len(listing.people)) == (NO_PDS, 2)


def test_a_number_is_got_from_pds_kept_and_listed_with_what_else_fits() -> None:
    r = room((person(4, why=("NHS number",)),), answer=lambda: patient(4))
    (one,) = r.search.traced(said(f"smith jane 1950 {number(4)}"), "s", "c").people
    assert one.origin is Origin.PDS
    assert one.why == ("NHS number", "Name, exact", "Year of birth")
    assert r.index.kept == [patient(4)]
    assert r.journal == ["trace_asked", "pds get", "index", "people_listed"]


def test_a_superseded_number_leads_to_the_new_one() -> None:
    listing = room(answer=lambda: patient(5, asked=4)).search.traced(said(str(number(4))), "s", "c")
    assert [p.nhs_number for p in listing.people] == [number(5)]
    assert listing.note == PDS_REPLACED


def test_the_command_line_lists_whatever_the_rule_for_typing_and_keeps_the_reason() -> None:
    r = room(SOME, total=300)
    listing = r.search.listed(said("smith"), "patient wrote in")
    assert (len(listing.people), listing.total, listing.more, listing.note) == (12, 300, True, PDS_NEEDS)
    assert r.trail.events[0].purpose == "patient wrote in"
    assert r.trail.events[0].call_id is None


def test_people_who_can_be_taken_for_each_other_are_marked_wherever_they_stand() -> None:
    name = PersonName("Smith", ("Jane",))
    people = (
        person(1, name=name),
        person(2),
        person(3, name=PersonName("SMITH", ("Jané",)), born=PartialDate(1950)),
        person(4, name=name, born=PartialDate(1961), postcode="ZZ99 3VZ"),
        person(5, name=name, born=PartialDate(1962), postcode="ZZ993VZ"),
        person(6, name=PersonName(), born=PartialDate(1950)),
        person(7, name=PersonName(), born=PartialDate(1950)),
    )
    listing = room(people).search.typed(said("smith 1950"), "s", "c")
    assert listing.people == people
    assert listing.look_alikes == (number(1), number(3), number(4), number(5))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRIVACY_OFFICER])
def test_a_role_that_may_not_search_gets_nothing(role: Role) -> None:
    r = room(SOME[:1], role=role)
    for ask in (
        lambda: r.search.typed(said("smith"), "s", "c"),
        lambda: r.search.traced(said("smith"), "s", "c"),
        lambda: r.search.listed(said("smith"), "x"),
    ):
        with pytest.raises(RuleBroken):
            ask()
    assert r.journal == []


@pytest.mark.parametrize("held", [None, patient(1)])
def test_whoever_a_search_of_pds_finds_restricted_is_held_as_restricted(held: Patient | None) -> None:
    index = Index()
    index.person = lambda _number: held
    pds = Pds(index.journal, lambda: (person(1, Origin.PDS, restricted=True), person(2, Origin.PDS)))
    people = PatientSearch(index, pds, Trail(index.journal), session(), Clock())
    people.traced(understand("smith 01/01/1950", NOW.date()), "search", None)
    assert [(p.nhs_number, p.sensitivity, p.name.family) for p in index.kept] == [(number(1), Sensitivity.RESTRICTED, "Smith")]


def test_the_people_of_a_wider_search_are_recorded_like_any_other() -> None:
    r = room(SOME[:1], answer=lambda: (person(20, Origin.PDS, similar=True), person(21, Origin.PDS, restricted=True)))
    listing = r.search.traced(said("smith jane 1/1/1950"), "s", "c", fuzzy=True)
    assert r.journal == ["trace_asked", "pds fuzzy", "index", "people_listed"]
    asked, listed = r.trail.events
    assert asked.details["how"] == "fuzzy"
    assert listed.subjects == tuple(p.nhs_number for p in listing.people) == (number(20), number(21), number(0))


def test_fifty_of_pds_and_fifty_here_leave_nobody_of_pds_out_of_the_record() -> None:
    r = room(tuple(person(n) for n in range(50)), answer=lambda: tuple(person(n, Origin.PDS) for n in range(60, 110)))
    listing = r.search.traced(said("smith 1950"), "s", "c", fuzzy=True)
    assert listing.people == tuple(person(n, Origin.PDS) for n in range(60, 110))
    assert r.trail.events[-1].subjects == tuple(p.nhs_number for p in listing.people)


@pytest.mark.parametrize("fuzzy", [False, True])
@pytest.mark.parametrize("found", [(), (person(20, Origin.PDS),)])
def test_that_a_postcode_leaves_restricted_people_out_is_said(found: tuple[Candidate, ...], fuzzy: bool) -> None:
    r = room(answer=lambda: found)
    assert r.search.traced(said("smith jane 1/1/1950 zz99 3vz"), "s", "c", fuzzy=fuzzy).note == PDS_BY_POSTCODE
    assert r.search.traced(said("smith jane 1/1/1950"), "s", "c", fuzzy=fuzzy).note == ""


@pytest.mark.parametrize(
    ("text", "fuzzy", "answer", "nobody"),
    [
        ("smith 1950", False, tuple, True),
        ("smith 1950", True, tuple, False),
        ("smith 1950", False, lambda: (person(20, Origin.PDS),), False),
        ("smith 1950", False, refusing(ConnectorUnavailable("x")), False),
        ("smith 1950", False, refusing(TooManyMatches("x")), False),
        ("smith 1950", False, refusing(RuleBroken("x")), False),
        ("smith", False, tuple, False),
        (str(number(1)), False, refusing(NotFound("x")), False),
    ],
)
def test_only_an_exact_answer_of_nobody_opens_the_wider_search(text: str, fuzzy: bool, answer: Callable[[], Any], nobody: bool) -> None:
    r = room(SOME[:1], answer=answer)
    assert r.search.traced(said(text), "s", "c", fuzzy=fuzzy).nobody_in_pds is nobody
    assert not r.search.typed(said(text), "s", "c").nobody_in_pds
    assert not room(SOME[:1], answer=answer, pds=False).search.traced(said(text), "s", "c").nobody_in_pds


def test_a_gender_is_no_second_kind_of_fact_for_the_list_as_words_are_typed() -> None:
    assert room(SOME[:11]).search.typed(said("smith female"), "s", "c").people == ()
