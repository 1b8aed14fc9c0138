"""Makes referral rows of the rows of a referral extract. Priority is never read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from connectors.waiting_list_extract.fields import Fields
from connectors.waiting_list_extract.national import VERIFIED, number_of, pathway_id, treatment_function
from connectors.waiting_list_extract.whole_file import AnyProvider, EachOnce, OneDay
from connectors.waiting_list_extract.words import referral_step
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.extract_rows import ReferralRow


class Referrals:
    """The rows of one file, which may be to several providers."""

    def __init__(self, provider: str, as_at: date | None, today: date, source: str) -> None:
        self.provider = AnyProvider("provider_ods", provider)
        self.day = OneDay("as_at", as_at, today)
        self.left_out = 0
        self._once = EachOnce()
        self._source = source

    def row(self, fields: Fields) -> ReferralRow | None:
        provider, as_at = self.provider.of(fields), self.day.of(fields)
        number, verified = number_and_standing(fields)
        self.left_out += not verified
        if provider is None or as_at is None or number is None:
            return None
        made = _with_state(fields, self._sent(fields, number, provider, as_at))
        facts = (made.ubrn, made.nhs_number, provider, made.sent, made.treatment_function, made.local_patient_id)
        self._once.check(fields, facts, "ubrn" if made.ubrn else "nhs_number", "referral")
        return made if verified else None

    def _sent(self, fields: Fields, number: NhsNumber, provider: OdsCode, as_at: date) -> ReferralRow:
        """The row with the days that have a column of their own."""
        sent = fields.day("sent_date")
        identifier = pathway_id(fields, "pathway_id", "pathway_issuer")
        return ReferralRow(
            nhs_number=number,
            provider=provider,
            as_at=as_at,
            sent=sent,
            received=fields.day("received_date"),
            accepted=fields.day("accepted_date"),
            closed=fields.day("closed_date"),
            outcome="",
            referrer=fields.ods("referring_practice_ods"),
            local_patient_id=fields.text("local_patient_id"),
            pathway_id=identifier,
            ubrn=fields.ubrn("ubrn") or (identifier.ubrn if identifier else None),
            treatment_function=treatment_function(fields, "treatment_function", sent),
            source=self._source,
        )


def _with_state(fields: Fields, row: ReferralRow) -> ReferralRow:
    """The row with what its state says, on the state's day."""
    written, day = fields.text("state"), fields.day("state_date")
    state = referral_step(written)
    if state is None:
        fields.wrong("state", "It is none of the states the desk knows." if written else "The state is missing.")
        return row
    if row.sent and day and day < row.sent:
        fields.wrong("state_date", "It is before the referral was sent.")
    if state.step == "sent":
        return row
    day = day or {"received": row.received, "accepted": row.accepted, "closed": row.closed}[state.step]
    if day is None:
        fields.wrong("state_date", "The day of this state is missing.")
    if state.step == "received":
        return replace(row, received=row.received or day)
    if state.step == "accepted":
        return replace(row, accepted=row.accepted or day)
    return replace(row, closed=row.closed or day, outcome=state.outcome)


def number_and_standing(fields: Fields) -> tuple[NhsNumber | None, bool]:
    """The row's number, and whether it may be linked to that person: a file without the column holds verified ones only."""
    if not fields.has("nhs_number_status"):
        return fields.nhs_number("nhs_number"), True
    number, verified = number_of(fields, "nhs_number", "nhs_number_status")
    return number, verified


__all__ = ["VERIFIED", "Referrals", "number_and_standing"]
