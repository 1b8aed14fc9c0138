"""A practice person as the resource PDS would send."""

from __future__ import annotations

from typing import Any

from connectors.pds.codes import CONTACT_METHODS, DEATH_CONFIRMED, DEATH_REPORTED, FORMATS, GENDERS, LANGUAGES
from connectors.pds.removal import REASONS
from helpdesk.patients.model import Death, DeathStatus, Needs, Patient, PhoneUse
from helpdesk.practice.model import AreaPerson

_UK = "https://fhir.hl7.org.uk/StructureDefinition/"
_CODES = "https://fhir.hl7.org.uk/CodeSystem/"
_REMOVAL = "https://fhir.nhs.uk/StructureDefinition/Extension-PDS-RemovalFromRegistration"
_REMOVAL_CODES = "https://fhir.nhs.uk/CodeSystem/PDS-RemovalReasonExitCode"
_SINCE = {"start": "2020-01-01"}


def resource_of(person: AreaPerson, *, searched: bool = False) -> dict[str, Any]:
    """The Patient resource. What a search leaves out (preferences, communication, former names) is not in it when
    `searched`; nothing that says where somebody is, is in it for any flag but `U`."""
    patient = person.patient
    resource: dict[str, Any] = {
        "resourceType": "Patient",
        "id": str(patient.nhs_number),
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": str(patient.nhs_number)}],
        "meta": _meta(person.flag),
    }
    if patient.name.family or patient.name.given:
        resource["name"] = _names(patient, searched=searched)
    if patient.gender:
        resource["gender"] = next((code for code, words in GENDERS.items() if words == patient.gender), "unknown")
    if patient.born:
        resource["birthDate"] = patient.born.iso
    if patient.death and patient.death.day:
        resource["deceasedDateTime"] = f"{patient.death.day.iso}T00:00:00+00:00" if patient.death.day.whole else patient.death.day.iso
    if person.flag == "U":
        resource |= _location(patient)
    extensions = _death(patient.death) + ([] if searched else [*_needs(patient.needs), *_removal(patient.removal)])
    return resource | ({"extension": extensions} if extensions else {})


def _meta(flag: str) -> dict[str, Any]:
    if not flag:
        return {"versionId": "1"}
    return {"versionId": "1", "security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": flag}]}


def _names(patient: Patient, *, searched: bool) -> list[dict[str, Any]]:
    name = patient.name
    usual: dict[str, Any] = {"id": "1", "use": "usual", "period": _SINCE, "family": name.family, "given": list(name.given)}
    if name.title:
        usual["prefix"] = [name.title]
    former = () if searched else patient.former_family_names
    past = {"start": "1990-01-01", "end": "2019-12-31"}
    return [usual] + [
        {"id": str(n), "use": "old", "period": past, "family": family, "given": list(name.given)} for n, family in enumerate(former, 2)
    ]


def _location(patient: Patient) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if patient.address:
        found["address"] = [
            {"id": "1", "use": "home", "period": _SINCE, "line": list(patient.address.lines), "postalCode": patient.address.postcode}
        ]
    telecom = [_telecom(n, "phone", _phone_use(p.use), p.number) for n, p in enumerate(patient.phones, 1)]
    telecom += [_telecom(n, "email", "home", email) for n, email in enumerate(patient.emails, len(telecom) + 1)]
    if telecom:
        found["telecom"] = telecom
    if patient.practice:
        ods = {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": str(patient.practice), "period": _SINCE}
        found["generalPractitioner"] = [{"id": "1", "type": "Organization", "identifier": ods}]
    return found


def _phone_use(use: PhoneUse) -> str:
    return "work" if use is PhoneUse.OTHER else use.value


def _telecom(number: int, system: str, use: str, value: str) -> dict[str, Any]:
    return {"id": str(number), "system": system, "use": use, "value": value, "period": _SINCE}


def _death(death: Death | None) -> list[dict[str, Any]]:
    if death is None:
        return []
    code = DEATH_CONFIRMED if death.status is DeathStatus.CONFIRMED else DEATH_REPORTED
    return [_complex("Extension-UKCore-DeathNotificationStatus", _coded("deathNotificationStatus", "UKCore-DeathNotificationStatus", code))]


def _needs(needs: Needs) -> list[dict[str, Any]]:
    preferences = [
        _coded(url, f"UKCore-{url}", code, words)
        for url, words, codes in (
            ("PreferredWrittenCommunicationFormat", needs.format, FORMATS),
            ("PreferredContactMethod", "No telephone contact" if needs.no_phone else needs.contact_method, CONTACT_METHODS),
        )
        if words and (code := _code_for(words, codes))
    ]
    if needs.contact_times:
        preferences.append({"url": "PreferredContactTimes", "valueString": needs.contact_times})
    communication = [{"url": "interpreterRequired", "valueBoolean": True}] if needs.interpreter else []
    if code := _code_for(needs.language, LANGUAGES):
        communication.insert(0, _coded("language", "UKCore-HumanLanguage", code, needs.language))
    found = [_complex("Extension-UKCore-NHSCommunication", *communication)] if communication else []
    return found + ([_complex("Extension-UKCore-ContactPreference", *preferences)] if preferences else [])


def _removal(words: str) -> list[dict[str, Any]]:
    if not words:
        return []
    coding = {"system": _REMOVAL_CODES, "code": _code_for(words, REASONS) or "ORR", "display": words}
    code = {"url": "removalFromRegistrationCode", "valueCodeableConcept": {"coding": [coding]}}
    when = {"url": "effectiveTime", "valuePeriod": {"start": "2020-01-01T00:00:00+00:00"}}
    return [{"url": _REMOVAL, "extension": [code, when]}]


def _code_for(words: str, codes: dict[str, str]) -> str:
    return next((code for code, known in codes.items() if known == words), "")


def _coded(url: str, system: str, code: str, words: str = "") -> dict[str, Any]:
    coding = {"system": f"{_CODES}{system}", "code": code} | ({"display": words} if words else {})
    return {"url": url, "valueCodeableConcept": {"coding": [coding]}}


def _complex(name: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"url": f"{_UK}{name}", "extension": list(parts)}
