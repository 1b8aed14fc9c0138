"""A tiny area made by hand: a few people, each of whom shows one thing, and a crowd."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import (
    Address,
    Death,
    DeathStatus,
    Needs,
    PartialDate,
    Patient,
    PersonName,
    Phone,
    PhoneUse,
    Sensitivity,
)
from helpdesk.practice.model import Area, AreaPerson

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def number(serial: int) -> NhsNumber:
    """A valid NHS number that starts with 9, from a small serial; serials whose check digit is never issued fail."""
    nine = f"9{serial:08}"
    return NhsNumber(f"{nine}{NhsNumber.check_digit(nine)}")


_USABLE = [serial for serial in range(11, 200) if NhsNumber.check_digit(f"9{serial:08}") is not None]
JANE, RESTRICTED, V, UNFLAGGED, REDACTED, DEAD, REPORTED_DEAD, NEW, OLD, MINIMAL, BSL, WITHDRAWN, NOBODY, SMYTHE, *CROWD = map(
    number, _USABLE
)


def patient(nhs: NhsNumber, family: str = "Smith", *given: str, **held: Any) -> Patient:
    """A patient with every location field, unless told otherwise."""
    facts: dict[str, Any] = {
        "nhs_number": nhs,
        "asked_for": nhs,
        "sensitivity": Sensitivity.UNRESTRICTED,
        "source": "area",
        "as_at": NOW,
        "name": PersonName(family, given or ("Jane",), "Mrs"),
        "born": PartialDate(1950, 1, 1),
        "gender": "Female",
        "address": Address(("1 Mill Lane", "Larkmead"), "ZZ99 3CZ"),
        "phones": (Phone("07700900123", PhoneUse.MOBILE), Phone("01632960001", PhoneUse.HOME)),
        "emails": ("jane.smith@example.org",),
        "practice": OdsCode("XPR01"),
    }
    return Patient(**(facts | held))


def _people() -> tuple[AreaPerson, ...]:
    dead = Death(DeathStatus.CONFIRMED, PartialDate(2020, 5, 4))
    needs = Needs(language="BSL", interpreter=True, format="Large print", contact_method="No telephone contact", no_phone=True)
    crowd = tuple(AreaPerson(patient(n, "Crowd", "Kim", born=PartialDate(1980, 1, 1))) for n in CROWD)
    return (
        AreaPerson(patient(JANE, former_family_names=("Brown",))),
        # Unrestricted here, so that the stub holds locations which only the flag keeps back.
        AreaPerson(patient(RESTRICTED, "Hidden", "Rose"), "R"),
        AreaPerson(patient(V, "Hidden", "Violet"), "V"),
        AreaPerson(patient(UNFLAGGED, "Hidden", "Una"), ""),
        AreaPerson(patient(REDACTED, "Hidden", "Ruth"), "REDACTED"),
        AreaPerson(patient(DEAD, "Gone", "Ada", death=dead)),
        AreaPerson(patient(REPORTED_DEAD, "Gone", "Bea", death=Death(DeathStatus.REPORTED))),
        AreaPerson(patient(NEW, "Newman", "Nell"), replaces=(OLD,)),
        AreaPerson(Patient(MINIMAL, MINIMAL, Sensitivity.UNRESTRICTED, "area", NOW)),
        AreaPerson(patient(BSL, "Sign", "Sam", needs=needs)),
        AreaPerson(patient(WITHDRAWN, "Withdrawn"), faults={"pds": "invalidated"}),
        AreaPerson(patient(SMYTHE, "Smythe", "Jane", born=PartialDate(1950, 6, 30))),
        *crowd,
    )


def tiny_area() -> Area:
    return Area(1, date(2026, 11, 21), _people(), (), (), (), {}, ())


def record(**fields: Any) -> dict[str, Any]:
    """An unrestricted Patient with these fields; None takes one away."""
    whole = {"resourceType": "Patient", "id": str(JANE), "meta": {"security": [{"code": "U"}]}} | fields
    return {name: value for name, value in whole.items() if value is not None}
