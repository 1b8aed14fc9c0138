"""Pathways that may be the same are listed with the reasons, on both sides, and never merged."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pathway_facts import GENERAL, UBRN, activity, only, referral, row, stitched

from helpdesk.identifiers import PathwayId
from helpdesk.pathways.model import ListRow, Pathway
from helpdesk.pathways.stitching import visible_to

BEGAN = date(2026, 3, 3)
FAR = date(2026, 8, 3)


def other(**changed: object) -> ListRow:
    """Another pathway of another specialty, elsewhere and at another time, but for what is changed."""
    given: dict[str, object] = {
        "provider": GENERAL,
        "pathway_id": PathwayId("Q9", "XTG01"),
        "treatment_function": "130",
        "referral_received": FAR,
        "clock_start": FAR,
    }
    return row(**(given | changed))


def reasons(pathways: tuple[Pathway, ...]) -> tuple[str, ...]:
    """What stands on both of two pathways."""
    one, two = pathways
    if not one.may_be_same:
        assert not two.may_be_same
        return ()
    (of_one,), (of_two,) = one.may_be_same, two.may_be_same
    assert (of_one.key, of_two.key) == (two.key, one.key)
    assert of_one.reasons == of_two.reasons or set(map(len, (of_one.reasons, of_two.reasons))) == {len(of_one.reasons)}
    return of_one.reasons


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({}, ()),
        ({"provider": row().provider}, ()),
        ({"referral_received": BEGAN, "clock_start": BEGAN}, ()),
        ({"treatment_function": "110"}, ()),
        (
            {"treatment_function": "110", "provider": row().provider},
            ("same specialty (Trauma and orthopaedics)", "same provider (Fenmoor City)"),
        ),
        (
            {"treatment_function": "110", "referral_received": BEGAN},
            ("same specialty (Trauma and orthopaedics)", "both referred on 03-Mar-2026"),
        ),
        (
            {"treatment_function": "110", "clock_start": BEGAN},
            ("same specialty (Trauma and orthopaedics)", "same clock start (03-Mar-2026)"),
        ),
        ({"treatment_function": "110", "referral_received": BEGAN + timedelta(15)}, ()),
        ({"treatment_function": "110", "clock_start": None}, ()),
    ],
)
def test_reasons(changed: dict[str, object], because: tuple[str, ...]) -> None:
    assert reasons(stitched([row(), other(**changed)])) == because


@pytest.mark.parametrize("days", [14, -14])
def test_referrals_two_weeks_apart_may_be_one(days: int) -> None:
    near = BEGAN + timedelta(days)
    found = reasons(stitched([row(), other(treatment_function="110", referral_received=near)]))
    assert len(found) == 2
    assert {"03-Mar-2026", near.strftime("%d-%b-%Y")} <= set(found[1].replace("referred on ", "").split(" and on "))


def test_specialties_that_are_counted_as_one_may_be_one() -> None:
    found = stitched([row()], [referral(clock_start=BEGAN)])
    assert {p.specialty.code for p in found} == {"110", "111"}
    assert len(reasons(found)) == 4


def test_the_same_appointment_at_one_provider_whatever_the_specialty() -> None:
    soon = date(2026, 12, 16)
    booked = row(next_outpatient=soon)
    assert reasons(stitched([booked, other(next_outpatient=soon)])) == ()
    here = other(next_outpatient=soon, provider=row().provider)
    assert reasons(stitched([booked, here])) == ("the same outpatient appointment on 16-Dec-2026",)
    another_day = other(next_outpatient=soon + timedelta(1), provider=row().provider)
    assert reasons(stitched([booked, another_day])) == ()
    admission = other(next_admission=soon, provider=row().provider)
    assert reasons(stitched([booked, admission])) == ()


def test_nothing_is_alike_for_want_of_a_specialty() -> None:
    nameless = [row(treatment_function=""), row(treatment_function="", pathway_id=PathwayId("P2", "XFC01"), referral_received=FAR)]
    assert reasons(stitched(nameless)) == ()


def test_one_pathway_is_like_no_other() -> None:
    assert only([row()]).may_be_same == ()
    assert only([row(ubrn=UBRN)], [referral()]).may_be_same == ()


def test_three_that_may_be_one_are_named_on_each() -> None:
    rows = [row(), row(pathway_id=PathwayId("P2", "XFC01")), row(pathway_id=PathwayId("P3", "XFC01"))]
    found = stitched(rows)
    assert len(found) == 3
    for pathway in found:
        assert {a.key for a in pathway.may_be_same} == {p.key for p in found} - {pathway.key}


def test_a_proxy_is_not_told_of_a_hidden_one_by_its_likeness() -> None:
    hidden = activity(start=date(2026, 12, 16), place="Sexual health clinic", local_id="")
    found = stitched([row(next_outpatient=date(2026, 12, 16))], activities=[hidden])
    assert all(p.may_be_same for p in found)
    (seen,) = visible_to(found, proxy=True, sensitive_scope=False)
    assert seen.may_be_same == ()
    assert visible_to(found, proxy=True, sensitive_scope=True) == found
    assert visible_to(found, proxy=False, sensitive_scope=False) == found
