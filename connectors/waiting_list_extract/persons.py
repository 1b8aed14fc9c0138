"""Makes people of the rows of a persons extract."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from connectors.waiting_list_extract.fields import Fields
from connectors.waiting_list_extract.whole_file import AnyProvider, EachOnce, OneDay
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import NOT_RECORDED
from helpdesk.identifiers import NhsNumber, without_separators
from helpdesk.patients.model import (
    Address,
    Death,
    DeathStatus,
    PartialDate,
    Patient,
    PersonName,
    PersonRow,
    Phone,
    PhoneUse,
    Sensitivity,
)

_GENDERS = {
    **dict.fromkeys(("1", "m", "male"), "Male"),
    **dict.fromkeys(("2", "f", "female"), "Female"),
    **dict.fromkeys(
        ("9", "i", "o", "other", "indeterminate", "not specified", "unspecified", "non-binary", "nonbinary", "nb"), "Not specified"
    ),
    **dict.fromkeys(("0", "x", "u", "n", "unknown", "not known", "not stated", "not recorded", "prefer not to say"), "Not known"),
    "": "",
}
"""Codes and words in use. Source: NHS Data Dictionary, PERSON STATED GENDER CODE; HL7 AdministrativeGender."""

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
_DIGITS = re.compile(r"[0-9]{8}")
_LINES = tuple(f"address_line_{n}" for n in range(1, 6))


class Persons:
    """The people of one file."""

    def __init__(self, provider: str, as_at: date | None, today: date, source: str) -> None:
        self.provider = AnyProvider("", provider)
        self.day = OneDay("", as_at, today)
        self._as_at = as_at or today
        self.left_out = 0
        self._once = EachOnce()
        self._source = source

    def row(self, fields: Fields) -> PersonRow | None:
        found = person(fields, self._source, self._as_at)
        if found is not None:
            self._once.check(fields, int(found.patient.nhs_number.value), "nhs_number", "NHS number")
        return found


def person(fields: Fields, source: str, as_at: date) -> PersonRow | None:
    """The person of one row; None where the row has no usable number. What is wrong stands in the problems."""
    number = fields.nhs_number("nhs_number")
    status = fields.number_status("nhs_number_status")
    sensitivity = _sensitivity(fields)
    known = _identity(fields, number or _NOBODY, sensitivity, source, as_at)
    return None if number is None else PersonRow(known, status)


def _identity(fields: Fields, number: NhsNumber, sensitivity: Sensitivity, source: str, as_at: date) -> Patient:
    """A restricted person's address, phones, e-mail and practice are read for their form and dropped by the model."""
    return Patient(
        nhs_number=number,
        asked_for=number,
        sensitivity=sensitivity,
        source=source,
        as_at=datetime.combine(as_at, time(), UTC),
        name=PersonName(fields.text("family_name"), fields.texts("given_names"), fields.text("title")),
        former_family_names=fields.texts("former_family_names"),
        born=_partial(fields, "date_of_birth"),
        gender=_gender(fields),
        death=_death(fields),
        address=_address(fields),
        phones=(*_phones(fields, "phone_mobile", PhoneUse.MOBILE), *_phones(fields, "phone_home", PhoneUse.HOME)),
        emails=fields.texts("email"),
        practice=fields.ods("gp_practice_ods"),
        hospital_numbers=fields.texts("hospital_numbers"),
    )


def _sensitivity(fields: Fields) -> Sensitivity:
    value = fields.text("sensitivity")
    if not value:
        fields.wrong("sensitivity", "It is blank: a person without a known sensitivity cannot be taken.")
    return Sensitivity.UNRESTRICTED if value == "U" else Sensitivity.RESTRICTED


def _gender(fields: Fields) -> str:
    word = _GENDERS.get(fields.text("gender").casefold())
    if word is None:
        fields.wrong("gender", "It is none of the codes or words for gender that the desk knows.")
    return word or ""


def _partial(fields: Fields, column: str) -> PartialDate | None:
    """A date of which the day, or month and day, may be unknown."""
    value = fields.text(column).split(" ", 1)[0]
    if not value:
        return None
    if _DIGITS.fullmatch(value):
        value = f"{value[:4]}-{value[4:6]}-{value[6:]}"
    try:
        found = PartialDate.from_iso(value)
    except RuleBroken as refused:
        fields.wrong(column, refused.message)
        return None
    return None if found.iso == NOT_RECORDED else found


def _death(fields: Fields) -> Death | None:
    """Reported only: an extract cannot say whether the notice was formal. PDS says so when it is asked."""
    day = _partial(fields, "date_of_death")
    return None if day is None else Death(DeathStatus.REPORTED, day)


def _address(fields: Fields) -> Address | None:
    lines = tuple(line for line in map(fields.text, _LINES) if line)
    postcode = _postcode(fields.text("postcode"))
    return Address(lines, postcode) if lines or postcode else None


def _postcode(text: str) -> str:
    """With one space before the last three; what is no postcode stays as it is."""
    bare = without_separators(text).upper()
    return f"{bare[:-3]} {bare[-3:]}" if _POSTCODE.fullmatch(bare) else text


def _phones(fields: Fields, column: str, use: PhoneUse) -> tuple[Phone, ...]:
    return tuple(Phone(without_separators(text), use) for text in fields.texts(column))


_NOBODY = NhsNumber("9999999999")
"""Stands in while a row without a usable number is looked through for what else is wrong with it."""
