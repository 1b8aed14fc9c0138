"""Primary care: appointments still to come at the registered practice, and how far prescriptions have got."""

from __future__ import annotations

from functools import partial
from typing import Any

from helpdesk.answers import Answer, SourceState
from helpdesk.clock import Clock
from helpdesk.desk.deadline import within
from helpdesk.desk.ticket import GRACE_S, Source, Ticket, answer, in_time
from helpdesk.primary_care.ports import PracticeAppointments, Prescriptions


class PracticeAsker:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def ask(self, ticket: Ticket, source: Source) -> Answer[Any]:
        if ticket.practice is None:
            return answer(ticket, source, SourceState.NOT_PERMITTED, "Not asked: no registered practice is known.")
        asks: PracticeAppointments = source.asks  # type: ignore[assignment]  # the port says which connector it is
        (asked,) = within(source.timeout_s + GRACE_S, [partial(asks.future, ticket.number, ticket.practice)])
        coming = in_time(asked, source)
        now = self._clock.now()
        if not coming:
            return answer(ticket, source, SourceState.NOTHING_HELD, "No future appointment at this practice.", as_at=now, value=())
        return answer(ticket, source, SourceState.FRESH, "Only future appointments can be shown.", as_at=now, value=coming)

    def held(self, ticket: Ticket, source: Source, why: str) -> Answer[Any] | None:  # noqa: ARG002  # every asker is asked alike
        """Nothing of it is kept."""
        return None


class PrescriptionAsker:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def ask(self, ticket: Ticket, source: Source) -> Answer[Any]:
        asks: Prescriptions = source.asks  # type: ignore[assignment]  # the port says which connector it is
        (asked,) = within(source.timeout_s + GRACE_S, [partial(asks.prescriptions, ticket.number)])
        found = in_time(asked, source)
        now = self._clock.now()
        if not found:
            return answer(ticket, source, SourceState.NOTHING_HELD, "The tracker holds no prescription.", as_at=now, value=())
        return answer(ticket, source, SourceState.FRESH, "", as_at=now, value=found)

    def held(self, ticket: Ticket, source: Source, why: str) -> Answer[Any] | None:  # noqa: ARG002  # every asker is asked alike
        """Nothing of it is kept."""
        return None
