"""The Organisation Data Service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.ods import connect
from connectors.ods.settings import OdsSettings
from connectors.ods.stub import serve
from helpdesk.errors import NotFound
from helpdesk.identifiers import OdsCode
from helpdesk.practice.model import Area
from tests.contract.service import FEW, QUICK, Call, Direct, Service, asking

_ONE, _SEARCH = "get-single-organization", "get-organization-resources"


def _connector(address: str) -> Any:
    return connect(OdsSettings(base_url=address, **QUICK), asking("ods"))


def _codes(area: Area) -> Iterable[OdsCode]:
    return [*[organisation.ods for organisation in area.organisations][:FEW], OdsCode("XNONE")]


def _names(area: Area) -> Iterable[str]:
    return [organisation.name.split()[0] for organisation in area.organisations][:FEW]


def _are_those(found: Any, body: Any) -> bool:
    return [o.ods.value for o in found] == [entry["resource"]["id"] for entry in body.get("entry", ())]


def _search(words: str, in_area: Any) -> Call:
    name = words.lower().replace(" ", "-")
    return Call(f"search-{name}", lambda ods, text: ods.search(text), (_SEARCH,), words, holds=_are_those, in_area=in_area)


SERVICE = Service(
    id="ods",
    specification="ods/organisation-data-terminology-api.yaml",
    base_path="/organisation-data-terminology-api/fhir",
    connect=_connector,
    serve=serve,
    calls=(
        Call(
            "organisation",
            lambda ods, code: ods.organisation(code),
            (_ONE,),
            OdsCode("RR8"),
            about=lambda body: OdsCode(body["id"]) if isinstance(body, dict) and body.get("resourceType") == "Organization" else None,
            holds=lambda found, body: found.ods.value == body["id"],
            in_area=_codes,
        ),
        _search("Leeds", _names),
        _search("LS1 4DZ", lambda _area: ["ZZ99 3CZ", "ZZ99"]),
        _search("O'Neill", lambda _area: ["O'Neill"]),
        Call("check", lambda ods, _subject: ods.check(), (_SEARCH,), in_area=lambda _area: [None]),
    ),
    documented={(_ONE, 404, "processing"): NotFound},
    direct=(
        Direct("unknown-organisation", "GET", "/Organization/XNONE", 404),
        Direct("unknown-parameter", "GET", "/Organization?count=3", 400),
    ),
    credentials=(("apikey", "contract"),),
)
