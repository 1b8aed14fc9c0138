"""From a PDS Patient resource to the desk's patient: fields by white list, and nothing that could say where a restricted person is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from connectors.errors_http import misunderstood
from connectors.fhir import NHS_NUMBER, ContactPoint, HumanName, Reference, extension, partial_date, read
from connectors.pds.codes import DEATH_CONFIRMED, DEATH_REMOVED, GENDER_NOT_KNOWN, GENDERS
from connectors.pds.needs import needs_of
from connectors.pds.removal import removal_of
from connectors.pds.resource import PdsPatient
from connectors.text import plain
from helpdesk.clock import london_day
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import Address, Death, DeathStatus, PartialDate, Patient, PersonName, Phone, PhoneUse, Sensitivity

_PAST_USES = frozenset({"old", "maiden"})
_PHONE_USES = {"mobile": PhoneUse.MOBILE, "home": PhoneUse.HOME}


def patient_of(body: Any, *, asked_for: NhsNumber | None, source: str, label: str, at: datetime) -> Patient:
    """The patient in one resource. `asked_for` is None in a search, where nobody was asked for by number.

    Raises ConnectorUnavailable where it is no Patient, has no valid NHS number as its id, or is of another shape."""
    resource = read(PdsPatient, body, label, "Patient")
    today = london_day(at)
    number = _number(resource, label)
    restricted = _sensitivity(resource) is Sensitivity.RESTRICTED
    name = _chosen(resource.name, today)
    return Patient(
        nhs_number=number,
        asked_for=asked_for or number,
        sensitivity=_sensitivity(resource),
        source=source,
        as_at=at,
        name=name_of(name) if name else PersonName(),
        former_family_names=_former(resource.name, name, today),
        born=partial_date(resource.birth_date, label) if resource.birth_date else None,
        gender=GENDERS.get(resource.gender, GENDER_NOT_KNOWN),
        death=_death(resource, label),
        address=None if restricted else _address(resource, today),
        phones=() if restricted else _phones(resource.telecom, today),
        emails=() if restricted else _emails(resource.telecom, today),
        practice=None if restricted else _practice(resource.practices, today),
        needs=needs_of(resource.extension),
        removal="" if restricted else removal_of(resource.extension, today),
    )


def _number(resource: PdsPatient, label: str) -> NhsNumber:
    """The id; an NHS number among the identifiers that differs from it would be somebody else's."""
    number = _valid_number(resource.id)
    if number is None or any(i.value != number.value for i in resource.identifier if i.system == NHS_NUMBER):
        raise misunderstood(label)
    return number


def _valid_number(text: str) -> NhsNumber | None:
    try:
        return NhsNumber(text)
    except RuleBroken:
        return None


def _sensitivity(resource: PdsPatient) -> Sensitivity:
    """Unrestricted only on exactly one label, `U`. A missing flag is a restricted person."""
    codes = [label.code for label in resource.meta.security]
    return Sensitivity.UNRESTRICTED if codes == ["U"] else Sensitivity.RESTRICTED


def _chosen(names: list[HumanName], today: date) -> HumanName | None:
    """The usual name now, else a nickname now, else any name now, else the last of all. Of several the newest."""
    now = [n for n in names if n.use not in _PAST_USES and n.period.covers(today)]
    for use in ("usual", "nickname"):
        if of_use := [n for n in now if n.use == use]:
            return max(of_use, key=lambda n: n.period.start)
    return next(iter(now or names[-1:]), None)


def name_of(name: HumanName) -> PersonName:
    given = tuple(text for part in name.given if (text := plain(part)))
    return PersonName(plain(name.family), given, plain(name.prefix[0]) if name.prefix else "")


def _former(names: list[HumanName], chosen: HumanName | None, today: date) -> tuple[str, ...]:
    """Family names the person no longer goes by, each once."""
    seen = {plain(chosen.family).casefold() if chosen else "", ""}
    former = []
    for name in names:
        family = plain(name.family)
        past = name.use in _PAST_USES or not name.period.covers(today)
        if past and family.casefold() not in seen:
            seen.add(family.casefold())
            former.append(family)
    return tuple(former)


def _death(resource: PdsPatient, label: str) -> Death | None:
    """Source: UK Core DeathNotificationStatus: `U` = the notice was removed, so the person lives whatever date stands."""
    notice = extension(resource.extension, "Extension-UKCore-DeathNotificationStatus")
    status = extension(notice.extension, "deathNotificationStatus") if notice else None
    code = status.code if status else ""
    if code == DEATH_REMOVED or not (code or resource.deceased_datetime or resource.deceased_boolean):
        return None
    day: PartialDate | None = partial_date(resource.deceased_datetime, label) if resource.deceased_datetime else None
    return Death(DeathStatus.CONFIRMED if code == DEATH_CONFIRMED else DeathStatus.REPORTED, day)


def _address(resource: PdsPatient, today: date) -> Address | None:
    """The home address now. A temporary, former or correspondence address is never taken for it."""
    now = [a for a in resource.address if a.use in ("home", "") and a.period.covers(today)]
    home = next(iter([a for a in now if a.use == "home"] or now), None)
    if home is None:
        return None
    return Address(tuple(text for part in home.line if (text := plain(part))), _postcode(home.postal_code))


def _postcode(text: str) -> str:
    bare = "".join(plain(text).upper().split())
    return f"{bare[:-3]} {bare[-3:]}" if len(bare) > 4 else bare


def _now(telecom: list[ContactPoint], system: str, today: date) -> list[ContactPoint]:
    return [t for t in telecom if t.system == system and t.use != "old" and plain(t.value) and t.period.covers(today)]


def _phones(telecom: list[ContactPoint], today: date) -> tuple[Phone, ...]:
    return tuple(dict.fromkeys(Phone(plain(t.value), _PHONE_USES.get(t.use, PhoneUse.OTHER)) for t in _now(telecom, "phone", today)))


def _emails(telecom: list[ContactPoint], today: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(t.value) for t in _now(telecom, "email", today)))


def _practice(practices: list[Reference], today: date) -> OdsCode | None:
    """The practice the person is registered with now; a registration that has ended is none."""
    first = next((p.identifier for p in practices if p.identifier.value), None)
    if first is None or not first.period.covers(today):
        return None
    try:
        return OdsCode.parse(first.value)
    except RuleBroken:
        return None
