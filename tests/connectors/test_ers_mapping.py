"""What is taken from an e-RS referral, and what is not."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from ers_referral import BOOKED, NOW, NUMBER, OTHER, UBRN, appointment_of, document, extension_ending
from loopback import published

from connectors.ers.documents import referral_request
from connectors.ers.mapping import referral_from
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import OdsCode, Ubrn
from helpdesk.pathways.model import Referral, ReferralState


def mapped(body: Any, now: datetime = NOW, asked: Ubrn = UBRN) -> Referral:
    return referral_from(body, asked=asked, source="ers", now=now, label="e-RS")


def test_an_appointment_of_another_patient_inside_makes_the_whole_unusable() -> None:
    body = document()
    appointment_of(body)["participant"][1]["actor"]["identifier"]["value"] = OTHER.value
    with pytest.raises(ConnectorUnavailable):
        mapped(body)


@pytest.mark.parametrize("system", ["http://fhir.nhs.net/Id/nhs-number", "https://fhir.nhs.uk/Id/nhs-number"])
def test_both_systems_of_the_nhs_number_are_read(system: str) -> None:
    body = document(subject={"identifier": {"system": system, "value": NUMBER.value}})
    assert mapped(body).nhs_number == NUMBER


@pytest.mark.parametrize(
    "subject",
    [
        {},
        {"identifier": {"system": "http://fhir.nhs.net/Id/nhs-number", "value": "9990000019"}},
        {"identifier": {"system": "https://example.org/hospital-number", "value": NUMBER.value}},
        {"identifier": {"value": NUMBER.value}},
        {"identifier": {"system": "http://fhir.nhs.net/Id/nhs-number", "value": 9990000018}},
        None,
    ],
)
def test_a_referral_that_does_not_say_whose_it_is_is_not_used(subject: Any) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        mapped(document(subject=subject))
    assert caught.value.__cause__ is None
    assert NUMBER.value not in repr(caught.value)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("APP_CANCELLED_BY_PATIENT", ReferralState.APPT_CANCELLED_BY_PATIENT),
        ("A_STATE_OF_NEXT_YEAR", ReferralState.UNKNOWN),
        ("", ReferralState.UNKNOWN),
    ],
)
def test_other_spellings_of_a_state(code: str, state: ReferralState) -> None:
    body = document()
    extension_ending(body, "ReferralState-1")["extension"][0]["valueCoding"]["code"] = code
    assert mapped(body).state is state


def test_a_referral_without_a_state_is_unknown() -> None:
    body = document()
    body["extension"] = [e for e in body["extension"] if not e["url"].endswith("ReferralState-1")]
    assert mapped(body).state is ReferralState.UNKNOWN


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-06-30T23:30:00.000Z", date(2026, 7, 1)),
        ("2026-01-31T23:30:00.000Z", date(2026, 1, 31)),
        ("2026-06-30T23:30:00+01:00", date(2026, 6, 30)),
    ],
)
def test_the_clock_starts_on_the_day_in_london(instant: str, day: date) -> None:
    body = document()
    extension_ending(body, "eReferralPathwayStart-1")["valueInstant"] = instant
    assert mapped(body).clock_start == day


@pytest.mark.parametrize(
    "instant", ["", "2026-06-30", "2026-06-30T10:00:00", "30/06/2026", "0001-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z", 20260630]
)
def test_a_clock_start_that_is_no_instant_is_not_guessed(instant: Any) -> None:
    body = document()
    extension_ending(body, "eReferralPathwayStart-1")["valueInstant"] = instant
    with pytest.raises(ConnectorUnavailable):
        mapped(body)


@pytest.mark.parametrize("kind", [{"coding": [{"code": "CON"}]}, [{"coding": [{"code": "CON"}]}], None, "CON"])
def test_the_kind_of_a_participant_may_have_any_shape(kind: Any) -> None:
    body = document()
    appointment_of(body)["participant"][2]["type"] = kind
    assert mapped(body).next_event == BOOKED.next_event


@pytest.mark.parametrize("status", ["proposed", "pending", "cancelled", "noshow", "fulfilled", ""])
def test_only_a_booked_appointment_is_the_next_event(status: str) -> None:
    body = document()
    appointment_of(body)["status"] = status
    assert mapped(body).next_event is None


def test_an_appointment_stays_next_through_its_own_day_and_no_longer() -> None:
    evening, day_after = datetime(2026, 7, 14, 22, 30, tzinfo=UTC), datetime(2026, 7, 14, 23, 30, tzinfo=UTC)
    assert mapped(document(), evening).next_event is not None
    assert mapped(document(), day_after).next_event is None


def test_before_booking_specialty_and_service_come_from_what_was_sought() -> None:
    body = document(specialty=None)
    del body["specialty"]
    body["contained"] = [c for c in body["contained"] if c["resourceType"] != "Appointment"]
    assert (mapped(body).specialty, mapped(body).service) == ("Cardiology", BOOKED.service)
    shortlist = next(c for c in body["contained"] if c["resourceType"] == "List")
    shortlist["entry"] *= 2
    assert mapped(body).service == ""


def test_a_provider_is_taken_only_where_one_is_named() -> None:
    system = "https://fhir.nhs.uk/Id/ods-organization-code"
    assert mapped(document()).provider is None
    assert mapped(document(recipient=[{"identifier": {"system": system, "value": "XFC01"}}])).provider == OdsCode("XFC01")
    assert mapped(document(recipient=[{"identifier": {"system": system, "value": "not a code"}}])).provider is None


def test_names_are_made_safe_to_show() -> None:
    body = document(specialty={"coding": [{"display": "Cardio\u202elogy\n\tclinic"}]})
    assert mapped(body).specialty == "Cardiology clinic"


def test_priority_reason_comments_and_letters_are_nowhere_in_the_model() -> None:
    held = dataclasses.replace(BOOKED, state=ReferralState.DEFERRED_TO_PROVIDER)
    body = referral_request(held)
    extension_ending(body, "ReferralPriority-1")["valueCodeableConcept"]["coding"][0].update(code="TWO_WEEK_WAIT", display="2 Week Wait")
    text = repr(mapped(body))
    for secret in ("TWO_WEEK_WAIT", "2 Week Wait", "NO_SLOTS_AT_SERVICE", "comment", "letter"):
        assert secret in repr(body)
        assert secret not in text


def published_referrals() -> list[dict[str, Any]]:
    media = published("ers/openapi.json")["paths"]["/STU3/ReferralRequest/{ubrn}"]["get"]["responses"]["200"]["content"]
    return [example["value"] for example in media["application/fhir+json"]["examples"].values()]


def test_every_published_example_is_read() -> None:
    then = datetime(2021, 6, 1, tzinfo=UTC)
    read = {str(r.ubrn): r for r in (mapped(e, then, Ubrn(e["id"])) for e in published_referrals())}
    assert len(read) == 8
    assert {r.state for r in read.values()} >= {ReferralState.BOOKED, ReferralState.NOT_BOOKED, ReferralState.DEFERRED_TO_PROVIDER}
    assert ReferralState.UNKNOWN not in {r.state for r in read.values()}
    booked = read["000000070001"]
    assert (booked.specialty, booked.service, booked.clock_start) == ("Cardiology", "Good Cardiology Business Service", date(2024, 5, 8))
    assert booked.next_event is not None
    assert (booked.next_event.day, booked.next_event.time) == (date(2021, 6, 13), time(13, 30))
    assert read["000000070000"].specialty == "Cardiology"


def test_nothing_clinical_of_the_published_examples_is_kept() -> None:
    for example in published_referrals():
        text = repr(mapped(example, asked=Ubrn(example["id"])))
        for word in ("ROUTINE", "TWO_WEEK_WAIT", "NO_SLOTS", "HEART_FAILURE", "LS1", "referralletter", "rather not"):
            assert word not in text
