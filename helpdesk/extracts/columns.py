"""The columns of the canonical extracts, as they stand in a header."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.extracts.model import ExtractKind

PERSONS = (
    "nhs_number",
    "nhs_number_status",
    "family_name",
    "given_names",
    "title",
    "former_family_names",
    "date_of_birth",
    "date_of_death",
    "gender",
    "address_line_1",
    "address_line_2",
    "address_line_3",
    "address_line_4",
    "address_line_5",
    "postcode",
    "phone_mobile",
    "phone_home",
    "email",
    "gp_practice_ods",
    "hospital_numbers",
    "sensitivity",
)
"""All of them are required: a file without one would empty what the index holds in it."""

SEPARATOR = ";"
"""Between several values in one field."""

OPEN_PATHWAYS = (
    "WEEK_ENDING_DATE",
    "WAITING_LIST_TYPE",
    "NHS_NUMBER",
    "NHS_NUMBER_STATUS",
    "PERSON_BIRTH_DATE",
    "LOCAL_PATIENT_IDENTIFIER",
    "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER",
    "PATIENT_PATHWAY_IDENTIFIER",
    "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER",
    "ACTIVITY_TREATMENT_FUNCTION_CODE",
    "REFERRAL_REQUEST_RECEIVED_DATE",
    "REFERRAL_TO_TREATMENT_PERIOD_START_DATE",
    "REFERRAL_TO_TREATMENT_PERIOD_STATUS",
)
"""Required. Source: Waiting List Minimum Data Set (DCB3145), open pathways, as integrated care boards receive it."""

READ_IF_PRESENT = (
    "ORIGINAL_REFERRAL_REQUEST_RECEIVED_DATE",
    "REFERRAL_IDENTIFIER",
    "REFERRAL_TO_TREATMENT_PERIOD_END_DATE",
    "OUTPATIENT_FUTURE_APPOINTMENT_DATE",
    "TCI_DATE",
    "DUE_DATE",
    "DATE_LAST_ATTENDED",
    "LAST_DNA_DATE",
    "CANCELLATION_DATE",
    "INCLUSION_ON_CANCER_PTL",
)

NEVER_READ = (
    "PERSON_STATED_GENDER_CODE",
    "ETHNIC_CATEGORY",
    "SOURCE_OF_REFERRAL",
    "ORGANISATION_SITE_IDENTIFIER_OF_TREATMENT",
    "ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER",
    "REFERRING_ORGANISATION_CODE",
    "MAIN_SPECIALTY_CODE",
    "CONSULTANT_CODE",
    "LOCAL_RTT_STATUS_CODE",
    "CURRENT_PATHWAY_PERIOD_START_DATE",
    "OUTPATIENT_APPOINTMENT_DATE",
    "OUTCOME_OF_ATTENDANCE_CODE",
    "TCI_DATE_PROVIDED",
    "DECISION_TO_ADMIT_DATE",
    "DECISION_TO_TREAT_DATE",
    "PROPOSED_PROCEDURE_OPCS_CODE",
    "ADMISSION_METHOD_CODE",
    "INTENDED_MANAGEMENT_CODE",
    "PRIORITY_TYPE_CODE",
    "PROCEDURE_PRIORITY_CODE",
    "DIAGNOSTIC_PRIORITY_CODE",
    "OUTPATIENT_PRIORITY_CODE",
    "DATE_OF_LAST_PRIORITY_REVIEW",
    "LAST_PAS_VALIDATION_DATE",
    "LAST_PAS_VALIDATION_PERFORMED_BY",
    "LAST_PAS_VALIDATION_COMMENTS",
    "OUTCOME_OF_PATIENT_CONTACT",
    "TRANSFER_STATUS",
    "MUTUAL_AID_ACCEPTING_PROVIDER",
    "CAPACITY_STATUS",
    "REQUIRES_ALTERNATIVE_CAPACITY",
    "ASA_STATUS",
    "PRELIMINARY_SCREENING_AND_RISK_ASSESSMENT_DATE",
    "PRELIMINARY_SCREENING_AND_RISK_ASSESSMENT_ACTION",
    "FIRST_ACTIVITY_DATE",
    "FIRST_ACTIVITY_TYPE",
)
"""Known columns that a desk without a clinical role has no use for, or may not take: priority, procedure, consultant."""

_IDENTITY = (
    "WEEK_ENDING_DATE",
    "NHS_NUMBER",
    "NHS_NUMBER_STATUS",
    "PERSON_BIRTH_DATE",
    "LOCAL_PATIENT_IDENTIFIER",
    "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER",
    "PATIENT_PATHWAY_IDENTIFIER",
    "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER",
    "REFERRAL_TO_TREATMENT_PERIOD_STATUS",
)
CLOCK_STARTS = (*_IDENTITY, "REFERRAL_TO_TREATMENT_PERIOD_START_DATE")
CLOCK_STOPS = (*_IDENTITY, "REFERRAL_TO_TREATMENT_PERIOD_END_DATE")
CLOCKS = (*CLOCK_STARTS, "REFERRAL_TO_TREATMENT_PERIOD_END_DATE")
"""Required. Source: Waiting List Minimum Data Set (DCB3145), clock starts and clock stops."""

_CLOCKS_READ = tuple(dict.fromkeys((*CLOCKS, "ACTIVITY_TREATMENT_FUNCTION_CODE", "REFERRAL_IDENTIFIER")))
_CLOCKS_NOT_USED = tuple(c for c in (*OPEN_PATHWAYS, *READ_IF_PRESENT, *NEVER_READ) if c not in _CLOCKS_READ)

REFERRALS = (
    "ubrn",
    "nhs_number",
    "sent_date",
    "referring_practice_ods",
    "provider_ods",
    "treatment_function",
    "state",
    "state_date",
)
"""Required, as of every kind that has no national form: a file may leave a value blank, never the column out."""
REFERRALS_IF_PRESENT = (
    "as_at",
    "nhs_number_status",
    "local_patient_id",
    "pathway_id",
    "pathway_issuer",
    "received_date",
    "accepted_date",
    "closed_date",
)
ACTIVITY = ("nhs_number", "provider_ods", "local_pathway_id", "ubrn", "kind", "start", "status", "outcome", "place")
ACTIVITY_IF_PRESENT = ("as_at", "nhs_number_status", "pathway_id", "pathway_issuer", "treatment_function")

REQUIRED: Mapping[ExtractKind, tuple[str, ...]] = {
    ExtractKind.PERSONS: PERSONS,
    ExtractKind.OPEN_PATHWAYS: OPEN_PATHWAYS,
    ExtractKind.CLOCKS: CLOCKS,
    ExtractKind.CLOCK_STARTS: CLOCK_STARTS,
    ExtractKind.CLOCK_STOPS: CLOCK_STOPS,
    ExtractKind.REFERRALS: REFERRALS,
    ExtractKind.ACTIVITY: ACTIVITY,
}
READ: Mapping[ExtractKind, tuple[str, ...]] = {
    ExtractKind.PERSONS: PERSONS,
    ExtractKind.OPEN_PATHWAYS: (*OPEN_PATHWAYS, *READ_IF_PRESENT),
    ExtractKind.CLOCKS: _CLOCKS_READ,
    ExtractKind.CLOCK_STARTS: _CLOCKS_READ,
    ExtractKind.CLOCK_STOPS: _CLOCKS_READ,
    ExtractKind.REFERRALS: (*REFERRALS, *REFERRALS_IF_PRESENT),
    ExtractKind.ACTIVITY: (*ACTIVITY, *ACTIVITY_IF_PRESENT),
}
"""The white list: nothing else is ever taken out of a file."""

NOT_USED: Mapping[ExtractKind, tuple[str, ...]] = {
    ExtractKind.PERSONS: (),
    ExtractKind.OPEN_PATHWAYS: NEVER_READ,
    ExtractKind.CLOCKS: _CLOCKS_NOT_USED,
    ExtractKind.CLOCK_STARTS: _CLOCKS_NOT_USED,
    ExtractKind.CLOCK_STOPS: _CLOCKS_NOT_USED,
    ExtractKind.REFERRALS: ("priority",),
    ExtractKind.ACTIVITY: (),
}
KNOWN: Mapping[ExtractKind, tuple[str, ...]] = {kind: (*READ[kind], *NOT_USED[kind]) for kind in ExtractKind}

NOT_RECORDED = "1900-01-01"
"""How some systems write that a date is missing."""


def is_date(column: str) -> bool:
    """Whether the column holds dates."""
    return "date" in column.casefold() or column in ("as_at", "start")
