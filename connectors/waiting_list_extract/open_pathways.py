"""Makes list rows of the rows of an open-pathways extract. Procedure and consultant are never read, of the
priority only that it rules out a range of waiting."""

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
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.model import ListKind, ListRow

_TYPE = "WAITING_LIST_TYPE"
_KINDS = {
    **dict.fromkeys(("IRTT", "ORTT"), ListKind.RTT),
    **dict.fromkeys(("INON", "ONON"), ListKind.NOT_RTT),
    **dict.fromkeys(("", "PTLO", "PTLI", "RTTO", "RTTI"), ListKind.UNKNOWN),
}
"""Source: WLMDS, WAITING_LIST_TYPE; the last four are of its older versions."""
_IN_CANCER_LIST = frozenset({"Y", "YES", "1"})
_PRIORITIES = ("PROCEDURE_PRIORITY_CODE", "DIAGNOSTIC_PRIORITY_CODE", "OUTPATIENT_PRIORITY_CODE")
_NO_RANGE = frozenset({"1", "1A", "1B", "2", "P1", "P1A", "P1B", "P2", "D1", "D1A", "D1B", "D2"})
"""Those to be seen within a month, whose wait is not that of the others on the list; that it is so is never kept in words.
Source: NHS England, clinical prioritisation, P1a to P2 and D1 to D2."""


class OpenPathways:
    """The rows of one list."""

    def __init__(self, provider: str, as_at: date | None, today: date, source: str) -> None:
        self.provider = OneProvider(PROVIDER, provider)
        self.day = OneDay(WEEK, as_at, today)
        self.left_out = 0
        self._once = EachOnce()
        self._source = source

    def row(self, fields: Fields) -> ListRow | None:
        """None where the row may not be linked to a person, or has no number, provider or day."""
        provider, week = self.provider.of(fields), self.day.of(fields)
        number, verified = number_of(fields)
        self.left_out += not verified
        if provider is None or week is None:
            return None
        made = list_row(fields, number or NOBODY, provider, week, self._source)
        self._check_once(fields, made)
        return made if verified and number is not None else None

    def _check_once(self, fields: Fields, row: ListRow) -> None:
        """By the pathway's identifier or, without one, by its local facts."""
        if row.pathway_id is not None:
            self._once.check(fields, (row.pathway_id.value, row.pathway_id.issuer), PATHWAY, "pathway")
        elif row.nhs_number is not NOBODY:
            facts = (row.nhs_number, row.local_patient_id, row.treatment_function, row.referral_received, row.clock_start)
            self._once.check(fields, facts, LOCAL, "pathway")


def list_row(fields: Fields, number: NhsNumber, provider: OdsCode, week: date, source: str) -> ListRow:
    """The row as it was sent. What is wrong stands in the problems, and then the row is not to be used."""
    identifier = pathway_id(fields)
    start, stop, received = fields.day(START), fields.day(END), fields.day("REFERRAL_REQUEST_RECEIVED_DATE")
    in_order(fields, start, stop)
    fields.day("PERSON_BIRTH_DATE")
    return ListRow(
        nhs_number=number,
        provider=provider,
        week_ending=week,
        list_kind=_list_kind(fields),
        local_patient_id=fields.text(LOCAL),
        pathway_id=identifier,
        ubrn=(identifier.ubrn if identifier else None) or referral_reference(fields),
        treatment_function=treatment_function(fields, FUNCTION, received or start),
        referral_received=received,
        original_referral_received=fields.day("ORIGINAL_REFERRAL_REQUEST_RECEIVED_DATE"),
        clock_start=start,
        clock_stop=stop,
        rtt_status=rtt_status(fields),
        next_outpatient=fields.day("OUTPATIENT_FUTURE_APPOINTMENT_DATE"),
        next_admission=fields.day("TCI_DATE"),
        last_attended=fields.day("DATE_LAST_ATTENDED"),
        last_missed=fields.day("LAST_DNA_DATE"),
        cancelled=fields.day("CANCELLATION_DATE"),
        due=fields.day("DUE_DATE"),
        ask_team=fields.text("INCLUSION_ON_CANCER_PTL").upper() in _IN_CANCER_LIST,
        source=source,
        no_range=any(fields.text(name).strip().upper() in _NO_RANGE for name in _PRIORITIES),
    )


def _list_kind(fields: Fields) -> ListKind:
    kind = _KINDS.get(fields.text(_TYPE).upper())
    if kind is None:
        fields.wrong(_TYPE, "It is not one of the waiting list types.")
    return kind or ListKind.UNKNOWN


NOBODY = NhsNumber("9999999999")
"""Stands in while a row without a usable number is looked through for what else is wrong with it."""
