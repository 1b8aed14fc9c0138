"""Makes people of the rows of a persons extract."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from connectors.waiting_list_extract.fields import Fields, several
from connectors.waiting_list_extract.whole_file import AnyProvider, EachOnce, OneDay
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import NOT_RECORDED, PERSONS
from helpdesk.identifiers import NhsNumber, without_separators
from helpdesk.patients.model import (
    Address,
    Death,
    DeathStatus,
    Needs,
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
_AS_SHOWN = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")
_DIGITS = re.compile(r"[0-9]{8}")
_LINES = 5
_FIRST_LINE = PERSONS.index("address_line_1")
_KEPT_DATES = 50_000
_NO_NEEDS = Needs()
"""One for all: an extract holds no needs."""


class Written(NamedTuple):
    """One row as it stands in the file, in the order of the columns."""

    nhs_number: str
    nhs_number_status: str
    family_name: str
    given_names: str
    title: str
    former_family_names: str
    date_of_birth: str
    date_of_death: str
    gender: str
    address_line_1: str
    address_line_2: str
    address_line_3: str
    address_line_4: str
    address_line_5: str
    postcode: str
    phone_mobile: str
    phone_home: str
    email: str
    gp_practice_ods: str
    hospital_numbers: str
    sensitivity: str


class Persons:
    """The people of one file."""

    def __init__(self, provider: str, as_at: date | None, today: date, source: str) -> None:
        self.provider = AnyProvider("", provider)
        self.day = OneDay("", as_at, today)
        self.left_out = 0
        self._once = EachOnce()
        self._source = source
        self._as_at = datetime.combine(as_at or today, time(), UTC)
        self._born: dict[str, PartialDate | None] = {}
        self._places: Callable[[Sequence[str]], tuple[str, ...]] | None = None

    def row(self, fields: Fields) -> PersonRow | None:
        """The person of one row; None where the row has no usable number. What is wrong stands in the problems."""
        if self._places is None:
            self._places = fields.places(PERSONS)
        written = Written(*fields.texts_at(PERSONS, self._places))
        number = fields.nhs_number_of("nhs_number", written.nhs_number)
        status = fields.number_status_of("nhs_number_status", written.nhs_number_status)
        known = self._patient(fields, number or _NOBODY, written)
        if number is None:
            return None
        self._once.check(fields, int(number.value), "nhs_number", "NHS number")
        return PersonRow(known, status)

    def _patient(self, fields: Fields, number: NhsNumber, written: Written) -> Patient:
        """A restricted person's address, phones, e-mail and practice are read for their form and dropped by the model."""
        return Patient(
            nhs_number=number,
            asked_for=number,
            sensitivity=_sensitivity(fields, written.sensitivity),
            source=self._source,
            as_at=self._as_at,
            name=PersonName(written.family_name, several(written.given_names), written.title),
            former_family_names=several(written.former_family_names),
            born=self._partial(fields, "date_of_birth", written.date_of_birth),
            gender=_gender(fields, written.gender),
            death=self._death(fields, written.date_of_death),
            address=_address(written),
            phones=_phones(written),
            emails=several(written.email),
            practice=fields.ods_of("gp_practice_ods", written.gp_practice_ods),
            hospital_numbers=several(written.hospital_numbers),
            needs=_NO_NEEDS,
        )

    def _partial(self, fields: Fields, column: str, value: str) -> PartialDate | None:
        """A date of which the day, or month and day, may be unknown."""
        if value in self._born:
            return self._born[value]
        try:
            found = _partial(value)
        except RuleBroken as refused:
            fields.wrong(column, refused.message)
            return None
        if len(self._born) < _KEPT_DATES:
            self._born[value] = found
        return found

    def _death(self, fields: Fields, value: str) -> Death | None:
        """Reported only: an extract cannot say whether the notice was formal. PDS says so when it is asked."""
        day = self._partial(fields, "date_of_death", value) if value else None
        return None if day is None else Death(DeathStatus.REPORTED, day)


def _sensitivity(fields: Fields, value: str) -> Sensitivity:
    if not value:
        fields.wrong("sensitivity", "It is blank: a person without a known sensitivity cannot be taken.")
    return Sensitivity.UNRESTRICTED if value == "U" else Sensitivity.RESTRICTED


def _gender(fields: Fields, value: str) -> str:
    word = _GENDERS.get(value) or _GENDERS.get(value.casefold())
    if word is None:
        fields.wrong("gender", "It is none of the codes or words for gender that the desk knows.")
    return word or ""


def _partial(written: str) -> PartialDate | None:
    """Raises RuleBroken."""
    value = written.split(" ", 1)[0]
    if not value:
        return None
    if _DIGITS.fullmatch(value):
        value = f"{value[:4]}-{value[4:6]}-{value[6:]}"
    found = PartialDate.from_iso(value)
    return None if found.iso == NOT_RECORDED else found


def _address(written: Written) -> Address | None:
    lines = tuple(filter(None, written[_FIRST_LINE : _FIRST_LINE + _LINES]))
    postcode = _postcode(written.postcode)
    return Address(lines, postcode) if lines or postcode else None


def _postcode(text: str) -> str:
    """With one space before the last three; what is no postcode stays as it is."""
    if _AS_SHOWN.fullmatch(text):
        return text
    bare = without_separators(text).upper()
    return f"{bare[:-3]} {bare[-3:]}" if _POSTCODE.fullmatch(bare) else text


def _phones(written: Written) -> tuple[Phone, ...]:
    mobile = [Phone(_bare(text), PhoneUse.MOBILE) for text in several(written.phone_mobile)]
    return (*mobile, *(Phone(_bare(text), PhoneUse.HOME) for text in several(written.phone_home)))


def _bare(text: str) -> str:
    return text if text.isalnum() else without_separators(text)


_NOBODY = NhsNumber("9999999999")
"""Stands in while a row without a usable number is looked through for what else is wrong with it."""
