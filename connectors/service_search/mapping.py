"""From an organisation of the directory to a service that a patient can be sent to."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from connectors.errors_http import misunderstood
from connectors.fhir import Piece, read
from connectors.service_search.opening import OpeningTime, lines_of
from connectors.service_search.query import Place, types
from connectors.text import plain
from helpdesk.clock import london_day
from helpdesk.directory.model import CareService
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import OdsCode

_EARTH_MILES = 3958.8
_VISIBLE = "visible"
_WEB = re.compile(r"https?://[^\s/?#]+\.[^\s]+", re.IGNORECASE)
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _one_or_many(value: object) -> object:
    """A list in every published example, one object by the published schema, and null where there is none."""
    if value is None:
        return []
    return [value] if isinstance(value, dict) else value


class _Contact(Piece):
    use: str | None = Field(default=None, alias="ContactType")
    method: str | None = Field(default=None, alias="ContactMethodType")
    value: str | None = Field(default=None, alias="ContactValue")


class _Organisation(Piece):
    key: str | None = Field(default=None, alias="SearchKey")
    code: str | None = Field(default=None, alias="ODSCode")
    name: str | None = Field(default=None, alias="OrganisationName")
    type_id: str | None = Field(default=None, alias="OrganisationTypeId")
    type_name: str | None = Field(default=None, alias="OrganisationType")
    status: str | None = Field(default=None, alias="OrganisationStatus")
    line_1: str | None = Field(default=None, alias="Address1")
    line_2: str | None = Field(default=None, alias="Address2")
    line_3: str | None = Field(default=None, alias="Address3")
    city: str | None = Field(default=None, alias="City")
    county: str | None = Field(default=None, alias="County")
    postcode: str | None = Field(default=None, alias="Postcode")
    latitude: float | None = Field(default=None, alias="Latitude")
    longitude: float | None = Field(default=None, alias="Longitude")
    times: Annotated[list[OpeningTime], BeforeValidator(_one_or_many)] = Field(default_factory=list, alias="OpeningTimes")
    contacts: Annotated[list[_Contact], BeforeValidator(_one_or_many)] = Field(default_factory=list, alias="Contacts")

    @property
    def place(self) -> Place | None:
        """None where it has none, or 0, 0, which is in the sea."""
        if not self.latitude or not self.longitude or abs(self.latitude) > 90 or abs(self.longitude) > 180:
            return None
        return Place(self.latitude, self.longitude)


class _Answer(Piece):
    value: list[_Organisation]


def services_of(body: Any, near: Place | None, *, source: str, label: str, at: datetime) -> tuple[CareService, ...]:
    """In the service's own order. Raises ConnectorUnavailable for another shape, or for one without an id or a name."""
    found = []
    for held in read(_Answer, body, label).value:
        if (held.status or _VISIBLE).lower() != _VISIBLE:
            continue
        name = plain(held.name or "")
        key = plain(held.key or held.code or "")
        if not name or not key:
            raise misunderstood(label)
        found.append(_service(held, key, name, near, source=source, at=at))
    return tuple(found)


def _service(held: _Organisation, key: str, name: str, near: Place | None, *, source: str, at: datetime) -> CareService:
    lines = [plain(line) for line in (held.line_1, held.line_2, held.line_3, held.city, held.county) if line]
    place = held.place
    web = _contact(held, "website")
    return CareService(
        id=key,
        name=name,
        kind=_kind(held),
        organisation=_code(held.code or ""),
        phone=_contact(held, "telephone"),
        web=web if _WEB.fullmatch(web) else "",
        address_lines=tuple(line for line in dict.fromkeys(lines) if line),
        postcode=plain(held.postcode or "").upper(),
        miles=miles(near, place) if near and place else None,
        opening=lines_of(held.times, london_day(at)),
        source=source,
        as_at=at,
    )


def place_of(body: Any, postcode: str, label: str) -> Place | None:
    """The middle of what lies at that postcode, or None where nothing does."""
    found = [
        held.place
        for held in read(_Answer, body, label).value
        if held.place is not None and " ".join((held.postcode or "").upper().split()).startswith(postcode)
    ]
    if not found:
        return None
    return Place(sum(p.latitude for p in found) / len(found), sum(p.longitude for p in found) / len(found))


def miles(one: Place, other: Place) -> float:
    """As the crow flies, to a tenth."""
    lat_1, lat_2 = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    half = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(across / 2) ** 2
    return round(2 * _EARTH_MILES * math.asin(min(1.0, math.sqrt(half))), 1)


def _kind(held: _Organisation) -> str:
    known = types().get(held.type_id or "")
    if known is not None:
        return str(known["words"])
    return plain(_INNER_CAPITAL.sub(" ", held.type_name or "")).capitalize()


def _contact(held: _Organisation, method: str) -> str:
    """The main one of that kind, else any."""
    of_kind = [c for c in held.contacts if (c.method or "").lower() == method and c.value]
    first = sorted(of_kind, key=lambda c: (c.use or "").lower() != "primary")
    return plain(first[0].value or "") if first else ""


def _code(text: str) -> OdsCode | None:
    try:
        return OdsCode.parse(text)
    except RuleBroken:
        return None
