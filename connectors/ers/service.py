"""What e-RS publishes of a service: its name, and the number that patients may ring."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import ContactPoint, Extension, Piece, extension, extensions, read
from connectors.text import plain

_FOR_PATIENTS = "PATINF"
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,24}")


@dataclass(frozen=True)
class Service:
    name: str
    phone: str


class _Telecom(Extension):
    point: ContactPoint | None = Field(default=None, alias="valueContactPoint")


class _Contact(Extension):
    extension: list[_Telecom] = Field(default_factory=list)  # type: ignore[assignment]  # the same, with one more kind of value


class _HealthcareService(Piece):
    """`type` is left out on purpose: e-RS sends an object where the standard says a list."""

    id: str
    name: str = ""
    extension: list[_Contact] = Field(default_factory=list)


def service_from(body: object, *, asked: str, label: str) -> Service:
    """Raises ConnectorUnavailable where the body is no service, or another one."""
    resource = read(_HealthcareService, body, label, "HealthcareService")
    if resource.id != asked:
        raise misunderstood(label)
    return Service(plain(resource.name), _phone(resource))


def _phone(resource: _HealthcareService) -> str:
    """The first telephone number that is for patients; numbers for professionals are not."""
    for contact in extensions(list(resource.extension), "Extension-eRS-HealthcareService-Contact"):
        purpose = extension(contact.extension, "purpose")
        telecom = next((t for t in contact.extension if t.url == "telecom"), None)
        point = telecom.point if isinstance(telecom, _Telecom) else None
        if purpose is None or purpose.code != _FOR_PATIENTS or point is None or point.system != "phone":
            continue
        number = plain(point.value)
        if _PHONE.fullmatch(number):
            return number
    return ""
