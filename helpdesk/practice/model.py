"""The practice area as plain models; each connector's stub is handed all of it and serves its own part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from helpdesk.callers.ports import Proxy
from helpdesk.directory.model import CareService
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import GapKind, ListRow, Referral
from helpdesk.patients.model import Patient
from helpdesk.primary_care.model import PracticeAppointment, Prescription


@dataclass(frozen=True)
class Story:
    """One named patient that shows one thing. `shows` is a sentence for whoever tries the program;
    `expected` is what `patient status` gives: source name -> state, for the tests and the documentation."""

    key: str
    nhs_number: NhsNumber
    title: str
    shows: str
    expected: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[GapKind, ...] = ()
    """Where `patient status` tells it as stuck, in the order of its pathways."""


@dataclass(frozen=True)
class AreaPerson:
    """`patient` is the truth PDS serves. `flag` is the raw confidentiality code (U, R, V, REDACTED, or "" for a record
    without one). `replaces` are superseded numbers that lead here. `in_index` = in the persons extract.
    `faults` makes one system misbehave for this person: instance name -> "hang", "503", "403", "broken", …"""

    patient: Patient
    flag: str = "U"
    replaces: tuple[NhsNumber, ...] = ()
    in_index: bool = True
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Organisation:
    ods: OdsCode
    name: str
    kind: str
    """"practice", "acute", "community", "icb"."""


@dataclass(frozen=True)
class Area:
    """Everything in a practice area, relative to `today`. The same seed, size and day make the same area."""

    seed: int
    today: date
    people: tuple[AreaPerson, ...]
    organisations: tuple[Organisation, ...]
    list_rows: tuple[ListRow, ...]
    referrals: tuple[Referral, ...]
    appointments: Mapping[NhsNumber, tuple[PracticeAppointment, ...]]
    stories: tuple[Story, ...]
    list_weeks: Mapping[str, date] = field(default_factory=dict)
    """The week-ending date of each provider's list, by ODS code; one of them is old."""
    activity: Mapping[str, Mapping[NhsNumber, tuple[Activity, ...]]] = field(default_factory=dict)
    """What each system that is asked by NHS number holds, by instance name ("fenmoor_activity")."""
    prescriptions: Mapping[NhsNumber, tuple[Prescription, ...]] = field(default_factory=dict)
    proxies: Mapping[NhsNumber, tuple[Proxy, ...]] = field(default_factory=dict)
    services: tuple[CareService, ...] = ()
    former_rows: tuple[ListRow, ...] = ()
    """Rows of the lists of the weeks before, each with its week."""
    clock_events: tuple[ClockEvent, ...] = ()
    sent: tuple[ReferralRow, ...] = ()
    """Rows of the extract of referrals."""
    planted: Mapping[tuple[NhsNumber, str], GapKind] = field(default_factory=dict)
    """The truth about who is stuck, by person and treatment function."""

    def activity_of(self, instance: str) -> Mapping[NhsNumber, tuple[Activity, ...]]:
        return self.activity.get(instance, {})


class StubServer(Protocol):
    """A running stub: its base address for the configuration, and the way to stop it. `requests` counts what was
    received, by "METHOD path-template", and never holds an identifier."""

    address: str

    def stop(self) -> None: ...
