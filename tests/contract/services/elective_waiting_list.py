"""The Elective Waiting List API."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from connectors.elective_waiting_list import connect
from connectors.elective_waiting_list.settings import ElectiveWaitingListSettings
from connectors.elective_waiting_list.stub import serve
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area
from tests.contract.service import QUICK, Amend, Call, Direct, Odd, Service, asking, well

_ID, _INSTANCE = "elective_waiting_list", "elective_list"
_PATH, _QUERY = "waiting-lists", "waiting-lists-by-query"


def _connector(address: str) -> Any:
    """Both forms of the address."""
    return {
        form: connect(ElectiveWaitingListSettings(base_url=address, **QUICK, form=form), asking(_INSTANCE)) for form in ("path", "query")
    }


def _numbers(area: Area) -> Iterable[NhsNumber]:
    held = area.activity_of(_INSTANCE)
    return [*[n for n in held if held[n]][:6], *[person.patient.nhs_number for person in well(area, _INSTANCE)][:3]]


def _by_query(document: Any) -> None:
    operation = document["paths"]["/elective-waiting-list/{patient.identifier}"]["get"]
    parameters = [p | {"in": "query"} if p["name"] == "patient.identifier" else p for p in operation["parameters"]]
    document["paths"]["/patient"] = {"get": deepcopy(operation | {"operationId": _QUERY, "parameters": parameters})}


def _without_a_dot(document: Any) -> None:
    operation = document["paths"].pop("/elective-waiting-list/{patient.identifier}")["get"]
    for parameter in operation["parameters"]:
        parameter["name"] = parameter["name"].replace(".", "_")
    document["paths"]["/elective-waiting-list/{patient_identifier}"] = {"get": operation}


def _or_several(document: Any) -> None:
    for item in document["paths"].values():
        content = item["get"]["responses"]["200"]["content"]["application/json"]
        content["schema"] = {"oneOf": [content["schema"], {"type": "array", "items": {"type": "object"}}]}


def _without_commas(body: Any) -> Any:
    return {name: value.rstrip(",") if isinstance(value, str) else value for name, value in body.items()}


def _is_that_list(found: Any, body: Any) -> bool:
    (item,) = found.items
    return bool(item.id == body["PATIENT_PATHWAY_IDENTIFIER"] and item.provider.value == body["ReportingOrganisation"])


def _call(form: str, operation: str) -> Call:
    return Call(
        f"activity-by-{form}",
        lambda lists, number: lists[form].activity(number),
        (operation,),
        NhsNumber("9000000009"),
        holds=_is_that_list,
        in_area=_numbers,
    )


def _odd(operation: str) -> tuple[Odd, ...]:
    no_json = "the printed example is YAML with a comma at the end of each line, which makes its values other values"
    silent = "the schema names `result` alone, and nothing says that this means an empty list"
    return (
        Odd(operation, 200, "example", no_json, mend=_without_commas),
        Odd(operation, 200, "alternative-1", silent, ConnectorUnavailable),
        Odd(operation, 200, "alternative-2", "an entry without any of its fields", ConnectorUnavailable),
    )


SERVICE = Service(
    id=_ID,
    specification="elective-waiting-list/elective-waiting-list.yaml",
    base_path="/elective-waiting-list",
    connect=_connector,
    serve=lambda area: serve(area, instance=_INSTANCE),
    calls=(_call("path", _PATH), _call("query", _QUERY)),
    odd=(*_odd(_PATH), *_odd(_QUERY)),
    direct=(
        Direct("number-that-is-none", "GET", "/elective-waiting-list/9000000000", 400),
        Direct("number-of-another-system", "GET", "/patient?patient.identifier=9000000009", 400),
        Direct("no-bearer", "GET", "/elective-waiting-list/9000000009", 401, {"Authorization": "Basic eA=="}),
    ),
    amends=(
        Amend("the text asks by query, in an example that the table of paths leaves out", _by_query),
        Amend("openapi-core takes no dot in the name of a parameter of a path", _without_a_dot),
        Amend("the text speaks of a list of waiting lists; the schema, of one object without a field of its own", _or_several),
    ),
)
