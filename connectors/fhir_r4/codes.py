"""What the codes of FHIR R4 mean at the desk; a code that is not here is UNKNOWN.

Source: FHIR R4 AppointmentStatus, RequestStatus, EncounterStatus, TaskStatus; HL7 v3 ActEncounterCode and Confidentiality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from helpdesk.pathways.activity import ActivityStatus

NEVER_WAS: Final = "entered-in-error"
NOT_YET: Final = frozenset({"draft"})
"""Written, but not sent or asked of anybody: it is not held yet."""

APPOINTMENT: Final[Mapping[str, ActivityStatus]] = {
    "proposed": ActivityStatus.TO_BOOK,
    "pending": ActivityStatus.TO_BOOK,
    "waitlist": ActivityStatus.TO_BOOK,
    "booked": ActivityStatus.BOOKED,
    "arrived": ActivityStatus.ARRIVED,
    "checked-in": ActivityStatus.ARRIVED,
    "fulfilled": ActivityStatus.ATTENDED,
    "cancelled": ActivityStatus.CANCELLED,
    "noshow": ActivityStatus.MISSED,
}

REQUEST: Final[Mapping[str, ActivityStatus]] = {
    "active": ActivityStatus.ACTIVE,
    "revoked": ActivityStatus.CANCELLED,
    "completed": ActivityStatus.ENDED,
}
"""Of a ServiceRequest and a CarePlan. `on-hold` is UNKNOWN: who holds it, and until when, only the team can say."""

VISIT: Final[Mapping[str, ActivityStatus]] = {
    "planned": ActivityStatus.BOOKED,
    "arrived": ActivityStatus.ARRIVED,
    "triaged": ActivityStatus.ARRIVED,
    "in-progress": ActivityStatus.ARRIVED,
    "finished": ActivityStatus.ATTENDED,
    "cancelled": ActivityStatus.CANCELLED,
}
STAY: Final[Mapping[str, ActivityStatus]] = {
    **VISIT,
    "in-progress": ActivityStatus.ACTIVE,
    "onleave": ActivityStatus.ACTIVE,
    "finished": ActivityStatus.ENDED,
}

TASK: Final[Mapping[str, ActivityStatus]] = {
    "requested": ActivityStatus.ACTIVE,
    "received": ActivityStatus.ACTIVE,
    "accepted": ActivityStatus.ACTIVE,
    "ready": ActivityStatus.ACTIVE,
    "in-progress": ActivityStatus.ACTIVE,
    "rejected": ActivityStatus.CANCELLED,
    "cancelled": ActivityStatus.CANCELLED,
    "failed": ActivityStatus.ENDED,
    "completed": ActivityStatus.ENDED,
}

ACT_CODE: Final = "v3-ActCode"
INPATIENT: Final = frozenset({"IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS"})

RESTRICTED: Final = frozenset({"R", "V"})
SENSITIVE: Final = frozenset(
    [
        "BH",
        "COGN",
        "DVD",
        "EMOTDIS",
        "ETH",
        "ETHUD",
        "GDIS",
        "HIV",
        "MH",
        "MST",
        "OPIOIDUD",
        "PREGNANT",
        "PSY",
        "PSYTHPN",
        "SCA",
        "SDV",
        "SEX",
        "SEXCIR",
        "SICKLE",
        "SPI",
        "STD",
        "SUD",
        "TBOO",
    ]
)
"""Labels of an item that its holder does not want told. Source: HL7 v3 Confidentiality and ActCode, information sensitivity."""

NAMES: Final[Mapping[str, str]] = {
    "Appointment": "its appointments",
    "ServiceRequest": "its referrals",
    "Encounter": "its visits and stays",
    "CarePlan": "its waiting lists",
    "Task": "its tasks for the patient",
}
"""How the desk names a part that could not answer."""
