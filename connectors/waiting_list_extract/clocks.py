"""Makes clock events of the rows of an extract of clock starts, clock stops, or both."""

from __future__ import annotations

from datetime import date

from connectors.waiting_list_extract.fields import Fields
from connectors.waiting_list_extract.national import (
    END,
    FUNCTION,
    LOCAL,
    PATHWAY,
    PROVIDER,
    START,
    WEEK,
    in_order,
    number_of,
    pathway_id,
    referral_reference,
    rtt_status,
    treatment_function,
)
from connectors.waiting_list_extract.whole_file import EachOnce, OneDay, OneProvider
from helpdesk.extracts.model import ExtractKind
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove

_NULLIFIED = "33"
"""Source: resources/reference/rtt_status_codes.json: the first activity was missed and the clock is nullified."""


class Clocks:
    """The rows of one file. Each row is one event: in a file that has both days a row with an end is a stop."""

    def __init__(self, kind: ExtractKind, provider: str, as_at: date | None, today: date, source: str) -> None:
        self.provider = OneProvider(PROVIDER, provider)
        self.day = OneDay(WEEK, as_at, today)
        self.left_out = 0
        self._kind = kind
        self._once = EachOnce()
        self._source = source

    def row(self, fields: Fields) -> ClockEvent | None:
        provider, week = self.provider.of(fields), self.day.of(fields)
        number, verified = number_of(fields)
        self.left_out += not verified
        fields.day("PERSON_BIRTH_DATE")
        identifier, status = pathway_id(fields), rtt_status(fields)
        day, stops = self._when(fields)
        function = treatment_function(fields, FUNCTION, day)
        if provider is None or week is None or number is None or day is None:
            return None
        move = (ClockMove.NULLIFY if status == _NULLIFIED else ClockMove.STOP) if stops else ClockMove.START
        event = ClockEvent(
            nhs_number=number,
            provider=provider,
            as_at=week,
            day=day,
            move=move,
            rtt_status=status,
            local_patient_id=fields.text(LOCAL),
            pathway_id=identifier,
            ubrn=(identifier.ubrn if identifier else None) or referral_reference(fields),
            treatment_function=function,
            source=self._source,
        )
        self._check_once(fields, event)
        return event if verified else None

    def _when(self, fields: Fields) -> tuple[date | None, bool]:
        """The day of the event, and whether it is a stop. None, with the reason in the problems, without a day."""
        start, stop = fields.day(START), fields.day(END)
        in_order(fields, start, stop)
        stops = self._kind is ExtractKind.CLOCK_STOPS or (self._kind is ExtractKind.CLOCKS and stop is not None)
        day = stop if stops else start
        if day is None:
            fields.wrong(END if stops else START, f"The day on which the clock {'stopped' if stops else 'started'} is missing.")
        return day, stops

    def _check_once(self, fields: Fields, event: ClockEvent) -> None:
        pathway = (event.pathway_id.value, event.pathway_id.issuer) if event.pathway_id else None
        which = pathway or (event.nhs_number, event.local_patient_id, event.treatment_function)
        self._once.check(fields, (which, event.day, event.move), PATHWAY if pathway else LOCAL, "clock start or stop")
