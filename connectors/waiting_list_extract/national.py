"""What every row of a national list or clock extract holds: whose it is, which pathway, which codes."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files

from connectors.waiting_list_extract.fields import Fields
from helpdesk.identifiers import NhsNumber, PathwayId, Ubrn
from helpdesk.pathways.reference import treatment_functions

PROVIDER = "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER"
WEEK = "WEEK_ENDING_DATE"
PATHWAY = "PATIENT_PATHWAY_IDENTIFIER"
ISSUER = "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER"
LOCAL = "LOCAL_PATIENT_IDENTIFIER"
STATUS = "REFERRAL_TO_TREATMENT_PERIOD_STATUS"
START, END = "REFERRAL_TO_TREATMENT_PERIOD_START_DATE", "REFERRAL_TO_TREATMENT_PERIOD_END_DATE"
FUNCTION = "ACTIVITY_TREATMENT_FUNCTION_CODE"
VERIFIED = "01"

_LONGEST_PATHWAY_ID = 20


@cache
def rtt_statuses() -> frozenset[str]:
    text = files("resources").joinpath("reference", "rtt_status_codes.json").read_text(encoding="utf-8")
    return frozenset(c["code"] for c in json.loads(text)["codes"])


def number_of(fields: Fields, number: str = "NHS_NUMBER", status: str = "NHS_NUMBER_STATUS") -> tuple[NhsNumber | None, bool]:
    """The row's number, and whether the row may be linked to that person: only a verified number may."""
    said = fields.number_status(status)
    may_be_blank = said not in ("", VERIFIED)
    return None if may_be_blank and not fields.text(number) else fields.nhs_number(number), said == VERIFIED


def pathway_id(fields: Fields, value: str = PATHWAY, issuer: str = ISSUER) -> PathwayId | None:
    """None without its issuer: by itself the identifier is not unique."""
    identifier, issued_by = fields.text(value), fields.text(issuer).upper()
    if len(identifier) > _LONGEST_PATHWAY_ID:
        fields.wrong(value, "It is longer than 20 characters.")
        return None
    return PathwayId(identifier, issued_by) if identifier and issued_by else None


def referral_reference(fields: Fields) -> Ubrn | None:
    """The referral identifier where it is a booking reference; a provider may write one of its own there."""
    value = fields.text("REFERRAL_IDENTIFIER")
    return Ubrn(value) if len(value) == 12 and value.isascii() and value.isdigit() else None


def treatment_function(fields: Fields, column: str, on: date | None) -> str:
    """The code, which must be in the national list and not have ended before the day `on`."""
    value = fields.text(column).upper().removeprefix("C_")
    if not value:
        return ""
    known = treatment_functions().get(value)
    if known is None:
        fields.wrong(column, "It is not a treatment function code of the national list.")
    elif known.ends is not None and on is not None and on > known.ends:
        fields.wrong(column, "This treatment function code had ended before that day.")
    else:
        return value
    return ""


def rtt_status(fields: Fields) -> str:
    value = fields.text(STATUS)
    if value and value not in rtt_statuses():
        fields.wrong(STATUS, "It is not one of the referral-to-treatment status codes.")
        return ""
    return value


def in_order(fields: Fields, start: date | None, stop: date | None) -> None:
    if start and stop and start > stop:
        fields.wrong(START, "The clock starts after it ends.")
