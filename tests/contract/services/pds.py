"""The Personal Demographics Service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.pds import connect
from connectors.pds.settings import PdsSettings
from connectors.pds.stub import serve
from helpdesk.errors import NotFound, NumberNoLongerUsed, TooManyMatches
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Fact, FactKind, Query
from helpdesk.practice.model import Area
from tests.contract.service import NOW, QUICK, Call, Direct, Service, Worker, asking, well

_PATIENT = NhsNumber("9000000009")
_ID = {"X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068"}


def _connector(address: str) -> Any:
    """PDS as the practice area asks it, with a member of staff signed in, and in the mode for applications."""
    return {
        "desk": connect(PdsSettings(base_url=address, **QUICK), asking("pds")),
        "worker": connect(PdsSettings(base_url=address, **QUICK), asking("pds", Worker())),
        "application": connect(PdsSettings(base_url=address, mode="application", **QUICK), asking("pds")),
    }


def _query(*facts: tuple[FactKind, str]) -> Query:
    return Query(" ".join(text for _, text in facts), tuple(Fact(kind, text, text) for kind, text in facts))


def _numbers(area: Area) -> Iterable[NhsNumber]:
    return [person.patient.nhs_number for person in well(area, "pds")]


def _named(area: Area) -> Iterable[Query]:
    """Whoever has a name and a whole date of birth, and one search that finds nobody."""
    people = well(area, "pds", lambda p: bool(p.patient.name.given) and p.patient.born is not None and p.patient.born.whole is not None)
    for person in people:
        name, born = person.patient.name, person.patient.born
        assert born
        yield _query((FactKind.NAME, name.family), (FactKind.NAME, name.given[0]), (FactKind.BORN, born.iso))
    yield _query((FactKind.NAME, "Nobody"), (FactKind.NAME, "Nowhere"), (FactKind.BORN, "1901-01-01"))


def _is_that_person(value: Any, body: Any) -> bool:
    return bool(str(value.nhs_number) == body["id"])


def _are_those_people(value: Any, body: Any) -> bool:
    return [str(candidate.nhs_number) for candidate in value] == [entry["resource"]["id"] for entry in body.get("entry", ())]


def _are_those_related_now(value: Any, body: Any) -> bool:
    periods = [entry["resource"].get("period", {}) for entry in body.get("entry", ())]
    today = NOW.date().isoformat()
    return len(value) == sum(p.get("start", today) <= today <= p.get("end", today) for p in periods)


_SMITH = ((FactKind.NAME, "Smith"), (FactKind.NAME, "Jane"))
_HERS = ((FactKind.GENDER, "female"),)

SERVICE = Service(
    id="pds",
    specification="pds/openapi.json",
    base_path="/personal-demographics/FHIR/R4",
    connect=_connector,
    serve=serve,
    calls=(
        Call("get", lambda pds, number: pds["desk"].get(number), ("get-patient",), _PATIENT, holds=_is_that_person, in_area=_numbers),
        Call(
            "search",
            lambda pds, query: pds["desk"].trace(query),
            ("search-patient",),
            _query(*_SMITH, (FactKind.BORN, "2010-10-22")),
            holds=_are_those_people,
            in_area=_named,
        ),
        Call(
            "search-by-year-and-part-of-a-postcode",
            lambda pds, query: pds["desk"].trace(query),
            ("search-patient",),
            _query(*_SMITH, (FactKind.BORN_YEAR, "2010"), (FactKind.POSTCODE, "LS1")),
            holds=_are_those_people,
            in_area=lambda _area: [_query((FactKind.NAME, "Smith"), (FactKind.BORN_YEAR, "1950"), (FactKind.POSTCODE, "ZZ99"))],
        ),
        Call(
            "fuzzy-search",
            lambda pds, query: pds["desk"].trace(query, fuzzy=True),
            ("search-patient",),
            _query(*_SMITH, (FactKind.BORN, "2010-10-22"), (FactKind.POSTCODE, "LS1 6AE")),
            holds=_are_those_people,
            in_area=_named,
        ),
        Call(
            "get-by-staff",
            lambda pds, number: pds["worker"].get(number),
            ("get-patient",),
            _PATIENT,
            holds=_is_that_person,
            in_area=_numbers,
        ),
        Call(
            "search-for-one-match",
            lambda pds, query: pds["application"].trace(query),
            ("search-patient",),
            _query(*_SMITH, (FactKind.BORN, "2010-10-22")),
            holds=_are_those_people,
            in_area=_named,
        ),
        Call(
            "fuzzy-search-by-gender-and-postcode",
            lambda pds, query: pds["worker"].trace(query, fuzzy=True),
            ("search-patient",),
            _query(*_SMITH[:1], (FactKind.BORN, "2010-10-22"), *_HERS, (FactKind.POSTCODE, "LS1 6AE")),
            holds=_are_those_people,
            in_area=lambda _area: [
                _query(
                    (FactKind.NAME, "Smith"), (FactKind.BORN, "1950-01-01"), (FactKind.GENDER, "female"), (FactKind.POSTCODE, "ZZ99 3CZ")
                )
            ],
        ),
        Call(
            "related",
            lambda pds, number: pds["desk"].related(number),
            ("get-related-people",),
            _PATIENT,
            holds=_are_those_related_now,
            in_area=_numbers,
        ),
    ),
    documented={
        ("get-related-people", 404, "RESOURCE_NOT_FOUND"): None,
        ("get-related-people", 404, "INVALIDATED_RESOURCE"): NumberNoLongerUsed,
        ("get-patient", 404, "RESOURCE_NOT_FOUND"): NotFound,
        ("get-patient", 404, "INVALIDATED_RESOURCE"): NumberNoLongerUsed,
        ("search-patient", 200, "TOO_MANY_MATCHES"): TooManyMatches,
    },
    direct=(
        Direct("no-request-id", "GET", "/Patient/9000000009", 400),
        Direct("request-id-that-is-none", "GET", "/Patient/9000000009", 400, {"X-Request-ID": "1"}),
        Direct("number-that-is-none", "GET", "/Patient/9000000000", 400, _ID),
        Direct("nobody", "GET", "/Patient/9999999999", 404, _ID),
        Direct("no-parameters", "GET", "/Patient", 400, _ID),
        Direct("too-few-parameters", "GET", "/Patient?family=Smith", 400, _ID),
        Direct("unknown-parameter", "GET", "/Patient?surname=Smith&birthdate=eq1950-01-01", 400, _ID),
        Direct("wrong-date", "GET", "/Patient?family=Smith&birthdate=1950", 400, _ID),
    ),
)
