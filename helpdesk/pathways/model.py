"""Facts from lists and referrals, and the pathway that they make together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn


@dataclass(frozen=True)
class Coded:
    """A code and the words for it; where the words are not known they are the code itself."""

    code: str
    name: str


class EventKind(StrEnum):
    OUTPATIENT = "outpatient appointment"
    ADMISSION = "admission"
    DIAGNOSTIC = "test"


@dataclass(frozen=True)
class NextEvent:
    """What is booked next. `time` is None where the source gives a date only."""

    kind: EventKind
    day: date
    time: time | None = None
    place: str = ""


class ListKind(StrEnum):
    """Which kind of list a row is on. Source: WLMDS WAITING_LIST_TYPE (IRTT, ORTT are 18-week lists; INON, ONON are not)."""

    RTT = "rtt"
    NOT_RTT = "not_rtt"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ListRow:
    """One row of one provider's open-pathways extract. Dates only. `rtt_status` is one of the 17 codes or other text.
    `ask_team` marks a pathway whose own team must answer every question, `no_range` one that is never told how long others
    waited; why is never kept.
    `source` is the instance that gave the extract, `week_ending` its date."""

    nhs_number: NhsNumber
    provider: OdsCode
    week_ending: date
    list_kind: ListKind
    local_patient_id: str
    pathway_id: PathwayId | None
    ubrn: Ubrn | None
    treatment_function: str
    referral_received: date | None
    original_referral_received: date | None
    clock_start: date | None
    clock_stop: date | None
    rtt_status: str
    next_outpatient: date | None = None
    next_admission: date | None = None
    last_attended: date | None = None
    last_missed: date | None = None
    cancelled: date | None = None
    due: date | None = None
    ask_team: bool = False
    source: str = ""
    no_range: bool = False


class ReferralState(StrEnum):
    """The states of an e-RS referral. Source: e-RS FHIR API, eRS-ReferralState-1; a code not listed there is UNKNOWN."""

    NOT_BOOKED = "NOT_BOOKED"
    BOOKED = "BOOKED"
    DEFERRED_TO_PROVIDER = "DEFERRED_TO_PROVIDER"
    AWAITING_TRIAGE = "AWAITING_TRIAGE"
    TRIAGE_RESPONSE = "TRIAGE_RESPONSE"
    TRIAGED_PROVIDER_TO_ACTION = "TRIAGED_PROVIDER_TO_ACTION"
    ASSESSMENT_RESULT = "ASSESSMENT_RESULT"
    APPT_CANCELLED_BY_PATIENT = "APPT_CANCELLED_BY_PATIENT"
    APPT_CANCELLED_BY_PROVIDER = "APPT_CANCELLED_BY_PROVIDER"
    DID_NOT_ATTEND = "DID_NOT_ATTEND"
    REJECTED = "REJECTED"
    CANCELLED_REFERRAL = "CANCELLED_REFERRAL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Referral:
    """One e-RS referral as it stood when it was read. Priority, reasons and letters are never taken."""

    ubrn: Ubrn
    nhs_number: NhsNumber
    state: ReferralState
    specialty: str = ""
    service: str = ""
    provider: OdsCode | None = None
    clock_start: date | None = None
    next_event: NextEvent | None = None
    source: str = ""
    as_at: datetime | None = None
    contact_by: date | None = None
    """The day by which the provider should have been in touch, where the referral is with them to act."""
    service_phone: str = ""
    """Whom the patient may ring about it, as the service itself publishes it."""
    advice: str = ""
    """The state of an advice request under the same reference, in words; it is no referral and starts no clock. Where the
    reference is of nothing else, the state of the referral is UNKNOWN; where a referral's own state is, this is ""."""


class WorklistKind(StrEnum):
    """Source: e-RS A008, list types."""

    REFERRALS_FOR_REVIEW = "REFERRALS_FOR_REVIEW"
    APPOINTMENT_SLOT_ISSUES = "APPOINTMENT_SLOT_ISSUES"
    AWAITING_BOOKING = "AWAITING_BOOKING"
    REJECTED_TRIAGE_RESPONSE = "REJECTED_TRIAGE_RESPONSE"
    ASSESSMENT_RETURNED_CANCELLED_DNA = "ASSESSMENT_RETURNED_CANCELLED_DNA"
    LETTERS_OUTSTANDING = "LETTERS_OUTSTANDING"


@dataclass(frozen=True)
class WorklistEntry:
    """One referral on a worklist; priority and reasons are never taken. `since` is the day it came onto the list,
    where the list says so."""

    ubrn: Ubrn
    nhs_number: NhsNumber | None
    kind: WorklistKind
    state: ReferralState
    service: str = ""
    specialty: str = ""
    since: date | None = None
    source: str = ""
    as_at: datetime | None = None
    contact_by: date | None = None
    """The day by which the patient was to be contacted, where the list says so."""


@dataclass(frozen=True)
class Sentence:
    """One sentence for the caller, with where it comes from: `source` instance (or content:<id>@<version>), `as_at`
    the source's date, `field` the fact it rests on, `rule` the id of the rule that wrote it, `version` that of its words."""

    text: str
    source: str
    as_at: date | datetime | None
    field: str = ""
    rule: str = ""
    version: str = ""


class Part(StrEnum):
    """The parts of what to say."""

    KNOWN = "What we know"
    NEXT = "What happens next"
    RING_BACK = "When to ring back, and whom"
    WORSE = "If it gets worse"


@dataclass(frozen=True)
class Saying:
    part: Part
    sentences: tuple[Sentence, ...]


class GapKind(StrEnum):
    """Where a pathway is stuck. Source: design, sections 4 and 8."""

    NOT_RECEIVED = "not_received"
    NOT_BOOKED = "not_booked"
    DEFERRED_OVERDUE = "deferred_overdue"
    REJECTED_NO_ACTION = "rejected_no_action"
    CANCELLED_NOT_REBOOKED = "cancelled_not_rebooked"
    MISSED_NOT_REBOOKED = "missed_not_rebooked"
    DATE_PASSED_NO_OUTCOME = "date_passed_no_outcome"
    NO_ACTIVITY = "no_activity"
    LEFT_LIST_WITHOUT_STOP = "left_list_without_stop"
    HELD_TWICE = "held_twice"


class Severity(StrEnum):
    """How soon somebody should chase it. It says nothing about the patient's health."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Turn(StrEnum):
    """Whose turn it is."""

    PROVIDER = "the hospital or service"
    REFERRER = "the referring practice"
    PATIENT = "the patient"
    DESK = "this desk"


@dataclass(frozen=True)
class Gap:
    """One place where a pathway is stuck. `since` is the day from which it counts, `days` since then; `evidence` one
    sentence with the facts, their sources and dates and nobody's name or number; `hand_off` what to propose, in words."""

    kind: GapKind
    severity: Severity
    since: date
    days: int
    evidence: str
    turn: Turn
    hand_off: str
    say: tuple[Sentence, ...] = ()
    sources: tuple[str, ...] = ()
    as_at: date | datetime | None = None


class Course(StrEnum):
    """What kind of pathway it is, where the sources say so."""

    RTT = "18-week pathway"
    NOT_RTT = "not an 18-week pathway"
    PLANNED = "planned list"
    DIAGNOSTIC = "waiting for a test"
    ASK_TEAM = "its own team answers"
    UNKNOWN = "not recorded"


class EventState(StrEnum):
    DONE = "done"
    BOOKED = "booked"
    PASSED = "passed, no outcome"
    CALLED_OFF = "called off"
    MISSED = "missed"


@dataclass(frozen=True)
class PathwayEvent:
    """One event on the pathway's line of time: `words` as "Referred", "First appointment"."""

    day: date
    words: str
    state: EventState
    source: str
    as_at: date | datetime | None = None


@dataclass(frozen=True)
class Alike:
    """Another pathway of the same patient that may be the same one; never merged. `reasons` in words."""

    key: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Pathway:
    """One real pathway of one patient, joined by hard keys only. `key` is stable from one look to the next.
    `days_waited` and `weeks_band` are None without a running clock; `waited_to` is the day they count to.
    `mark_18_weeks` is the last day that is still within 18 weeks."""

    key: str
    nhs_number: NhsNumber
    specialty: Coded
    provider: Coded
    list_kind: ListKind
    clock_start: date | None
    clock_running: bool
    days_waited: int | None
    weeks_band: str | None
    waited_to: date
    mark_18_weeks: date | None
    referred: date | None
    next_event: NextEvent | None
    standing: str
    """Where it stands in a few words: "on the list, no appointment"."""
    sensitive: bool
    ask_team: bool
    sources: tuple[str, ...]
    as_at: date | datetime | None
    sayings: tuple[Saying, ...] = ()
    differs: tuple[str, ...] = ()
    """Where two sources disagree, in words, each with its date."""
    gaps: tuple[Gap, ...] = ()
    """The most severe first."""
    course: Course = Course.UNKNOWN
    days_since_referral: int | None = None
    """Since the original referral, where that differs from the days on this clock."""
    events: tuple[PathwayEvent, ...] = ()
    """By day."""
    may_be_same: tuple[Alike, ...] = ()
    no_range: bool = False

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(s for saying in self.sayings for s in saying.sentences)
