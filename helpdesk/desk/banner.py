"""The patient banner as it may be drawn now: what the caller has not supplied, and no level has opened, stays hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from helpdesk.callers.model import Item, ItemState, Level, Verification
from helpdesk.desk.model import HIDDEN, Banner
from helpdesk.patients.model import Patient

OrganisationName = Callable[[str], str]


def draw(patient: Patient, check: Verification, organisation: OrganisationName, today: date, *, glass: bool = False) -> Banner:
    """`glass` = break-glass is on: staff may see the first zone and the second. Source: design, section 2.3."""
    first = glass or check.level >= Level.STATUS
    second = glass or check.level >= Level.CONTACT_DETAILS
    return Banner(
        number=patient.nhs_number,
        name=patient.name.shown,
        born=_born(patient, today) if first or _said(check, Item.DATE_OF_BIRTH) else _hidden(patient.born is not None),
        gender=patient.gender,
        nhs_number=patient.nhs_number.spaced if first or _said(check, Item.NHS_NUMBER) else HIDDEN,
        address=_address(patient, check, second),
        contact=_contact(patient, check, second),
        practice=_practice(patient, check, second, organisation),
        contact_by=", ".join(w for w in (patient.needs.contact_method, patient.needs.contact_times) if w),
        flags=patient.needs.flags,
        restricted=patient.restricted,
        death=patient.death,
        checked=_checked(check, glass),
        age_at_death=_age_at_death(patient) if first else "",
    )


def displayed(banner: Banner) -> tuple[Item, ...]:
    """The verification items that this banner shows in full, so that they prove nothing from now on."""
    shown = {
        Item.DATE_OF_BIRTH: banner.born,
        Item.NHS_NUMBER: banner.nhs_number,
        Item.ADDRESS: banner.address,
        Item.POSTCODE: banner.address,
        Item.PHONE: banner.contact,
        Item.GP_PRACTICE: banner.practice,
    }
    return tuple(item for item, words in shown.items() if words and HIDDEN not in words)


def _said(check: Verification, item: Item) -> bool:
    result = check.results.get(item)
    return result is not None and result.state is ItemState.MATCH


def _hidden(held: bool) -> str:
    return HIDDEN if held else ""


def _born(patient: Patient, today: date) -> str:
    if patient.born is None:
        return ""
    if patient.death is not None:
        return patient.born.shown
    return f"{patient.born.shown} ({patient.born.age_on(today)}y)" if patient.born.whole else patient.born.shown


def _age_at_death(patient: Patient) -> str:
    """Source: NHS Common User Interface, patient banner: age at death beside the date of death."""
    if patient.born is None or patient.death is None or patient.death.day is None or patient.death.day.whole is None:
        return ""
    return f"{patient.born.age_on(patient.death.day.whole)}y"


def _address(patient: Patient, check: Verification, opened: bool) -> str:
    if patient.address is None:
        return ""
    lines, postcode = patient.address.lines, patient.address.postcode
    if opened:
        return ", ".join([*lines, postcode] if postcode else lines)
    first = lines[0] if lines and _said(check, Item.ADDRESS) else HIDDEN
    last = postcode if postcode and _said(check, Item.POSTCODE) else HIDDEN
    return HIDDEN if first == last == HIDDEN else f"{first}, {last}"


def _contact(patient: Patient, check: Verification, opened: bool) -> str:
    if opened:
        return ", ".join([*(p.number for p in patient.phones), *patient.emails])
    if len(patient.phones) == 1 and _said(check, Item.PHONE):
        return f"{patient.phones[0].number}, {HIDDEN}" if patient.emails else patient.phones[0].number
    return _hidden(bool(patient.phones or patient.emails))


def _practice(patient: Patient, check: Verification, opened: bool, organisation: OrganisationName) -> str:
    if patient.practice is None:
        return patient.removal if opened else _hidden(bool(patient.removal))
    return organisation(patient.practice.value) if opened or _said(check, Item.GP_PRACTICE) else HIDDEN


def _checked(check: Verification, glass: bool) -> str:
    if glass:
        return "Break glass"
    if check.level >= Level.CONTACT_DETAILS:
        return "Checked: contact details"
    return "Checked: status" if check.level >= Level.STATUS else "Not checked yet"
