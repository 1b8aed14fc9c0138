"""What the desk may show of one patient in one call, worked out before it reaches any screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from helpdesk.answers import Answer
from helpdesk.callers.model import Verification
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.model import Pathway, Saying
from helpdesk.pathways.versions import WordingNote
from helpdesk.patients.model import Death, Patient, Sensitivity
from helpdesk.primary_care.model import PracticeAppointment, Prescription
from helpdesk.waits.model import WaitAnswer

HIDDEN = "•••"


class GateState(StrEnum):
    OPEN = "open"
    RESTRICTED = "restricted"
    UNCONFIRMED = "unconfirmed"
    """PDS could not answer: nothing is asked of GP Connect and nothing is sent."""


@dataclass(frozen=True)
class Gate:
    """Whether anything but PDS may be asked about this person in this call. Open only if PDS answered unrestricted
    for this person in this call; `known` is the last known flag, for rows already held."""

    state: GateState
    number: NhsNumber
    known: Sensitivity | None
    message: str = ""

    @property
    def open(self) -> bool:
        return self.state is GateState.OPEN

    @property
    def may_show_held(self) -> bool:
        """Whether rows already held may be shown: never for a restricted person."""
        return self.open or (self.state is GateState.UNCONFIRMED and self.known is Sensitivity.UNRESTRICTED)


@dataclass(frozen=True)
class Banner:
    """The patient banner, every value as it may be shown now: the words, "" for not recorded, or HIDDEN.
    `born` holds the age when the whole date may be shown. Order: NHS Common User Interface, patient banner."""

    number: NhsNumber
    name: str
    born: str
    gender: str
    nhs_number: str
    address: str
    contact: str
    practice: str
    contact_by: str
    flags: tuple[str, ...]
    restricted: bool
    death: Death | None
    checked: str
    """"Not checked yet", "Checked: status", "Checked: contact details" or "Break glass"."""
    age_at_death: str = ""
    """"85y" when both whole dates may be shown. Source: NHS Common User Interface, PAB-0024."""


class Port(StrEnum):
    """What a connector instance can be asked for."""

    DEMOGRAPHICS = "demographics"
    WAITING_LISTS = "waiting_lists"
    REFERRALS = "referrals"
    WORKLISTS = "worklists"
    HOSPITAL_ACTIVITY = "hospital_activity"
    PRACTICE_APPOINTMENTS = "practice_appointments"
    PRESCRIPTIONS = "prescriptions"
    AUTHORITY = "authority"
    ORGANISATIONS = "organisations"
    SERVICES = "services"
    MESSAGES = "messages"
    EXTRACTS = "extracts"
    LINKS = "links"
    DELIVERIES = "deliveries"


@dataclass(frozen=True)
class SourceInfo:
    """One source that the desk asks: `name` is the instance's name, `label` the words on the sources strip."""

    name: str
    label: str
    port: Port
    list_days: int = 10
    """For lists: how many days after its week-ending date one still speaks for today."""


@dataclass(frozen=True)
class Opened:
    """A patient opened for a call. Made only after its audit row is committed. `pds` never carries its value to a
    screen (see `banner`)."""

    call_id: str
    number: NhsNumber
    gate: Gate
    pds: Answer[Patient]
    banner: Banner
    verification: Verification
    repeat_note: str = ""
    glass_until: datetime | None = None
    """When break-glass ends, while it is on."""


@dataclass(frozen=True)
class PrimaryCare:
    """`appointments` are None where the practice's system was not or could not be asked: that is not "none"."""

    practice: OdsCode | None
    practice_name: str
    appointments: tuple[PracticeAppointment, ...] | None
    words: tuple[str, ...] = ()
    """What may be said of them, one sentence each."""
    prescriptions: tuple[Prescription, ...] | None = None
    """None where the tracker was not or could not be asked: that is not "none"."""


@dataclass(frozen=True)
class StatusView:
    """All that may be said about one patient's waits now. `general` are sentences that belong to no pathway
    (restricted, deceased, nothing found, not confirmed today)."""

    number: NhsNumber
    restricted: bool
    death: Death | None
    may_tell: bool
    sources: tuple[Answer[object], ...]
    pathways: tuple[Pathway, ...] = ()
    primary_care: PrimaryCare | None = None
    general: tuple[Saying, ...] = field(default_factory=tuple)
    notice: str = ""
    """One strip above everything: "Restriction not confirmed today", "Do not disclose: caller not verified", or ""."""
    today: date | None = None
    waits: Mapping[str, WaitAnswer] = field(default_factory=dict)
    """By the pathway's key; none for a pathway nobody asked about."""
    wording: WordingNote = field(default_factory=WordingNote)
    """Which version the words are of, whether it is a sample, and what is missing where a live desk may not show it."""
