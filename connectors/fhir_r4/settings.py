"""What a FHIR R4 instance can be told: enough to fit a server of any maker without a line of code."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal
from urllib.parse import parse_qsl

from pydantic import Field, field_validator

from connectors.fhir import NHS_NUMBER
from connectors.fhir_activity import CARE_PATHWAY, PATHWAY, SPECIALTY, UBRN, KeySystems
from connectors.http_settings import HttpSettings

ResourceName = Literal["Appointment", "ServiceRequest", "Encounter", "CarePlan", "Task"]
PatientBy = Literal["patient.identifier", "patient:identifier", "patient"]

_TODAY = re.compile(r"\{today(?:([+-])([0-9]{1,5}))?\}")
_OURS = frozenset({"patient", "subject", "identifier", "for", "_count", "_include", "_revinclude", "_format", "_elements"})
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
_VALUE = re.compile(r"[\x20-\x7e]{0,512}")
_NEVER = frozenset({"authorization", "proxy-authorization", "cookie", "host", "content-length", "transfer-encoding", "x-request-id"})
_INCLUDE = re.compile(r"(Appointment|ServiceRequest|Encounter|CarePlan|Task):[a-z-]+(:[A-Za-z]+)?")
_ANY_DAY = date(1000, 1, 1)
_STU3_SPECIALTY = "https://fhir.nhs.uk/STU3/CodeSystem/Specialty-1"


class FhirR4Settings(HttpSettings):
    """One server. `search` and `headers` are tables; a parameter may hold {today}, {today-365} or {today+30}."""

    rate_per_s: float = Field(default=20, gt=0, le=1000, title="Questions a second", description="One look-up is up to seven of them")
    breaker_failures: int = Field(
        default=15, ge=0, le=100, title="Failures in a row", description="After so many the service is left alone for a while; 0 for never"
    )
    resources: tuple[ResourceName, ...] = Field(
        default=("Appointment", "ServiceRequest", "Encounter", "CarePlan", "Task"),
        min_length=1,
        title="Resources",
        description="What is asked for; leave out what the server does not offer",
    )
    patient_by: PatientBy = Field(
        default="patient", title="Patient found by", description="patient: first the Patient by NHS number, then by the server's own id"
    )
    nhs_number_system: str = Field(default=NHS_NUMBER, min_length=1, title="NHS number system", description="The server's name for it")
    search: dict[ResourceName, str] = Field(
        default={"Encounter": "date=ge{today-365}"},
        title="More parameters",
        description="For each resource, as in an address: status=booked,arrived&date=ge{today-90}",
    )
    include: tuple[str, ...] = Field(
        default=("Appointment:location", "Encounter:location"), title="Included", description="Resources sent along for their names"
    )
    page_size: int = Field(default=50, ge=0, le=1000, title="Page size", description="How many at a time; 0 leaves it to the server")
    max_pages: int = Field(default=5, ge=1, le=50, title="Most pages", description="Of each resource; what lies behind counts as missing")
    provider: str = Field(
        default="", pattern=r"^([A-Z0-9]{3,12})?$", title="Provider", description="ODS code, where the server is one provider's"
    )
    specialty_systems: tuple[str, ...] = Field(
        default=(SPECIALTY, _STU3_SPECIALTY), title="Specialty code systems", description="No other coding is taken for a specialty"
    )
    ubrn_systems: tuple[str, ...] = Field(default=(UBRN,), title="Booking reference systems", description="Identifier systems of UBRNs")
    pathway_systems: tuple[str, ...] = Field(
        default=(PATHWAY, CARE_PATHWAY), title="Pathway identifier systems", description="Identifier systems of patient pathways"
    )
    local_systems: tuple[str, ...] = Field(
        default=(), title="Local pathway systems", description="Identifier systems of the provider's own pathway or referral numbers"
    )
    pathway_issuer: str = Field(
        default="", pattern=r"^([A-Z0-9]{3,12})?$", title="Pathway issuer", description="Who issued pathway identifiers that do not say so"
    )
    waiting_list_codes: tuple[str, ...] = Field(
        default=(), title="Waiting list categories", description="A CarePlan of this category, or with a pathway identifier, is a wait"
    )
    task_codes: tuple[str, ...] = Field(
        default=("complete-questionnaire",), title="Tasks for the patient", description="A Task of this code, or owned by the patient"
    )
    diagnostic_codes: tuple[str, ...] = Field(
        default=("103693007", "108252007", "363679005"), title="Test categories", description="Categories and service types that are tests"
    )
    dated_by: Literal["asked", "last_changed"] = Field(
        default="asked", title="Dated by", description="last_changed where the server holds copies made from time to time"
    )
    limits: str = Field(default="", title="What it leaves out", description="One sentence for the desk, as agreed with the provider")
    headers: dict[str, str] = Field(default={}, title="Fixed headers", description="Sent with every request; never a sign-in")

    @field_validator("search")
    @classmethod
    def _is_ours_to_add(cls, search: dict[ResourceName, str]) -> dict[ResourceName, str]:
        for written in search.values():
            text = _dated(written, _ANY_DAY)
            if "{" in text or "}" in text:
                raise ValueError("in braces stands {today}, {today-90} or {today+90}")
            for name, _value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
                if re.split(r"[.:]", name, maxsplit=1)[0] in _OURS:
                    raise ValueError("the patient, the page size and what is included have settings of their own")
        return search

    @field_validator("include")
    @classmethod
    def _are_includes(cls, include: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_INCLUDE.fullmatch(text) for text in include):
            raise ValueError("an included resource is written Appointment:location")
        return include

    @field_validator("headers")
    @classmethod
    def _are_fixed_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if name.lower() in _NEVER or not _HEADER.fullmatch(name) or not _VALUE.fullmatch(value):
                raise ValueError("a fixed header has a plain name and value, and is no sign-in: that has its own settings")
        return headers

    @property
    def keys(self) -> KeySystems:
        return KeySystems(self.ubrn_systems, self.pathway_systems, self.local_systems, self.pathway_issuer)

    def parameters(self, resource: ResourceName, today: date) -> list[tuple[str, str]]:
        """What is asked of a resource beside whose it is."""
        asked = parse_qsl(_dated(self.search.get(resource, ""), today), keep_blank_values=True)
        asked += [("_include", text) for text in self.include if text.startswith(f"{resource}:")]
        return [*asked, ("_count", str(self.page_size))] if self.page_size else asked

    def url(self, path: str) -> str:
        """Also for a page that lies at the base address itself ("?_getpages=…")."""
        return f"{self.base_url.rstrip('/')}{path}" if path.startswith("?") else super().url(path)


def _dated(text: str, today: date) -> str:
    """The parameters with their days filled in, before anything is decoded: in an address a + is a space."""
    return _TODAY.sub(lambda found: _day(found, today), text)


def _day(found: re.Match[str], today: date) -> str:
    sign, days = found.groups()
    counted = -int(days) if sign == "-" else int(days or 0)
    return (today + timedelta(days=counted)).isoformat()
