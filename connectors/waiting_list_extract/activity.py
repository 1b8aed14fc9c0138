"""Makes facts of the rows of an activity extract: appointments, admissions and tests, with what came of them."""

from __future__ import annotations

from datetime import date, datetime

from connectors.waiting_list_extract.fields import Fields
from connectors.waiting_list_extract.national import pathway_id, treatment_function
from connectors.waiting_list_extract.referrals import number_and_standing
from connectors.waiting_list_extract.whole_file import AnyProvider, EachOnce, OneDay
from connectors.waiting_list_extract.words import activity_kind, activity_outcome, activity_status
from helpdesk.clock import LONDON
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import NO_SPECIALTY, Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.reference import specialty

_MAY_STILL_CHANGE = frozenset({ActivityStatus.BOOKED, ActivityStatus.ARRIVED, ActivityStatus.PENDING, ActivityStatus.UNKNOWN})
"""What an outcome says more about; a status that already says how it ended stands."""


class Activities:
    """The rows of one file, which may be of several providers."""

    def __init__(self, provider: str, as_at: date | None, today: date, source: str) -> None:
        self.provider = AnyProvider("provider_ods", provider)
        self.day = OneDay("as_at", as_at, today)
        self.left_out = 0
        self._once = EachOnce()
        self._source = source

    def row(self, fields: Fields) -> Activity | None:
        provider, as_at = self.provider.of(fields), self.day.of(fields)
        number, verified = number_and_standing(fields)
        self.left_out += not verified
        kind, status, start = _kind(fields), _status(fields), fields.moment("start")
        if provider is None or as_at is None or number is None or kind is None:
            return None
        made = self._made(fields, number, provider, as_at, (kind, status, start))
        self._once.check(fields, (number, provider, made.id, made.specialty), "start", "activity")
        return made if verified else None

    def _made(
        self,
        fields: Fields,
        number: NhsNumber,
        provider: OdsCode,
        as_at: date,
        what: tuple[ActivityKind, ActivityStatus, datetime | date | None],
    ) -> Activity:
        kind, status, start = what
        identifier, ubrn, local = pathway_id(fields, "pathway_id", "pathway_issuer"), fields.ubrn("ubrn"), fields.text("local_pathway_id")
        day = start.astimezone(LONDON).date() if isinstance(start, datetime) else start
        function = treatment_function(fields, "treatment_function", day)
        took_place = kind is ActivityKind.APPOINTMENT and status is ActivityStatus.ATTENDED
        return Activity(
            nhs_number=number,
            kind=ActivityKind.ATTENDANCE if took_place else kind,
            status=status,
            id="/".join((kind.name.lower(), start.isoformat() if start else "", local or (ubrn.value if ubrn else ""))),
            provider=provider,
            specialty=specialty(function) if function else NO_SPECIALTY,
            ubrn=ubrn or (identifier.ubrn if identifier else None),
            pathway_id=identifier,
            local_id=local,
            start=start,
            place=fields.text("place"),
            source=self._source,
            as_at=as_at,
        )


def _kind(fields: Fields) -> ActivityKind | None:
    kind = activity_kind(fields.text("kind"))
    if kind is None:
        fields.wrong("kind", "It is none of outpatient, admission and diagnostic.")
    return kind


def _status(fields: Fields) -> ActivityStatus:
    """What the status says, and where that is not the end of it, what the outcome does."""
    status, outcome = activity_status(fields.text("status")), activity_outcome(fields.text("outcome"))
    if status is None:
        fields.wrong("status", "It is none of the states the desk knows.")
    if outcome is None:
        fields.wrong("outcome", "It is none of the outcomes the desk knows.")
    status = status or ActivityStatus.UNKNOWN
    return ActivityStatus(outcome) if outcome and status in _MAY_STILL_CHANGE else status
