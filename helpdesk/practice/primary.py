"""Prescriptions on their way, who may speak for whom, and the services that people can be sent to."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from helpdesk.callers.ports import Proxy
from helpdesk.directory.model import CareService
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import Patient
from helpdesk.practice.content import content
from helpdesk.practice.households import age_of
from helpdesk.practice.model import AreaPerson
from helpdesk.primary_care.model import Prescription, PrescriptionStatus

_STATUSES = (
    PrescriptionStatus.WITH_PHARMACY,
    PrescriptionStatus.DISPENSED,
    PrescriptionStatus.APPROVED,
    PrescriptionStatus.PREPARING_REMAINDER,
    PrescriptionStatus.NOT_DISPENSED,
)
_SHARES = (35, 35, 20, 6, 4)


def prescriptions(draw: random.Random, people: Iterable[AreaPerson], today: date) -> dict[NhsNumber, tuple[Prescription, ...]]:
    """One in six of the living has some, more of the old."""
    held: dict[NhsNumber, tuple[Prescription, ...]] = {}
    for person in people:
        patient = person.patient
        born = patient.born.whole if patient.born else None
        chance = 0.08 + (0.2 if born is not None and age_of(born) > 60 else 0.0)
        if draw.random() < chance and patient.death is None:
            count = draw.choices((1, 2, 3), (60, 30, 10))[0]
            held[patient.nhs_number] = tuple(_drawn(draw, today) for _ in range(count))
    return {number: tuple(sorted(p, key=lambda one: one.day or date.min, reverse=True)) for number, p in held.items()}


def _drawn(draw: random.Random, today: date) -> Prescription:
    status = draw.choices(_STATUSES, _SHARES)[0]
    issue = f"{draw.randrange(1, 6)} of 6" if draw.random() < 0.3 else ""
    return Prescription(status, today - timedelta(days=draw.randrange(0, 21)), issue)


def told_prescriptions(held: Mapping[str, Any], today: date) -> tuple[Prescription, ...]:
    return tuple(Prescription(p["status"], today + timedelta(days=p["days"]), p.get("issue", "")) for p in held.get("prescriptions", ()))


def proxy_of(patient: Patient, held: Mapping[str, Any], today: date) -> Proxy:
    """Somebody with an active consent; who they are is the person of the same story."""
    until = today + timedelta(days=held["until"]) if "until" in held else None
    return Proxy(
        family=patient.name.family,
        given=patient.name.given,
        nhs_number=patient.nhs_number,
        born=patient.born.whole if patient.born else None,
        relationship=held["relationship"],
        until=until,
    )


@cache
def services() -> tuple[CareService, ...]:
    return tuple(
        CareService(
            id=s["id"],
            name=s["name"],
            kind=s["kind"],
            organisation=OdsCode(s["ods"]) if "ods" in s else None,
            phone=s.get("phone", ""),
            web=s.get("web", ""),
            address_lines=tuple(s.get("lines", ())),
            postcode=s.get("postcode", ""),
            opening=tuple(s.get("opening", ())),
        )
        for s in content("services")["services"]
    )
