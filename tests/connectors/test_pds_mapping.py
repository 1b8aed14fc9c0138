"""PDS records as they really come, and as they never should: over real HTTP, from a server that says anything."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.pds.mapping import patient_of
from helpdesk.patients.model import DeathStatus, Needs, PartialDate, Patient, Phone, PhoneUse, Sensitivity
from tests.connectors.tiny_area import JANE, NOW, record

UK = "https://fhir.hl7.org.uk/StructureDefinition/"
PAST = {"start": "2001-01-01", "end": "2026-11-20"}
TODAY = {"start": "2026-11-21", "end": "2026-11-21"}
FUTURE = {"start": "2026-11-22"}


def mapped(**fields: Any) -> Patient:
    return patient_of(record(**fields), asked_for=JANE, source="pds", label="PDS", at=NOW)


def name(family: str, use: str = "usual", period: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {"use": use, "family": family, "given": ["Jane"], **({"period": period} if period else {}), **more}


def coded(url: str, code: str, display: str = "") -> dict[str, Any]:
    return {"url": url, "valueCodeableConcept": {"coding": [{"code": code, **({"display": display} if display else {})}]}}


def complex_extension(url: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"url": UK + url, "extension": list(parts)}


def death(code: str) -> list[dict[str, Any]]:
    return [complex_extension("Extension-UKCore-DeathNotificationStatus", coded("deathNotificationStatus", code))]


@pytest.mark.parametrize(
    "security",
    [
        None,
        [],
        [{}],
        [{"code": ""}],
        [{"code": "u"}],
        [{"code": "R"}],
        [{"code": "V"}],
        [{"code": "REDACTED"}],
        [{"code": "N"}],
        [{"code": "U"}, {"code": "R"}],
        [{"code": "R"}, {"code": "U"}],
        [{"code": "U"}, {"code": "U"}],
        [{"display": "unrestricted"}],
    ],
)
def test_only_exactly_one_u_is_unrestricted(security: Any) -> None:
    places = {
        "address": [{"use": "home", "line": ["1 Mill Lane"], "postalCode": "ZZ99 3CZ"}],
        "telecom": [{"system": "phone", "value": "07700900123"}, {"system": "email", "value": "jane@example.org"}],
        "generalPractitioner": [{"identifier": {"value": "XPR01"}}],
    }
    person = mapped(meta={} if security is None else {"security": security}, **places)
    assert person.sensitivity is Sensitivity.RESTRICTED
    assert (person.address, person.phones, person.emails, person.practice) == (None, (), (), None)
    assert mapped(**places).address is not None


def test_a_record_without_meta_is_restricted() -> None:
    assert mapped(meta=None).restricted


@pytest.mark.parametrize(
    ("names", "shown", "former"),
    [
        ([name("Smith")], "SMITH, Jane", ()),
        ([name("Old", "old"), name("Smith")], "SMITH, Jane", ("Old",)),
        ([name("Was", "usual", PAST), name("Smith", "usual", TODAY)], "SMITH, Jane", ("Was",)),
        ([name("Soon", "usual", FUTURE), name("Smith", "usual")], "SMITH, Jane", ("Soon",)),
        ([name("Nick", "nickname"), name("Smith")], "SMITH, Jane", ()),
        ([name("Smith", "usual", PAST), name("Nick", "nickname")], "NICK, Jane", ("Smith",)),
        ([name("Old", "old"), name("Temp", "temp")], "TEMP, Jane", ("Old",)),
        ([name("Temp", "temp"), name("Nick", "nickname")], "NICK, Jane", ()),
        ([name("First", "usual", {"start": "2001-01-01"}), name("Second", "usual", {"start": "2011-01-01"})], "SECOND, Jane", ()),
        ([name("First", "usual", PAST), name("Last", "usual", PAST)], "LAST, Jane", ("First",)),
        ([name("Maiden", "maiden"), name("MAIDEN", "old"), name("Smith")], "SMITH, Jane", ("Maiden",)),
        ([name("Smith", "old"), name("Smith")], "SMITH, Jane", ()),
        ([{"use": "usual", "given": ["Jane"]}], "NAME NOT KNOWN, Jane", ()),
        ([name("Smith", prefix=["Mrs", "Dr"])], "SMITH, Jane (Mrs)", ()),
        ([], "NAME NOT KNOWN", ()),
    ],
)
def test_which_name_is_the_name(names: list[dict[str, Any]], shown: str, former: tuple[str, ...]) -> None:
    person = mapped(name=names)
    assert (person.name.shown, person.former_family_names) == (shown, former)


@pytest.mark.parametrize(
    ("text", "born"),
    [("1950-01-02", PartialDate(1950, 1, 2)), ("1950-01", PartialDate(1950, 1)), ("1950", PartialDate(1950)), ("", None)],
)
def test_birth_dates_may_be_partial(text: str, born: PartialDate | None) -> None:
    assert mapped(birthDate=text or None).born == born


@pytest.mark.parametrize(
    ("code", "words"),
    [("male", "Male"), ("female", "Female"), ("other", "Not specified"), ("unknown", "Not known"), (None, "Not known"), ("x", "Not known")],
)
def test_gender_in_words(code: str | None, words: str) -> None:
    assert mapped(gender=code).gender == words


@pytest.mark.parametrize(
    ("fields", "status", "day"),
    [
        ({}, None, None),
        ({"extension": death("1")}, DeathStatus.REPORTED, None),
        ({"extension": death("2"), "deceasedDateTime": "2020-05"}, DeathStatus.CONFIRMED, PartialDate(2020, 5)),
        ({"extension": death("2"), "deceasedDateTime": "2010-10-22T00:00:00+00:00"}, DeathStatus.CONFIRMED, PartialDate(2010, 10, 22)),
        ({"deceasedDateTime": "2020"}, DeathStatus.REPORTED, PartialDate(2020)),
        ({"extension": death("9"), "deceasedDateTime": "2020"}, DeathStatus.REPORTED, PartialDate(2020)),
        ({"deceasedBoolean": True}, DeathStatus.REPORTED, None),
        ({"deceasedBoolean": False}, None, None),
        ({"extension": death("U")}, None, None),
        ({"extension": death("U"), "deceasedDateTime": "2020-05-04"}, None, None),
    ],
)
def test_who_is_dead(fields: dict[str, Any], status: DeathStatus | None, day: PartialDate | None) -> None:
    found = mapped(**fields).death
    assert (found.status if found else None, found.day if found else None) == (status, day)


def address(use: str, line: str, period: dict[str, str] | None = None) -> dict[str, Any]:
    return {"use": use, "line": ["", line, " "], "postalCode": "zz993cz", **({"period": period} if period else {})}


@pytest.mark.parametrize(
    ("addresses", "line"),
    [
        ([address("home", "Home")], "Home"),
        ([address("temp", "Away"), address("home", "Home")], "Home"),
        ([address("temp", "Away")], None),
        ([address("billing", "Letters"), address("old", "Gone")], None),
        ([address("home", "Was", PAST), address("home", "Home", TODAY)], "Home"),
        ([address("home", "Was", PAST)], None),
        ([address("", "Plain"), address("home", "Home")], "Home"),
    ],
)
def test_which_address_is_home(addresses: list[dict[str, Any]], line: str | None) -> None:
    home = mapped(address=addresses).address
    assert (home.lines if home else None) == ((line,) if line else None)
    assert home is None or home.postcode == "ZZ99 3CZ"


def test_phones_and_emails_that_hold_today() -> None:
    telecom = [
        {"system": "phone", "value": "07700900001", "use": "mobile"},
        {"system": "phone", "value": "07700900001", "use": "mobile"},
        {"system": "phone", "value": "01632960002", "use": "work"},
        {"system": "phone", "value": "01632960003", "use": "home", "period": PAST},
        {"system": "phone", "value": "01632960004", "use": "old"},
        {"system": "phone", "use": "home"},
        {"system": "other", "value": "01632960005", "extension": [{"url": "x", "valueCoding": {"code": "textphone"}}]},
        {"system": "email", "value": "now@example.org"},
        {"system": "email", "value": "past@example.org", "period": PAST},
    ]
    person = mapped(telecom=telecom)
    assert person.phones == (Phone("07700900001", PhoneUse.MOBILE), Phone("01632960002", PhoneUse.OTHER))
    assert person.emails == ("now@example.org",)


@pytest.mark.parametrize(
    ("practices", "ods"),
    [
        ([{"identifier": {"value": "xpr01"}}], "XPR01"),
        ([{"identifier": {"value": "XPR01", "period": PAST}}], None),
        ([{"identifier": {"value": "../../x"}}], None),
        ([{"identifier": {}}], None),
        ([], None),
    ],
)
def test_the_registered_practice(practices: list[dict[str, Any]], ods: str | None) -> None:
    found = mapped(generalPractitioner=practices).practice
    assert (str(found) if found else None) == ods


def preference(*parts: dict[str, Any]) -> dict[str, Any]:
    return complex_extension("Extension-UKCore-ContactPreference", *parts)


def communication(*parts: dict[str, Any]) -> dict[str, Any]:
    return complex_extension("Extension-UKCore-NHSCommunication", *parts)


INTERPRETER = {"url": "interpreterRequired", "valueBoolean": True}


@pytest.mark.parametrize(
    ("extensions", "needs"),
    [
        ([preference(coded("PreferredWrittenCommunicationFormat", "11"))], Needs(format="Large print")),
        ([preference(coded("PreferredWrittenCommunicationFormat", "12"))], Needs(format="Braille")),
        ([preference(coded("PreferredWrittenCommunicationFormat", "13"))], Needs(format="Audio")),
        ([preference(coded("PreferredWrittenCommunicationFormat", "99", "Easy read"))], Needs(format="Easy read")),
        ([preference(coded("PreferredWrittenCommunicationFormat", "99"))], Needs(format="Another format: see PDS")),
        ([preference(coded("PreferredContactMethod", "1"))], Needs(contact_method="Letter")),
        ([preference(coded("PreferredContactMethod", "8"))], Needs(contact_method="No telephone contact", no_phone=True)),
        ([preference({"url": "PreferredContactTimes", "valueString": "Not after\n7pm"})], Needs(contact_times="Not after 7pm")),
        ([communication(coded("language", "q4"), INTERPRETER)], Needs(language="BSL", interpreter=True)),
        ([communication(coded("language", "fr", "French"))], Needs(language="French")),
        ([communication(coded("language", "xx", "Klingon"))], Needs(language="Klingon")),
        ([communication(coded("language", "xx"))], Needs(language="Another language: see PDS")),
        ([communication(coded("language", "q2"))], Needs(language="American Sign Language")),
        ([communication(coded("language", "q3"))], Needs(language="Auslan")),
        ([communication(coded("language", "q5"), INTERPRETER)], Needs(language="Makaton", interpreter=True)),
        ([preference(coded("PreferredContactMethod", "2"))], Needs(contact_method="Visit")),
        ([preference(coded("PreferredContactMethod", "3"))], Needs(contact_method="Telephone")),
        ([preference(coded("PreferredContactMethod", "4"))], Needs(contact_method="E-mail")),
        ([preference(coded("PreferredContactMethod", "5"))], Needs(contact_method="Textphone (Minicom)")),
        ([preference(coded("PreferredContactMethod", "6"))], Needs(contact_method="Telephone through another person")),
        ([preference(coded("PreferredContactMethod", "7"))], Needs(contact_method="Sign language")),
        ([preference(coded("PreferredContactMethod", "99"))], Needs(contact_method="Another way: see PDS")),
        ([communication(coded("language", "q1"))], Needs(format="Braille")),
        ([communication({"url": "interpreterRequired", "valueBoolean": False})], Needs()),
        ([communication(INTERPRETER)], Needs(interpreter=True)),
        ([], Needs()),
    ],
)
def test_needs_in_words(extensions: list[dict[str, Any]], needs: Needs) -> None:
    assert mapped(extension=extensions).needs == needs


REMOVAL = "https://fhir.nhs.uk/StructureDefinition/Extension-PDS-RemovalFromRegistration"


def removal(code: str, display: str = "", period: dict[str, str] | None = None) -> dict[str, Any]:
    when = [{"url": "effectiveTime", "valuePeriod": period}] if period else []
    return {"url": REMOVAL, "extension": [coded("removalFromRegistrationCode", code, display), *when]}


@pytest.mark.parametrize(
    ("extension", "words"),
    [
        (removal("SCT", "Transferred to Scotland", {"start": "2020-01-01T00:00:00+00:00"}), "Moved to Scotland"),
        (removal("NIT", "x"), "Moved to Northern Ireland"),
        (removal("EMB", "Embarkation"), "Moved abroad"),
        (removal("DEA", "Death"), "Registration ended by death"),
        (removal("TRA", "x"), "Temporary registration ended"),
        (removal("ORR", "Other reason"), "Registration ended"),
        (removal("XYZ", "Gone away"), "Gone away"),
        (removal("XYZ"), "Registration ended"),
        (removal("SCT", "x", {"start": "2020-01-01T00:00:00+00:00", "end": "2021-12-31T00:00:00+00:00"}), ""),
        (removal("SCT", "x", {"start": "2030-01-01T00:00:00+00:00"}), ""),
        ({"url": REMOVAL, "extension": []}, ""),
    ],
)
def test_why_somebody_has_no_practice(extension: dict[str, Any], words: str) -> None:
    assert mapped(extension=[extension]).removal == words
    assert mapped(extension=[extension], meta={"security": [{"code": "R"}]}).removal == "", "it says where they are"


def test_invisible_and_direction_changing_characters_do_not_come_in() -> None:
    person = mapped(name=[{"use": "usual", "family": "Sm\u202eith\u200b\x07", "given": ["Jane\tAnn"], "prefix": ["x" * 5000]}])
    assert (person.name.family, person.name.given, len(person.name.title)) == ("Smith", ("Jane Ann",), 200)
