"""Facts of further extracts: joined by hard keys alone, and what they show where no list holds the pathway."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathway_facts import GENERAL, JANE, SOMEBODY_ELSE, TODAY, UBRN, WEEK, activity, clock, named, referral, row, sent

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import PathwayId, Ubrn
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.joining import join
from helpdesk.pathways.model import ListRow, Pathway, Referral, ReferralState
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.stitching import stitch

START, STOP = ClockMove.START, ClockMove.STOP
PADDED = PathwayId("00000000" + UBRN.value, "X09")
OWN = PathwayId("P1", "XFC01")
BEGAN = date(2026, 9, 1)
NO_KEYS: dict[str, Any] = {"pathway_id": None, "ubrn": None}


def shown(
    *rows: ListRow,
    events: tuple[ClockEvent, ...] = (),
    referred: tuple[ReferralRow, ...] = (),
    activities: tuple[Activity, ...] = (),
    ers: tuple[Referral, ...] = (),
) -> tuple[Pathway, ...]:
    held = [HeldRows("XFC01", WEEK, rows, clock_events=events, referrals=referred, activities=activities)]
    return stitch(held, ers, about=JANE, today=TODAY, limit_days=10, organisations=named)


KEYS: list[dict[str, Any]] = [{"pathway_id": OWN, "ubrn": None}, {"pathway_id": PADDED, "ubrn": None}, {"pathway_id": None, "ubrn": UBRN}]


@pytest.mark.parametrize(("of_row", "of_fact"), list(product(KEYS, KEYS)))
def test_a_clock_event_and_a_referral_join_by_a_hard_key_and_by_nothing_else(of_row: dict[str, Any], of_fact: dict[str, Any]) -> None:
    same = (of_row is of_fact) or (of_row is not KEYS[0] and of_fact is not KEYS[0])
    for facts in ({"clock_events": [clock(BEGAN, START, **of_fact)]}, {"sent": [sent(**of_fact)]}):
        joined = join(JANE, [row(**of_row)], [], **facts)  # type: ignore[arg-type]  # one kind of fact or the other
        assert len(joined) == (1 if same else 2)


def test_a_referral_that_names_both_keys_brings_list_and_e_rs_together() -> None:
    both = sent(pathway_id=OWN)
    (joined,) = join(JANE, [row()], [referral()], sent=[both])
    assert (len(joined.rows), len(joined.referrals), joined.sent) == (1, 1, (both,))
    assert len(join(JANE, [row()], [referral()])) == 2


def test_two_identifiers_of_one_provider_under_one_reference_stay_apart_whichever_extract_says_so() -> None:
    first, second = row(ubrn=UBRN), row(ubrn=UBRN, pathway_id=PathwayId("P2", "XFC01"), clock_start=BEGAN)
    assert len(join(JANE, [first], [], clock_events=[clock(BEGAN, START, pathway_id=PathwayId("P2", "XFC01"), ubrn=UBRN)])) == 2
    assert len(join(JANE, [first, second], [], sent=[sent(pathway_id=OWN)])) == 2


@pytest.mark.parametrize("says_so", ["row", "event"])
def test_a_separate_condition_is_a_pathway_of_its_own(says_so: str) -> None:
    theirs = PathwayId("Q9", "XTG01")
    first = row(ubrn=UBRN)
    new = row(provider=GENERAL, ubrn=UBRN, pathway_id=theirs, clock_start=BEGAN, rtt_status="12" if says_so == "row" else "20")
    event = clock(BEGAN, START, "12" if says_so == "event" else "10", provider=GENERAL, pathway_id=theirs, ubrn=UBRN)
    found = join(JANE, [first, new], [referral()], clock_events=[event])
    assert {(len(j.rows), len(j.referrals), len(j.clock_events)) for j in found} == {(1, 1, 0), (1, 0, 1)}
    plain = replace(new, rtt_status="20")
    assert len(join(JANE, [first, plain], [referral()])) == 1
    alone = replace(new, rtt_status="12")
    assert len(join(JANE, [alone], [referral()])) == 1


def test_a_clock_event_without_a_hard_key_belongs_to_no_pathway() -> None:
    assert join(JANE, [row()], [], clock_events=[clock(BEGAN, START, **NO_KEYS)])[0].clock_events == ()
    assert join(JANE, [], [], clock_events=[clock(BEGAN, START, **NO_KEYS)]) == ()
    blank = clock(BEGAN, START, pathway_id=PathwayId(" ", "XFC01"))
    assert join(JANE, [], [], clock_events=[blank]) == ()


def test_referrals_without_a_hard_key_stay_apart() -> None:
    plain = sent(**NO_KEYS)
    assert len(join(JANE, [row()], [], sent=[plain, replace(plain, received=TODAY), replace(plain, sent=BEGAN)])) == 4
    assert len(join(JANE, [], [], sent=[plain, plain])) == 1


@pytest.mark.parametrize("facts", [{"clock_events": [clock(BEGAN, START)]}, {"sent": [sent()]}])
def test_facts_about_somebody_else_are_refused(facts: dict[str, Any]) -> None:
    (kind, (fact,)) = next(iter(facts.items()))
    with pytest.raises(RuleBroken):
        join(JANE, [row()], [], **{kind: [replace(fact, nhs_number=SOMEBODY_ELSE)]})


def test_a_local_identifier_joins_activity_to_what_an_extract_knows() -> None:
    told = activity(start=datetime(2026, 12, 16, 9, tzinfo=UTC), local_id="P1")
    (joined,) = join(JANE, [], [], [told], sent=[sent(pathway_id=OWN)])
    assert joined.activities == (told,)
    two = [sent(pathway_id=OWN), sent(pathway_id=PathwayId("P1", "XTG01"), ubrn=Ubrn("000000070001"))]
    assert len(join(JANE, [], [], [told], sent=two)) == 3


def test_a_padded_identifier_joins_activity_by_its_booking_reference() -> None:
    told = activity(start=date(2026, 12, 16), local_id="", pathway_id=PADDED)
    assert len(join(JANE, [], [referral()], [told])) == 1
    assert len(join(JANE, [], [], [told, replace(told, id="a2", pathway_id=None, ubrn=UBRN)])) == 1
    nobodys = activity(start=date(2026, 12, 16), local_id="", provider=GENERAL)
    assert len(join(JANE, [], [], [nobodys, replace(nobodys, id="a2")])) == 2
    unnamed = activity(start=date(2026, 12, 16), local_id="P1", provider=None)
    assert len(join(JANE, [row()], [], [unnamed])) == 2


def test_facts_of_one_pathway_stand_in_order() -> None:
    late, soon = activity(start=date(2026, 12, 18), local_id="P1"), activity(start=date(2026, 12, 16), local_id="P1", id="z9")
    undated, other = activity(start=None, local_id="P1", id="n"), activity(start=date(2026, 12, 16), local_id="P1", id="b")
    elsewhere = replace(other, source="a system", id="zz")
    (joined,) = join(JANE, [row()], [], [late, soon, undated, other, elsewhere])
    assert joined.activities == (undated, elsewhere, other, soon, late)
    assert join(JANE, [row()], [], [late, late, replace(late, place="Clinic 4")])[0].activities == (late, replace(late, place="Clinic 4"))
    first, second = clock(BEGAN, START), clock(BEGAN, STOP, "30", as_at=WEEK - timedelta(7))
    before = clock(BEGAN - timedelta(1), START)
    old, new = sent(as_at=WEEK - timedelta(7)), sent(received=BEGAN)
    (joined,) = join(JANE, [row(ubrn=UBRN)], [], clock_events=[first, second, before], sent=[old, new])
    assert joined.clock_events == (before, second, first)
    assert joined.sent == (new, old)
    seen = [referral(as_at=None), referral(as_at=datetime(2026, 11, 1, tzinfo=UTC)), referral()]
    assert join(JANE, [], seen)[0].referrals == (seen[2], seen[1], seen[0])


@pytest.mark.parametrize(
    ("leads", "follows"),
    [
        ({}, {"rtt_status": "21", "week_ending": WEEK + timedelta(7)}),
        ({"rtt_status": "30"}, {"week_ending": WEEK - timedelta(7)}),
        ({}, {"rtt_status": "30"}),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_who_speaks_for_a_pathway_that_two_lists_hold(leads: dict[str, Any], follows: dict[str, Any], first: bool) -> None:
    """Whatever their names' order: not who has passed it on, then the newest list, then who counts."""
    one, two = (GENERAL, row().provider) if first else (row().provider, GENERAL)
    speaks, other = row(provider=one, **leads), row(provider=two, **follows)
    assert join(JANE, [speaks, other], [])[0].rows == (speaks, other)


@pytest.mark.parametrize("kind", ["rows", "sent"])
def test_a_fact_without_a_hard_key_keeps_its_key_when_another_appears(kind: str) -> None:
    if kind == "rows":
        mine, others = row(pathway_id=None, local_patient_id="L5"), [row(pathway_id=None, local_patient_id="L1")]
        before, after = join(JANE, [mine], []), join(JANE, [*others, mine], [])
        keys = {j.rows[0].local_patient_id: j.key for j in after}
        assert keys["L5"] == before[0].key != keys["L1"]
    else:
        sent_on = sent(**NO_KEYS)
        before, after = join(JANE, [], [], sent=[sent_on]), join(JANE, [], [], sent=[sent(**NO_KEYS | {"sent": BEGAN}), sent_on])
        assert {j.sent[0].sent: j.key for j in after}[sent_on.sent] == before[0].key


def began(*facts: ListRow | ClockEvent | ReferralRow) -> str:
    """Which of two pathways of one provider under one booking reference has e-RS's referral: the one that began first."""
    rows = [f for f in facts if isinstance(f, ListRow)]
    events = [f for f in facts if isinstance(f, ClockEvent)]
    referred = [f for f in facts if isinstance(f, ReferralRow)]
    joins = join(JANE, rows, [referral()], clock_events=events, sent=referred)
    (theirs,) = [j for j in joins if j.referrals]
    (fact,) = {f.pathway_id for f in (*theirs.rows, *theirs.clock_events, *theirs.sent)}
    return fact.value if fact else ""


def test_the_pathway_that_began_first_has_the_booking_reference() -> None:
    a: dict[str, Any] = {"pathway_id": PathwayId("A", "XFC01"), "ubrn": UBRN}
    b: dict[str, Any] = {"pathway_id": PathwayId("B", "XFC01"), "ubrn": UBRN}
    late = date(2026, 10, 1)
    assert began(row(**a, clock_start=late), row(**b, clock_start=BEGAN)) == "B"
    assert began(row(**a, clock_start=None, referral_received=late), row(**b, clock_start=BEGAN, referral_received=None)) == "B"
    assert began(row(**a, clock_start=None, referral_received=None), row(**b, clock_start=BEGAN)) == "B"
    assert began(row(**a, clock_start=late, referral_received=BEGAN), row(**b, clock_start=BEGAN, referral_received=late)) == "B"
    assert began(clock(late, START, **a), clock(BEGAN, START, **b)) == "B"
    assert began(clock(BEGAN, STOP, "30", **a), clock(late, START, **b)) == "B"
    assert began(sent(received=late, sent=BEGAN, **a), sent(received=BEGAN, sent=late, **b)) == "B"
    assert began(sent(sent=late, **a), sent(sent=BEGAN, **b)) == "B"
    assert began(sent(sent=None, **a), sent(sent=BEGAN, **b)) == "B"
    assert began(row(**a, clock_start=BEGAN), row(**b, clock_start=BEGAN)) == "A"


FACTS: list[tuple[str, Any]] = [
    ("rows", row(ubrn=UBRN)),
    ("rows", row(provider=GENERAL, rtt_status="21")),
    ("rows", row(pathway_id=None)),
    ("clock_events", clock(BEGAN, START, "10")),
    ("clock_events", clock(BEGAN, STOP, "30", provider=GENERAL)),
    ("sent", sent()),
    ("sent", sent(as_at=WEEK - timedelta(7), received=BEGAN)),
    ("sent", sent(**NO_KEYS)),
    ("referrals", referral()),
]


@given(st.permutations(FACTS))
def test_no_order_of_facts_changes_anything(facts: list[tuple[str, Any]]) -> None:
    def joined(given: list[tuple[str, Any]]) -> list[object]:
        of = {kind: [fact for k, fact in given if k == kind] for kind, _ in FACTS}
        found = join(JANE, of["rows"], of["referrals"], clock_events=of["clock_events"], sent=of["sent"])
        return sorted(found, key=lambda j: j.key)

    assert joined(facts) == joined(FACTS)


# What only extracts know


def test_a_clock_that_only_its_extract_knows() -> None:
    (found,) = shown(events=(clock(BEGAN, START, "10"),))
    assert (found.clock_start, found.clock_running, found.days_waited, found.weeks_band) == (BEGAN, True, 80, "11")
    assert (found.standing, found.provider.name, found.specialty.code) == (
        "referral with the provider, no appointment",
        "Fenmoor City",
        "110",
    )
    assert (found.sources, found.as_at, found.waited_to) == (("clocks",), WEEK, TODAY)
    assert found.sentences
    assert shown(events=(clock(BEGAN, START, "10"), clock(TODAY, STOP, "30"))) == ()
    old = date(2026, 11, 1)
    (stale,) = shown(events=(clock(BEGAN, START, "10", as_at=old),))
    assert (stale.waited_to, stale.days_waited) == (old, 61)


@pytest.mark.parametrize(
    ("changed", "is_shown"),
    [
        ({"sent": date(2026, 11, 12)}, True),
        ({"sent": date(2026, 10, 30), "received": date(2026, 11, 2)}, True),
        ({"sent": date(2026, 10, 30), "received": date(2026, 11, 1)}, False),
        ({"sent": date(2026, 10, 30), "accepted": date(2026, 11, 1)}, False),
        ({"sent": date(2026, 10, 30), "received": date(2026, 11, 1), "provider": GENERAL}, True),
        ({"sent": date(2024, 1, 1), "received": date(2024, 1, 9), "provider": GENERAL}, False),
    ],
)
def test_a_referral_that_only_its_extract_knows(changed: dict[str, Any], is_shown: bool) -> None:
    found = shown(referred=(sent(**changed),))
    assert len(found) == is_shown
    assert all(p.sentences and not p.clock_running for p in found)


def test_a_referral_that_has_ended_makes_no_row_of_its_own() -> None:
    told = sent(sent=date(2026, 11, 12), pathway_id=OWN)
    assert len(shown(referred=(told,))) == 1
    assert shown(referred=(told,), events=(clock(date(2026, 11, 13), STOP, "34"),)) == ()


def test_what_has_no_treatment_function_is_sensitive_and_the_teams_own_stays_with_it() -> None:
    fresh = date(2026, 11, 12)
    (nameless,) = shown(referred=(sent(sent=fresh, treatment_function=""),))
    assert nameless.sensitive
    (theirs,) = shown(referred=(sent(sent=fresh, treatment_function="800"),))
    assert theirs.ask_team
    (plain,) = shown(referred=(sent(sent=fresh),))
    assert (plain.sensitive, plain.ask_team) == (False, False)


# Activity that an extract gave


BOOKED = activity(start=datetime(2026, 12, 18, 14, tzinfo=UTC), local_id="P1", as_at=WEEK, source="activity_extract")


def test_an_appointment_of_an_extract_is_the_next_event_with_its_day() -> None:
    (found,) = shown(row(), activities=(BOOKED,))
    assert found.next_event is not None
    assert found.next_event.day == date(2026, 12, 18)
    assert "activity_extract" in found.sources
    said = [s for s in found.sentences if s.source == "activity_extract"]
    assert said
    assert all(s.as_at == WEEK for s in said)


def test_a_newer_look_at_e_rs_outweighs_an_extract() -> None:
    from_ers = referral(state=ReferralState.BOOKED, next_event=replace(_event(), day=date(2026, 12, 4)))
    (found,) = shown(row(ubrn=UBRN), activities=(BOOKED,), ers=(from_ers,))
    assert found.next_event is not None
    assert found.next_event.day == date(2026, 12, 4)
    asked_now = replace(BOOKED, as_at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    held = [HeldRows("XFC01", WEEK, (row(ubrn=UBRN),))]
    (live,) = stitch(held, [from_ers], about=JANE, today=TODAY, limit_days=10, organisations=named, activities=[asked_now])
    assert live.next_event is not None
    assert live.next_event.day == date(2026, 12, 18)


def test_a_visit_that_took_place_makes_no_row_of_its_own() -> None:
    visit = replace(BOOKED, kind=ActivityKind.ATTENDANCE, status=ActivityStatus.ATTENDED, start=date(2026, 11, 2), local_id="P7")
    assert len(shown(row(), activities=(visit,))) == 1
    assert shown(activities=(visit,)) == ()


def _event() -> Any:
    (found,) = shown(row(), activities=(BOOKED,))
    return found.next_event
