"""The Directory of Healthcare Services (Service Search)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.service_search import connect
from connectors.service_search.settings import ServiceSearchSettings
from connectors.service_search.stub import serve
from helpdesk.practice.model import Area
from tests.contract.service import QUICK, Amend, Call, Direct, Service, asking

_GET = "search-GET"


def _connector(address: str) -> Any:
    return connect(ServiceSearchSettings(base_url=address, **QUICK), asking("services"))


def _asked(area: Area) -> Iterable[tuple[str, str]]:
    first = area.services[0]
    return [
        ("pharmacy", ""),
        ("pharmacy", first.postcode),
        (first.name, ""),
        ("XS001", ""),
        ("dentist", "ZZ99"),
        ("O'Neill & sons: (all)", ""),
    ]


def _as_printed(document: Any) -> None:
    """What the schema calls an object comes as a list of them, anything may be null, and the place on the map is GeoJSON."""
    organisation = document["components"]["schemas"]["Organisation"]
    organisation["properties"] = {name: _loose(schema) for name, schema in organisation["properties"].items()}
    organisation["properties"]["Geocode"] = {"type": "object", "required": ["type", "coordinates"]}


def _loose(schema: Any) -> Any:
    if "$ref" in schema or schema.get("type") == "array":
        return {"anyOf": [schema, {"type": "array", "items": {"type": "object"}}], "nullable": True}
    if schema.get("type") != "object":
        return {**schema, "nullable": True}
    own = {**schema, "properties": {name: _loose(inner) for name, inner in schema.get("properties", {}).items()}, "nullable": True}
    return {"anyOf": [own, {"type": "array", "items": own}], "nullable": True}


def _are_those(found: Any, body: Any) -> bool:
    visible = [held for held in body["value"] if held.get("OrganisationStatus", "Visible") == "Visible"]
    return sorted(s.id for s in found) == sorted(held["SearchKey"] for held in visible)


def _find(name: str, words: str, postcode: str = "") -> Call:
    return Call(
        name,
        lambda directory, asked: directory.find(*asked),
        (_GET,),
        (words, postcode),
        holds=_are_those,
        in_area=_asked,
    )


SERVICE = Service(
    id="service_search",
    specification="service-search/openapi.json",
    base_path="/service-search-api",
    connect=_connector,
    serve=serve,
    calls=(
        _find("by-words", "Chantry dentist"),
        _find("by-code", "V002072"),
        _find("near-a-postcode", "pharmacy", "PO22 0EE"),
        Call("check", lambda directory, _subject: directory.check(), (_GET,), in_area=lambda _area: [None]),
    ),
    direct=(
        Direct("no-version", "GET", "/?search=pharmacy", 404),
        Direct("unknown-parameter", "GET", "/?api-version=3&words=pharmacy", 400),
    ),
    amends=(Amend("its schema of an organisation fits none of its own examples", _as_printed),),
    tolerated={"$orderby": "the table of parameters writes $orderBy, and every example of the text writes $orderby, as OData does"},
    credentials=(("apikey", "contract"), ("Authorization", "Bearer contract")),
)
