"""The desk of `bench sources`: the real one, on a folder of its own, before PDS and eight slow systems about one person.

Three kinds of system are asked by what they are (prescription tracker, practice appointments, a trust's portal) and five by
the generic FHIR R4 connector, in the shapes it is used in: the patient found first or named in the search, one resource or
all five. A real look-up is several requests; a system's fixed time is on those that carry its answer and are sent side by
side, so that its whole look-up takes that time once. What comes before or after them (who the patient is there, what the
server offers, how a place is called) is answered at once and counts as the desk's own time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from helpdesk.access.model import Role
from helpdesk.clock import SystemClock, london_day, london_time
from helpdesk.composition.bench_servers import PacedServers, PacedSource, serving
from helpdesk.composition.door import open_door
from helpdesk.desk.workstation import Workstation
from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded
from helpdesk.practice.area import FEWEST, make_area
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.primary_care.model import PracticeAppointment, Prescription, PrescriptionStatus
from helpdesk.registry import manifests
from helpdesk.start import PRACTICE_SEED, Start

_SEARCHES = tuple(f"/{kind}" for kind in ("Appointment", "ServiceRequest", "Encounter", "CarePlan", "Task"))
_OWN_PAGES: dict[str, Any] = {"page_size": 0}
_BY_IDENTIFIER: dict[str, Any] = {"patient_by": "patient.identifier"}
_VISITS_ONLY: dict[str, Any] = {"resources": ["Appointment", "Encounter"]}
SOURCES = (
    PacedSource("pds", "pds", "PDS", 200, ("/Patient/{id}",)),
    PacedSource("prescriptions", "prescription_tracker", "Prescriptions", 50, ("/RequestGroup",)),
    PacedSource("gp_connect", "gp_connect", "Practice", 150, ("/Patient/{id}/Appointment",)),
    PacedSource("portal", "trust_portal", "Portal", 250, ("/Appointment", "/Task")),
    PacedSource("city", "fhir_r4", "City", 350, _SEARCHES, 8, 5000, _OWN_PAGES),
    PacedSource("county", "fhir_r4", "County", 450, _SEARCHES, 20, 5000, _OWN_PAGES | _BY_IDENTIFIER | _VISITS_ONLY),
    PacedSource("shared_record", "fhir_r4", "Shared record", 550, _SEARCHES, 50, 5000, _OWN_PAGES | {"resources": ["Appointment"]}),
    PacedSource("community", "fhir_r4", "Community", 650, _SEARCHES, 8, 5000, _OWN_PAGES | _BY_IDENTIFIER),
    PacedSource("university", "fhir_r4", "University", 800, _SEARCHES, 4, 5000, _OWN_PAGES),
)
"""PDS first, then eight from 50 to 800 ms. The four before the last send about 200 KB each, as a patient's
history of some forty appointments comes from a hospital's record."""
_SPECIALTY = Coded("110", "Trauma and Orthopaedics")


@dataclass(frozen=True)
class BenchDesk:
    """Somebody is at the desk. `words` are what a caller says that suffices: who they are, and the check."""

    workstation: Workstation
    number: NhsNumber
    words: str
    sources: tuple[PacedSource, ...]
    running: PacedServers

    @property
    def labels(self) -> frozenset[str]:
        """As they stand on the screen."""
        return frozenset(source.label for source in self.sources)

    def bytes_of(self, source: PacedSource) -> int:
        """How much it sends for one look-up. Asked once the bench has run."""
        return self.running.bytes_of(source.instance)

    @property
    def least_ms(self) -> int:
        """PDS and then the slowest of those asked at once after it: no desk can be faster."""
        pds, *others = (source.delay_ms for source in self.sources)
        return pds + max(others)


@contextmanager
def opened() -> Iterator[BenchDesk]:
    """Encrypted database, audit, connectors and stubs as in a sandbox, in a temporary folder that goes at the end."""
    area, person = _area(london_day(SystemClock().now()))
    patient = person.patient
    found = manifests.find().manifests
    stubs = {source.instance: found[source.kind].stub for source in SOURCES}
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder, serving(area, stubs, SOURCES) as running:
        door = open_door(Start("sandbox", "sandbox", Path(folder) / "sandbox", tables=_tables(area, running.addresses)))
        try:
            born, address = patient.born, patient.address
            words = f"{patient.nhs_number} {born.iso if born else ''} {address.postcode if address else ''}"
            yield BenchDesk(door.enter(Role.HANDLER), patient.nhs_number, words, SOURCES, running)
        finally:
            door.close()


def _tables(area: Area, addresses: Mapping[str, str]) -> dict[str, Any]:
    connectors = {
        source.instance: {"kind": source.kind, "label": source.label, "base_url": addresses[source.instance], **(source.settings or {})}
        for source in SOURCES
    }
    names = {o.ods.value: o.name for o in area.organisations}
    return {"desk": {"organisation": "XICB", "profile": "sandbox"}, "connectors": connectors, "organisations": names}


def _area(today: date) -> tuple[Area, AreaPerson]:
    """The smallest area, with something about one of its people in every system."""
    area = make_area(FEWEST, PRACTICE_SEED, today)
    person = next(p for p in area.people if _is_ordinary(p))
    number = person.patient.nhs_number
    at = london_time(datetime.combine(today + timedelta(days=9), time(9, 20), SystemClock().now().tzinfo))
    systems = [source for source in SOURCES if source.kind in ("fhir_r4", "trust_portal")]
    held = {source.instance: {number: tuple(_activity(number, source.instance, n, today))} for n, source in enumerate(systems)}
    return replace(
        area,
        activity=held,
        appointments={number: (PracticeAppointment(at, "Larkmead Practice", "booked"),)},
        prescriptions={number: (Prescription(PrescriptionStatus.WITH_PHARMACY, today - timedelta(days=2)),)},
    ), person


def _is_ordinary(person: AreaPerson) -> bool:
    patient = person.patient
    known = patient.practice is not None and patient.born is not None and bool(patient.address and patient.address.postcode)
    return known and person.flag == "U" and not person.faults and not person.replaces and patient.death is None


def _activity(number: NhsNumber, instance: str, serial: int, today: date) -> Iterator[Activity]:
    """One pathway: a referral, what took place since, what is booked, a place on the list and a form to fill in."""
    name = instance.replace("_", "-")
    base = Activity(
        number,
        ActivityKind.REFERRAL,
        ActivityStatus.ACTIVE,
        f"{name}-r",
        provider=OdsCode("XFC01"),
        specialty=_SPECIALTY,
        pathway_id=PathwayId(f"BENCH{serial:015}", "XFC01"),
        place="Outpatients",
        source=instance,
    )
    moment = london_time(datetime.combine(today, time(10, 30), SystemClock().now().tzinfo))
    yield replace(base, referred=today - timedelta(days=200))
    yield replace(
        base, kind=ActivityKind.APPOINTMENT, status=ActivityStatus.BOOKED, id=f"{name}-a", start=moment + timedelta(days=30 + serial)
    )
    yield replace(base, kind=ActivityKind.WAITING, id=f"{name}-w", clock_start=today - timedelta(days=200))
    yield replace(base, kind=ActivityKind.TASK, id=f"{name}-t", start=moment - timedelta(days=3))
    for n in range(6):
        past = moment - timedelta(days=20 * (n + 1))
        yield replace(base, kind=ActivityKind.APPOINTMENT, status=ActivityStatus.ATTENDED, id=f"{name}-p{n}", start=past)
        yield replace(base, kind=ActivityKind.ATTENDANCE, status=ActivityStatus.ATTENDED, id=f"{name}-v{n}", start=past)
