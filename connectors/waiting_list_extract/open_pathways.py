"""Makes list rows of the rows of an open-pathways extract. Priority, procedure and consultant are never read."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from importlib.resources import files

from connectors.waiting_list_extract.fields import Fields
from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.model import ListKind, ListRow

PROVIDER = "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER"
WEEK = "WEEK_ENDING_DATE"
PATHWAY = "PATIENT_PATHWAY_IDENTIFIER"
LOCAL = "LOCAL_PATIENT_IDENTIFIER"
STATUS = "REFERRAL_TO_TREATMENT_PERIOD_STATUS"
START, END = "REFERRAL_TO_TREATMENT_PERIOD_START_DATE", "REFERRAL_TO_TREATMENT_PERIOD_END_DATE"
VERIFIED = "01"

_ISSUER = "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER"
_LONGEST_PATHWAY_ID = 20
_CODE = re.compile(r"[A-Z0-9]{2,6}")
_UBRN = re.compile(r"[0-9]{12}")
_KINDS = {"IRTT": ListKind.RTT, "ORTT": ListKind.RTT, "INON": ListKind.NOT_RTT, "ONON": ListKind.NOT_RTT}
_IN_CANCER_LIST = frozenset({"Y", "YES", "1"})


@cache
def _statuses() -> frozenset[str]:
    text = files("resources").joinpath("reference", "rtt_status_codes.json").read_text(encoding="utf-8")
    return frozenset(c["code"] for c in json.loads(text)["codes"])


def number_of(fields: Fields) -> tuple[NhsNumber | None, bool]:
    """The row's number, and whether the row may be linked to that person: only a verified number may."""
    status = fields.number_status("NHS_NUMBER_STATUS")
    may_be_blank = status not in ("", VERIFIED)
    number = None if may_be_blank and not fields.text("NHS_NUMBER") else fields.nhs_number("NHS_NUMBER")
    return number, status == VERIFIED


def list_row(fields: Fields, number: NhsNumber, provider: OdsCode, week: date, source: str) -> ListRow:
    """The row as it was sent. What is wrong stands in the problems, and then the row is not to be used."""
    identifier = _pathway_id(fields)
    start, stop = fields.day(START), fields.day(END)
    if start and stop and start > stop:
        fields.wrong(START, "The clock starts after it ends.")
    fields.day("PERSON_BIRTH_DATE")
    return ListRow(
        nhs_number=number,
        provider=provider,
        week_ending=week,
        list_kind=_KINDS.get(fields.text("WAITING_LIST_TYPE").upper(), ListKind.UNKNOWN),
        local_patient_id=fields.text(LOCAL),
        pathway_id=identifier,
        ubrn=(identifier.ubrn if identifier else None) or _referral_reference(fields),
        treatment_function=_treatment_function(fields),
        referral_received=fields.day("REFERRAL_REQUEST_RECEIVED_DATE"),
        original_referral_received=fields.day("ORIGINAL_REFERRAL_REQUEST_RECEIVED_DATE"),
        clock_start=start,
        clock_stop=stop,
        rtt_status=_status(fields),
        next_outpatient=fields.day("OUTPATIENT_FUTURE_APPOINTMENT_DATE"),
        next_admission=fields.day("TCI_DATE"),
        last_attended=fields.day("DATE_LAST_ATTENDED"),
        last_missed=fields.day("LAST_DNA_DATE"),
        cancelled=fields.day("CANCELLATION_DATE"),
        due=fields.day("DUE_DATE"),
        ask_team=fields.text("INCLUSION_ON_CANCER_PTL").upper() in _IN_CANCER_LIST,
        source=source,
    )


def _pathway_id(fields: Fields) -> PathwayId | None:
    """None without its issuer: by itself the identifier is not unique."""
    value, issuer = fields.text(PATHWAY), fields.text(_ISSUER).upper()
    if len(value) > _LONGEST_PATHWAY_ID:
        fields.wrong(PATHWAY, "It is longer than 20 characters.")
        return None
    return PathwayId(value, issuer) if value and issuer else None


def _referral_reference(fields: Fields) -> Ubrn | None:
    value = fields.text("REFERRAL_IDENTIFIER")
    return Ubrn(value) if _UBRN.fullmatch(value) else None


def _treatment_function(fields: Fields) -> str:
    value = fields.text("ACTIVITY_TREATMENT_FUNCTION_CODE").upper().removeprefix("C_")
    if value and not _CODE.fullmatch(value):
        fields.wrong("ACTIVITY_TREATMENT_FUNCTION_CODE", "It is not a treatment function code.")
        return ""
    return value


def _status(fields: Fields) -> str:
    value = fields.text(STATUS)
    if value and value not in _statuses():
        fields.wrong(STATUS, "It is not one of the referral-to-treatment status codes.")
        return ""
    return value
