"""PDS beside its published specification: what we ask and what the stub answers, against the documents' own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from loopback import published

from connectors.fhir import entries
from connectors.http import Transport
from connectors.pds.mapping import patient_of
from connectors.pds.settings import PdsSettings
from connectors.pds.stub_search import _MANY, _ONCE
from connectors.pds.trace import traces
from connectors.stub_server import StubServer
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import DeathStatus, Fact, FactKind, Query, Sensitivity
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.tiny_area import DEAD, JANE, NOBODY, NOW, RESTRICTED

EXAMPLE = NhsNumber("9000000009")


@pytest.fixture(scope="module")
def whole() -> Callable[[Any], Any]:
    """The specification, with every $ref in a value followed."""
    document = published("pds/openapi.json")

    def follow(value: Any) -> Any:
        while isinstance(value, dict) and "$ref" in value:
            reference, value = value["$ref"], document
            for part in reference.removeprefix("#/").split("/"):
                key = part.replace("~1", "/").replace("~0", "~").replace("%2B", "+")
                value = value[int(key)] if isinstance(value, list) else value[key]
        if isinstance(value, dict):
            return {name: follow(inner) for name, inner in value.items()}
        return [follow(inner) for inner in value] if isinstance(value, list) else value

    return lambda operation: follow(document["paths"][operation]["get"])


def example(operation: dict[str, Any], status: str) -> Any:
    return operation["responses"][status]["content"]["application/fhir+json"]["example"]


def test_the_published_person(whole: Callable[[str], Any]) -> None:
    person = patient_of(example(whole("/Patient/{id}"), "200"), asked_for=EXAMPLE, source="pds", label="PDS", at=NOW)
    assert (person.nhs_number, person.sensitivity) == (EXAMPLE, Sensitivity.UNRESTRICTED)
    assert person.name.shown == "SMITH, Jane (Mrs)"
    assert person.death is not None
    assert person.death.status is DeathStatus.CONFIRMED
    assert person.needs.flags == ("French interpreter", "Braille")
    assert (person.needs.contact_method, person.needs.contact_times) == ("Letter", "Not after 7pm")


def test_the_published_list(whole: Callable[[str], Any]) -> None:
    (resource,) = entries(example(whole("/Patient"), "200"), "PDS")
    assert patient_of(resource, asked_for=None, source="pds", label="PDS", at=NOW).name.family == "Smith"


def test_only_published_parameters_are_sent_and_taken(whole: Callable[[str], Any]) -> None:
    names = {p["name"] for p in whole("/Patient")["parameters"] if p["in"] == "query"}
    facts = tuple(
        Fact(kind, text, text)
        for kind, text in ((FactKind.NAME, "smith"), (FactKind.NAME, "jane"), (FactKind.BORN_YEAR, "1950"), (FactKind.POSTCODE, "ZZ99 3CZ"))
    )
    sent = {name for fuzzy in (False, True) for trace in traces(Query("", facts), fuzzy=fuzzy) for name, _ in trace}
    assert sent <= names
    assert set(_ONCE + _MANY) == names


@pytest.mark.parametrize("path", [f"/Patient/{JANE}", f"/Patient/{DEAD}", f"/Patient/{RESTRICTED}"])
def test_the_stub_sends_only_what_the_published_person_has(
    path: str, whole: Callable[[str], Any], stub: StubServer, context: ConnectorContext
) -> None:
    reply = Transport(PdsSettings(base_url=stub.address), context).get_json(path)
    strange = set(_paths(reply.body)) - set(_paths(example(whole("/Patient/{id}"), "200")))
    assert not strange


def _paths(value: Any, at: str = "") -> list[str]:
    """The names of the fields, by their path, whatever the order and number of the things in lists."""
    if isinstance(value, dict):
        return [path for name, inner in value.items() for path in [f"{at}.{name}", *_paths(inner, f"{at}.{name}")]]
    return [path for inner in value for path in _paths(inner, at)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    ("operation", "path", "status", "code"),
    [
        ("/Patient/{id}", "/Patient/9000000000", 400, "INVALID_RESOURCE_ID"),
        ("/Patient/{id}", f"/Patient/{NOBODY}", 404, "RESOURCE_NOT_FOUND"),
        ("/Patient", "/Patient?family=Smith", 400, "MISSING_VALUE"),
        ("/Patient", "/Patient?surname=Smith", 400, "ADDITIONAL_PROPERTIES"),
    ],
)
def test_the_stubs_errors_are_published_and_shaped_as_published(
    operation: str, path: str, status: int, code: str, whole: Callable[[str], Any], stub: StubServer, context: ConnectorContext
) -> None:
    errors = whole(operation)["responses"]["4XX"]
    assert re.search(rf"\| {status}\s+\| {code}\b", errors["description"])
    reply = Transport(PdsSettings(base_url=stub.address), context).get_json(path)
    assert reply.status == status
    assert reply.body is not None
    assert reply.body["issue"][0]["details"]["coding"][0]["code"] == code
    assert set(_paths(reply.body)) <= set(_paths(example(whole(operation), "4XX")))
