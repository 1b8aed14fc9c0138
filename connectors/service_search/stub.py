"""A small Directory of Healthcare Services that knows the services of the practice area."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zlib import crc32

from connectors.service_search.mapping import miles
from connectors.service_search.opening import DAYS
from connectors.service_search.query import Place, types
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.directory.model import CareService
from helpdesk.practice.model import Area

_CONTEXT = "https://service-search.example.org/$metadata#docs(*)"
_LINE = re.compile(r"(Every day|\w+day)(?: (to|and) (\w+day))? (\d\d:\d\d) to (\d\d:\d\d)")
_KIND = re.compile(r"OrganisationTypeId eq '((?:[^']|'')*)'")
_AT = re.compile(r"search\.ismatch\('\"?((?:[^']|'')*?)\"?', 'Postcode'\)")
_POINT = re.compile(r"geo\.distance\(Geocode, geography'POINT\((-?[\d.]+) (-?[\d.]+)\)'\)")
_SEARCHED = ("OrganisationName", "OrganisationType", "City", "Address1", "Address2", "ODSCode")
_PARAMETERS = frozenset(
    {"api-version", "search", "searchMode", "searchFields", "queryType", "$skip", "$top", "$count", "$orderby", "$orderBy"}
    | {"$select", "$filter"}
)
Document = Mapping[str, Any]


class _Directory:
    def __init__(self, area: Area) -> None:
        self._held = tuple(document_of(service) for service in area.services)

    def search(self, request: StubRequest) -> StubReply:
        asked = dict(request.params)
        if asked.get("api-version") != "3":
            return _reply(404, {"title": "Not found", "status": 404, "detail": "No such version"})
        if set(asked) - _PARAMETERS:
            return _reply(400, {"error": {"code": "", "message": "Unknown parameter"}})
        keep = _filter_of(asked.get("$filter", ""))
        if keep is None:
            return _reply(400, {"error": {"code": "", "message": "Invalid expression"}})
        fields = tuple(asked.get("searchFields", ",".join(_SEARCHED)).split(","))
        found = [d for d in self._held if _has(d, asked.get("search", "*"), fields, asked.get("searchMode", "any")) and keep(d)]
        point = _POINT.fullmatch(asked.get("$orderby", asked.get("$orderBy", "")))
        if point is not None:
            here = Place(float(point[2]), float(point[1]))
            found.sort(key=lambda d: miles(here, Place(d["Latitude"], d["Longitude"])))
        start = int(asked.get("$skip", "0"))
        page = found[start : start + int(asked.get("$top", "50"))]
        return _reply(200, {"@odata.context": _CONTEXT, "value": [_selected(d, asked.get("$select", "*")) for d in page]})


def _reply(status: int, body: Any) -> StubReply:
    return StubReply(status, body, content_type="application/json")


def _filter_of(text: str) -> Callable[[Document], bool] | None:
    if not text:
        return lambda _: True
    if kind := _KIND.fullmatch(text):
        return lambda d: d["OrganisationTypeId"] == kind[1]
    if at := _AT.fullmatch(text):
        return lambda d: str(d["Postcode"]).startswith(at[1])
    return None


def _has(document: Document, search: str, fields: tuple[str, ...], mode: str) -> bool:
    if search == "*":
        return True
    text = " ".join(str(document.get(name) or "") for name in fields).casefold()
    terms = [re.sub(r"\\(.)", r"\1", term).casefold() for term in search.split()]
    return (all if mode == "all" else any)(term in text for term in terms)


def _selected(document: Document, select: str) -> dict[str, Any]:
    names = set(select.split(","))
    return {"@search.score": 1.0, **{k: v for k, v in document.items() if "*" in names or k in names}}


def document_of(service: CareService) -> dict[str, Any]:
    """The service in the form of the directory. A place is made up of its postcode, within a few miles of the others."""
    first, second, city = (*service.address_lines, None, None, None)[:3]
    mark = crc32(service.postcode.encode())
    latitude, longitude = 52.0 + mark % 1000 / 10_000, 0.1 + mark // 1000 % 1000 / 10_000
    return {
        "SearchKey": service.id,
        "ODSCode": service.organisation.value if service.organisation else service.id,
        "OrganisationName": service.name,
        "OrganisationTypeId": next((k for k, held in types().items() if held["words"] == service.kind), "CLI"),
        "OrganisationType": service.kind,
        "OrganisationStatus": "Visible",
        "Address1": first,
        "Address2": second,
        "Address3": None,
        "City": city or "Fenmoor",
        "County": None,
        "Latitude": latitude,
        "Longitude": longitude,
        "Postcode": service.postcode,
        "Geocode": {"type": "Point", "coordinates": [longitude, latitude], "crs": {"type": "name", "properties": {"name": "EPSG:4326"}}},
        "OrganisationSubType": None,
        "Country": "England",
        "OpeningTimes": [entry for line in service.opening for entry in _times(line)],
        "Contacts": [_contact(kind, value) for kind, value in (("Telephone", service.phone), ("Website", service.web)) if value],
    }


def _times(line: str) -> Iterator[dict[str, Any]]:
    found = _LINE.fullmatch(line)
    if found is None:
        return
    first, how, last, opens, closes = found.groups()
    start, end = (0, 6) if first == "Every day" else (DAYS.index(first), DAYS.index(last or first))
    for day in DAYS[start : end + 1] if how != "and" else (first, last):
        yield {
            "Weekday": day,
            "OpeningTime": opens,
            "ClosingTime": closes,
            "OffsetOpeningTime": _minutes(opens),
            "OffsetClosingTime": _minutes(closes),
            "OpeningTimeType": "General",
            "AdditionalOpeningDate": "",
            "IsOpen": True,
        }


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _contact(kind: str, value: str) -> dict[str, str]:
    return {"ContactType": "Primary", "ContactAvailabilityType": "Office hours", "ContactMethodType": kind, "ContactValue": value}


def serve(area: Area, port: int = 0, instance: str = "service_search") -> StubServer:  # noqa: ARG001  # every stub is started alike
    """Starts it on loopback; port 0 takes a free one."""
    return StubServer([Route("GET", "/", _Directory(area).search)], port=port, base_path="/service-search-api")
