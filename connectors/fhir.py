"""The few pieces of FHIR that the desk reads, whatever the version: a body of any other shape is an unavailable source.

A `null` where FHIR allows none, a text for a list or a number for a text is a wrong shape; what is not named here is not read."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.errors_http import misunderstood
from helpdesk.errors import RuleBroken
from helpdesk.patients.model import PartialDate

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:]{5,8}([.][0-9]{1,30})?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?")


class Piece(BaseModel):
    """A part of a resource: only its named fields are read, and each must have its own type."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    def __hash__(self) -> int:
        """Frozen, so a default may be shared; pydantic copies one that it cannot hash, with all in it, for every resource."""
        return hash(type(self))


P = TypeVar("P", bound=Piece)


class Coding(Piece):
    system: str = ""
    code: str = ""
    display: str = ""


class CodeableConcept(Piece):
    coding: list[Coding] = []
    text: str = ""

    def code_in(self, *systems: str) -> str:
        """The first code of these systems (a system may be given by its last part), or "" where there is none."""
        return next((c.code for c in self.coding if c.code and any(c.system.endswith(s) for s in systems)), "")


class Period(Piece):
    start: str = ""
    end: str = ""

    def covers(self, day: date) -> bool:
        """Whether that day lies in it, both ends included; a missing bound leaves its side open, a partial one counts whole."""
        text = day.isoformat()
        start, end = self.start[:10], self.end[:10]
        return (not start or start <= text) and (not end or text[: len(end)] <= end)


class Identifier(Piece):
    system: str = ""
    value: str = ""
    use: str = ""
    period: Period = Period()


class Reference(Piece):
    reference: str = ""
    display: str = ""
    identifier: Identifier = Identifier()


class Extension(Piece):
    url: str
    value_coding: Coding | None = Field(default=None, alias="valueCoding")
    value_concept: CodeableConcept | None = Field(default=None, alias="valueCodeableConcept")
    value_string: str = Field(default="", alias="valueString")
    value_code: str = Field(default="", alias="valueCode")
    value_boolean: bool | None = Field(default=None, alias="valueBoolean")
    value_date: str = Field(default="", alias="valueDate")
    value_datetime: str = Field(default="", alias="valueDateTime")
    value_instant: str = Field(default="", alias="valueInstant")
    value_reference: Reference | None = Field(default=None, alias="valueReference")
    value_period: Period | None = Field(default=None, alias="valuePeriod")
    extension: list[Extension] = []

    @property
    def code(self) -> str:
        """Its coded value, however it is written; "" where it has none."""
        if self.value_coding is not None:
            return self.value_coding.code
        if self.value_concept is not None:
            return next((c.code for c in self.value_concept.coding if c.code), "")
        return self.value_code


def extensions(among: list[Extension], name: str) -> list[Extension]:
    """Those whose URL is `name` or ends in /`name`."""
    return [e for e in among if e.url == name or e.url.endswith(f"/{name}")]


def extension(among: list[Extension], name: str) -> Extension | None:
    """The first of them, or None."""
    return next(iter(extensions(among, name)), None)


class HumanName(Piece):
    use: str = ""
    family: str = ""
    given: list[str] = []
    prefix: list[str] = []
    text: str = ""
    period: Period = Period()


class PostalAddress(Piece):
    use: str = ""
    line: list[str] = []
    postal_code: str = Field(default="", alias="postalCode")
    period: Period = Period()


class ContactPoint(Piece):
    system: str = ""
    value: str = ""
    use: str = ""
    period: Period = Period()


class Meta(Piece):
    version_id: str = Field(default="", alias="versionId")
    last_updated: str = Field(default="", alias="lastUpdated")
    security: list[Coding] = []
    profile: list[str] = []


class Resource(Piece):
    resource_type: str = Field(alias="resourceType")
    id: str = ""
    meta: Meta = Meta()
    extension: list[Extension] = []


class _Entry(Piece):
    resource: dict[str, Any]


class _Bundle(Piece):
    resource_type: Literal["Bundle"] = Field(alias="resourceType")
    total: int | None = None
    entry: list[_Entry] = []


def read(piece: type[P], body: Any, label: str, kind: str = "") -> P:
    """`body` as that piece. Raises ConnectorUnavailable where it has another shape, or where `kind` is given and its
    resourceType is another. `label` is the service's name in the message."""
    if kind and not (isinstance(body, dict) and body.get("resourceType") == kind):
        raise misunderstood(label)
    found = _try(piece, body)
    if found is None:
        raise misunderstood(label)
    return found


def _try(piece: type[P], body: Any) -> P | None:
    """None instead of an exception, whose text would hold the values."""
    try:
        return piece.model_validate(body)
    except ValidationError:
        return None


def entries(body: Any, label: str) -> list[dict[str, Any]]:
    """The resources of a Bundle in its own order; a missing `entry` is an empty one. Raises ConnectorUnavailable for
    anything else, also for a Bundle that counts people it does not hold."""
    bundle = read(_Bundle, body, label)
    if bundle.total and not bundle.entry:
        raise misunderstood(label)
    return [entry.resource for entry in bundle.entry]


def partial_date(text: str, label: str) -> PartialDate:
    """yyyy, yyyy-mm or yyyy-mm-dd, with or without a time. Raises ConnectorUnavailable for anything else."""
    found = try_partial_date(text)
    if found is None:
        raise misunderstood(label)
    return found


def try_partial_date(text: str) -> PartialDate | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return PartialDate.from_iso(text)
    except RuleBroken:
        return None


def moment(text: str, label: str) -> datetime:
    """A dateTime with its offset. Raises ConnectorUnavailable for a partial one, one without an offset, or no date."""
    found = try_moment(text)
    if found is None:
        raise misunderstood(label)
    return found


def try_moment(text: str) -> datetime | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
