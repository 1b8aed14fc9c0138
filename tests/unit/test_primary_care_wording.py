"""Only future appointments can be seen, and a practice that could not be asked has not said no."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.answers import Answer, SourceState
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.sentences import book
from helpdesk.primary_care.model import PracticeAppointment
from helpdesk.primary_care.wording import practice_words

JANE = NhsNumber("9000000009")


def booked(day: int, hour: int = 9, status: str = "booked") -> PracticeAppointment:
    return PracticeAppointment(datetime(2026, 7, day, hour, 10, tzinfo=UTC), "Larkmead Practice", status)


def words(state: SourceState, value: tuple[PracticeAppointment, ...] | None = None) -> list[str]:
    return [w.text for w in practice_words(Answer("gp", "GP Connect", JANE, state, value=value), book().text)]


def test_the_next_appointment_in_local_time() -> None:
    assert words(SourceState.FRESH, (booked(29), booked(22))) == [
        "Your next appointment at your GP practice is on Wednesday 22 July 2026 at 10:10am.",
        "You have another there, which is on Wednesday 29 July 2026 at 10:10am.",
    ]


@pytest.mark.parametrize("value", [(), None])
def test_nothing_held_is_no_future_appointment_at_this_practice(value: tuple[PracticeAppointment, ...] | None) -> None:
    assert words(SourceState.NOTHING_HELD, value) == ["We can see no future appointment at this practice. We cannot see past ones."]


@pytest.mark.parametrize("status", ["cancelled", "noshow", "entered-in-error", "waitlist", "surprise"])
def test_an_appointment_that_does_not_stand_is_not_said(status: str) -> None:
    assert "no future appointment" in words(SourceState.FRESH, (booked(22, status=status),))[0]


def test_could_not_ask_is_never_none() -> None:
    assert words(SourceState.UNAVAILABLE) == ["We could not ask your GP practice just now."]
    assert words(SourceState.FRESH, None) == ["We could not ask your GP practice just now."]
    assert words(SourceState.NOT_PERMITTED) == ["We may not look at your GP practice's appointments."]
