"""Turns R4 resources into activity, one fact a resource, after it was seen to be about the person asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

from connectors.errors_http import misunderstood
from connectors.fhir import CodeableConcept, extension, read
from connectors.fhir_activity import (
    MEDIUM,
    PRIORITY,
    REVIEW_DUE,
    Keys,
    day_of,
    for_team,
    keys_of,
    medium_of,
    specialty_of,
    start_of,
    words_of,
)
from connectors.fhir_r4 import codes
from connectors.fhir_r4.pieces import (
    Actor,
    AppointmentPiece,
    CarePlanPiece,
    EncounterPiece,
    Item,
    ServiceRequestPiece,
    TaskPiece,
)
from connectors.fhir_r4.places import Places, last
from connectors.fhir_r4.settings import FhirR4Settings
from connectors.fhir_r4.subjects import Subjects, is_id
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus

T = TypeVar("T", bound=Item)
_CHANNEL = "Extension-UKCore-DeliveryChannel"


class Left(Enum):
    """Why a resource gives no item."""

    OUT = "it never was, is not yet, or is none of the desk's"
    WITHHELD = "its holder marked it as not to be told"


@dataclass(frozen=True)
class Found:
    """An item with its own reference and those that it rests on."""

    activity: Activity
    reference: str
    based_on: tuple[str, ...] = ()
    appointments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What every resource of one look-up is read with."""

    settings: FhirR4Settings
    number: NhsNumber
    subjects: Subjects
    source: str
    label: str


class Reader:
    """Reads the resources of one page."""

    def __init__(self, reading: Reading, places: Places, asked: datetime) -> None:
        self._with = reading
        self._settings = reading.settings
        self._label = reading.label
        self._places = places
        self._asked = asked
        self._by_kind: Mapping[str, Callable[[dict[str, Any]], Found | Left]] = {
            "Appointment": self._appointment,
            "ServiceRequest": self._service_request,
            "Encounter": self._encounter,
            "CarePlan": self._care_plan,
            "Task": self._task,
        }

    def found(self, kind: str, resource: dict[str, Any]) -> Found | Left:
        """Raises AboutAnother for anybody else's, ConnectorUnavailable for another shape."""
        return self._by_kind[kind](resource)

    def _read(self, piece: type[T], resource: dict[str, Any]) -> tuple[T, Left | None]:
        item = read(piece, resource, self._label)
        self._with.subjects.check(item)
        if not is_id(item.id):
            raise misunderstood(self._label)
        if item.status == codes.NEVER_WAS or item.status in codes.NOT_YET:
            return item, Left.OUT
        labels = {(c.system.rsplit("/", 1)[-1], c.code) for c in item.meta.security}
        withheld = any(code in codes.RESTRICTED or code in codes.SENSITIVE for _system, code in labels)
        return item, Left.WITHHELD if withheld else None

    def _appointment(self, resource: dict[str, Any]) -> Found | Left:
        item, left = self._read(AppointmentPiece, resource)
        if left:
            return left
        classes = {c.code for c in item.appointment_type.coding if c.system.endswith(codes.ACT_CODE)}
        status = codes.APPOINTMENT.get(item.status, ActivityStatus.UNKNOWN)
        said = [*item.category, *item.service, *item.specialty, item.appointment_type]
        return self._found(
            item,
            ActivityKind.ADMISSION if classes & codes.INPATIENT else self._kind(said, ActivityKind.APPOINTMENT),
            status,
            said=said,
            place=self._places.place(item.actors, item.contained),
            medium=self._medium(item, *classes),
            # A day that is only proposed is nobody's appointment yet.
            start=None if status is ActivityStatus.TO_BOOK else start_of(item.start, self._label),
        )

    def _service_request(self, resource: dict[str, Any]) -> Found | Left:
        item, left = self._read(ServiceRequestPiece, resource)
        if left:
            return left
        due = extension(item.extension, REVIEW_DUE)
        return self._found(
            item,
            self._kind(item.category, ActivityKind.REFERRAL),
            codes.REQUEST.get(item.status, ActivityStatus.UNKNOWN),
            said=[*item.category, item.performer_type, item.code],
            place=self._places.place([*item.place, *item.performer], item.contained),
            provider=self._places.organisation(item.performer, item.contained),
            referred=day_of(item.authored, self._label),
            due=day_of(due.value_date, self._label) if due else None,
            hints=(item.priority,),
        )

    def _encounter(self, resource: dict[str, Any]) -> Found | Left:
        item, left = self._read(EncounterPiece, resource)
        if left:
            return left
        stays = item.encounter_class.code in codes.INPATIENT
        start = start_of(item.period.start, self._label)
        status = (codes.STAY if stays else codes.VISIT).get(item.status, ActivityStatus.UNKNOWN)
        if item.status == "planned" and start is None:
            status = ActivityStatus.TO_BOOK
        visit = ActivityKind.APPOINTMENT if item.status == "planned" else ActivityKind.ATTENDANCE
        said = [item.service, *item.type]
        return self._found(
            item,
            ActivityKind.ADMISSION if stays else self._kind(said, visit),
            status,
            said=said,
            place=self._places.place([v.location for v in item.location], item.contained),
            provider=self._places.organisation([item.provider], item.contained),
            medium=self._medium(item, item.encounter_class.code),
            start=start,
            appointments=tuple(last(a.reference) for a in item.appointment) if item.status == "planned" else (),
        )

    def _care_plan(self, resource: dict[str, Any]) -> Found | Left:
        item, left = self._read(CarePlanPiece, resource)
        if left or not self._is_waiting(item):
            return left or Left.OUT
        return self._found(
            item,
            ActivityKind.WAITING,
            codes.REQUEST.get(item.status, ActivityStatus.UNKNOWN),
            said=item.category,
            provider=self._places.organisation([item.author], item.contained),
            clock_start=day_of(item.period.start, self._label),
        )

    def _task(self, resource: dict[str, Any]) -> Found | Left:
        item, left = self._read(TaskPiece, resource)
        if left or not self._is_for_patient(item):
            return left or Left.OUT
        status = codes.TASK.get(item.status, ActivityStatus.UNKNOWN)
        return self._found(item, ActivityKind.TASK, status, said=[item.code], start=start_of(item.authored, self._label))

    def _is_waiting(self, item: CarePlanPiece) -> bool:
        """A plan of care is a wait only where it says so: every other plan is clinical."""
        marked = any(c.code in self._settings.waiting_list_codes for concept in item.category for c in concept.coding)
        return marked or any(i.system in self._settings.pathway_systems for i in item.identifier)

    def _is_for_patient(self, item: TaskPiece) -> bool:
        """What the provider's own staff have to do is none of the desk's."""
        marked = any(c.code in self._settings.task_codes for c in item.code.coding)
        same = bool(item.owner.reference) and item.owner.reference == item.patient.reference
        return marked or same or self._with.subjects.is_patient(item.owner)

    def _kind(self, said: list[CodeableConcept], otherwise: ActivityKind) -> ActivityKind:
        is_test = any(c.code in self._settings.diagnostic_codes for concept in said for c in concept.coding)
        return ActivityKind.DIAGNOSTIC if is_test else otherwise

    @staticmethod
    def _medium(item: Item, *classes: str) -> str:
        said = [e.code for name in (MEDIUM, _CHANNEL) if (e := extension(item.extension, name))]
        return next((words for code in (*said, *sorted(classes)) if (words := medium_of(code))), "")

    def _found(
        self,
        item: Item,
        kind: ActivityKind,
        status: ActivityStatus,
        *,
        said: list[CodeableConcept],
        place: str = "",
        medium: str = "",
        provider: OdsCode | None = None,
        start: datetime | date | None = None,
        referred: date | None = None,
        clock_start: date | None = None,
        due: date | None = None,
        hints: tuple[str, ...] = (),
        appointments: tuple[str, ...] = (),
    ) -> Found:
        priority = extension(item.extension, PRIORITY)
        keys = self._keys(item)
        activity = Activity(
            nhs_number=self._with.number,
            kind=kind,
            status=status,
            id=item.id,
            provider=provider or (OdsCode(self._settings.provider) if self._settings.provider else None),
            specialty=specialty_of(said, self._settings.specialty_systems),
            ubrn=keys.ubrn,
            pathway_id=keys.pathway_id,
            local_id=keys.local_id,
            start=start,
            place=place,
            medium=medium,
            referred=referred,
            clock_start=clock_start,
            due=due,
            ask_team=for_team(*hints, priority.code if priority else "", *words_of(said)),
            source=self._with.source,
            as_at=self._as_at(item),
        )
        return Found(activity, f"{item.resource_type}/{item.id}", tuple(last(b.reference) for b in item.based_on), appointments)

    def _keys(self, item: Item) -> Keys:
        based_on: list[Actor] = item.based_on
        return keys_of([*item.identifier, *(b.identifier for b in based_on)], self._settings.keys)

    def _as_at(self, item: Item) -> datetime | date:
        changed = start_of(item.meta.last_updated, self._label) if self._settings.dated_by == "last_changed" else None
        return changed or self._asked
