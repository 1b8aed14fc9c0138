"""The codes in which the tracker says how far a prescription has got.

Source: the code systems EPS-task-business-status and task-businessStatus-nppt, as the tracker and Prescriptions for Patients
use them.
"""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.primary_care.model import PrescriptionStatus

EPS = "https://fhir.nhs.uk/CodeSystem/EPS-task-business-status"
FOR_PATIENTS = "https://fhir.nhs.uk/CodeSystem/task-businessStatus-nppt"

DISPLAYS: Mapping[str, str] = {
    "0000": "Awaiting Release Ready",
    "0001": "To be Dispensed",
    "0002": "With Dispenser",
    "0003": "With Dispenser - Active",
    "0004": "Expired",
    "0005": "Cancelled",
    "0006": "Dispensed",
    "0007": "Not Dispensed",
    "0008": "Claimed",
    "0009": "No-Claimed",
    "9000": "Repeat Dispense future instance",
    "9001": "Prescription future instance",
    "9005": "Cancelled future instance",
}
"""What the tracker writes beside each code."""

_EPS: Mapping[str, PrescriptionStatus] = {
    "0000": PrescriptionStatus.APPROVED,
    "0001": PrescriptionStatus.APPROVED,
    "0002": PrescriptionStatus.WITH_PHARMACY,
    "0003": PrescriptionStatus.PREPARING_REMAINDER,
    "0004": PrescriptionStatus.EXPIRED,
    "0005": PrescriptionStatus.CANCELLED,
    "0006": PrescriptionStatus.DISPENSED,
    "0007": PrescriptionStatus.NOT_DISPENSED,
    "0008": PrescriptionStatus.DISPENSED,
    "0009": PrescriptionStatus.DISPENSED,
    "9000": PrescriptionStatus.LATER,
    "9001": PrescriptionStatus.LATER,
    "9005": PrescriptionStatus.CANCELLED,
}
"""Claimed or not is the pharmacy's payment: the patient has the medicine all the same."""

_BY_WORD = {status.value.casefold(): status for status in PrescriptionStatus if status is not PrescriptionStatus.UNKNOWN}


def status_of(system: str, code: str) -> PrescriptionStatus:
    """UNKNOWN for a code or a system that is not in these lists."""
    if system == EPS:
        return _EPS.get(code, PrescriptionStatus.UNKNOWN)
    if system == FOR_PATIENTS:
        return _BY_WORD.get(code.casefold(), PrescriptionStatus.UNKNOWN)
    return PrescriptionStatus.UNKNOWN


def coding_of(status: str) -> dict[str, str]:
    """The code a stub sends for a status in words: the prescription service's own where it has one."""
    code = next((code for code, word in _EPS.items() if word == status and code != "0000"), "")
    if code:
        return {"system": EPS, "code": code, "display": DISPLAYS[code]}
    return {"system": FOR_PATIENTS, "code": status, "display": status}
