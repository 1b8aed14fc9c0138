"""The Directory of Healthcare Services over real HTTP, and beside its published examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import requests
from loopback import Keep, Replies, SetClock, asking, keeping, published
from notify_message import NOW

from connectors import service_search
from connectors.service_search.mapping import miles, services_of
from connectors.service_search.opening import OpeningTime, lines_of
from connectors.service_search.query import Place, at_postcode, escaped, quoted, types, wanted
from connectors.service_search.settings import ServiceSearchSettings
from connectors.service_search.stub import serve
from connectors.stub_routes import StubReply
from connectors.stub_server import StubServer
from helpdesk.directory.model import CareService
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    RuleBroken,
)
from helpdesk.identifiers import OdsCode
from helpdesk.practice.model import Area

ASK = "GET /"
PHARMACY = CareService(
    "XS1", "Larkmead Pharmacy", "Pharmacy", None, "01632 960201", "https://larkmead.example.org",
    ("2 Larkmead Parade",), "ZZ99 1AA", None, ("Monday to Friday 09:00 to 18:30", "Saturday 09:00 to 13:00"),
)  # fmt: skip
UTC = CareService(
    "XS2", "Fenmoor Urgent Treatment Centre", "Urgent treatment centre", OdsCode("XUC01"), "01632 960210", "",
    ("Infirmary Way",), "ZZ99 3ZZ", None, ("Every day 08:00 to 22:00",),
)  # fmt: skip
HELP = CareService("XS3", "Carers' help (digital)", "Digital help", None, "", "", ("Library",), "ZZ99 2AC", None,
                   ("Tuesday and Thursday 10:00 to 15:00",))  # fmt: skip


def connected(address: str, **settings: Any) -> service_search.ServiceSearch:
    held = ServiceSearchSettings(base_url=address, **{"timeout_s": 2, **settings})
    return service_search.connect(held, asking("service_search", "Service directory", SetClock(NOW)))


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture
def stub(keep: Keep[StubServer]) -> StubServer:
    return keep(serve(Area(1, NOW.date(), (), (), (), (), {}, (), services=(PHARMACY, UTC, HELP))))


def test_a_service_as_it_is_told(stub: StubServer) -> None:
    (found,) = connected(stub.address).find("larkmead")
    assert (found.name, found.kind, found.phone, found.web) == (PHARMACY.name, "Pharmacy", PHARMACY.phone, PHARMACY.web)
    assert (found.address_lines, found.postcode) == (("2 Larkmead Parade", "Fenmoor"), "ZZ99 1AA")
    assert found.opening == PHARMACY.opening
    assert (found.source, found.as_at, found.miles) == ("service_search", NOW, None)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("fenmoor URGENT", [UTC.name]),
        ("pharmacy", [PHARMACY.name]),
        ("chemist larkmead", [PHARMACY.name]),
        ("chemist urgent", []),
        ("xuc01", [UTC.name]),
        ("Carers' help (digital)", [HELP.name]),
        ("nothing so called", []),
    ],
)
def test_a_search_by_words(stub: StubServer, words: str, names: list[str]) -> None:
    assert [s.name for s in connected(stub.address).find(words)] == names


@pytest.mark.parametrize("postcode", ["ZZ99 2AC", "zz992ac"])
def test_the_nearest_come_first(stub: StubServer, postcode: str) -> None:
    found = connected(stub.address).find("", postcode)
    assert found[0].name == HELP.name
    assert found[0].miles == 0.0
    assert [s.miles for s in found] == sorted(s.miles or 0.0 for s in found)
    assert len(found) == 3


def test_where_nothing_lies_at_a_postcode_its_first_part_says_where_it_is(stub: StubServer) -> None:
    found = connected(stub.address).find("", "ZZ99 9XX")
    assert all(s.miles is not None for s in found)
    assert stub.requests[ASK] == 3
    assert all(s.miles is None for s in connected(stub.address).find("", "YO1 7HH"))


@pytest.mark.parametrize(("words", "postcode"), [("", ""), (" ", " "), ("gp", "not one"), ("gp", "1234"), ("gp", "ZZ99'; drop")])
def test_what_cannot_be_searched_for_asks_nothing(stub: StubServer, words: str, postcode: str) -> None:
    with pytest.raises(RuleBroken):
        connected(stub.address).find(words, postcode)
    assert not stub.requests


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("a&e", r"a\&e"),
        ('"quoted" (and) *', r"\"quoted\" \(and\)"),
        ("St. James's", "St. James's"),
        ("+all -none | or ~near", r"\+all \-none or \~near"),
        ("back\\slash a/b x:y", r"back\\slash a\/b x\:y"),
        ("*", "*"),
        ("???", "*"),
        ("a" * 300, "a" * 100),
    ],
)
def test_no_word_is_taken_for_an_instruction(words: str, sent: str) -> None:
    assert escaped(words) == sent


def test_quotes_are_doubled_in_an_expression() -> None:
    assert quoted("O'Neil' or 1 eq 1") == "'O''Neil'' or 1 eq 1'"
    assert dict(at_postcode("ZZ99 1AA"))["$filter"] == "search.ismatch('\"ZZ99 1AA\"', 'Postcode')"


def test_what_is_asked_for() -> None:
    params = dict(wanted("chemist larkmead", Place(52.0008201, -0.764440953), 7))
    assert params["search"] == "larkmead"
    assert params["$filter"] == "OrganisationTypeId eq 'PHA'"
    assert params["$orderby"] == "geo.distance(Geocode, geography'POINT(-0.764441 52.000820)')"
    assert (params["$top"], params["searchMode"]) == ("7", "all")
    assert "Contacts" in params["$select"]


def test_the_version_is_always_asked_for_and_never_more_than_fifty(keep: Keep[Replies]) -> None:
    server = keep(Replies({ASK: StubReply(200, {"value": []})}))
    connected(server.address).find("larkmead", "ZZ99", 10_000)
    connected(server.address).check()
    asked = [dict(request.params) for request in server.seen]
    assert {a["api-version"] for a in asked} == {"3"}
    assert max(int(a["$top"]) for a in asked) == 50


def test_the_stub_demands_the_version_and_knows_its_parameters(stub: StubServer) -> None:
    assert requests.get(f"{stub.address}/", timeout=5).status_code == 404
    assert requests.get(f"{stub.address}/?api-version=3", timeout=5).status_code == 200
    assert requests.get(f"{stub.address}/?api-version=3&words=x", timeout=5).status_code == 400
    assert requests.get(f"{stub.address}/?api-version=3&$filter=1 eq 1", timeout=5).status_code == 400


def document(**changes: Any) -> dict[str, Any]:
    return {"SearchKey": "X1", "OrganisationName": "Larkmead Pharmacy", "OrganisationStatus": "Visible", **changes}


def told(*documents: Any) -> tuple[CareService, ...]:
    return services_of({"value": list(documents)}, None, source="s", label="Service directory", at=NOW)


def test_what_is_hidden_is_not_told_and_what_is_null_is_empty() -> None:
    nulls = dict.fromkeys(("ODSCode", "Address1", "City", "Postcode", "Latitude", "OpeningTimes", "Contacts", "OrganisationType"))
    (found,) = told(document(**nulls), document(OrganisationStatus="Hidden"))
    assert found == CareService("X1", "Larkmead Pharmacy", source="s", as_at=NOW)


def test_one_object_where_a_list_is_usual_is_taken_as_published() -> None:
    contact = {"ContactMethodType": "Telephone", "ContactValue": "01632 960201"}
    (found,) = told(document(Contacts=contact, OpeningTimes={"Weekday": "Monday", "OpeningTime": "09:00", "ClosingTime": "10:00"}))
    assert (found.phone, found.opening) == ("01632 960201", ("Monday 09:00 to 10:00",))


def test_the_main_number_and_a_real_web_address() -> None:
    contacts = [
        {"ContactType": "PALS", "ContactMethodType": "Telephone", "ContactValue": "01632 960002"},
        {"ContactType": "Primary", "ContactMethodType": "Telephone", "ContactValue": "01632 960001"},
        {"ContactType": "Primary", "ContactMethodType": "Website", "ContactValue": "javascript:alert(1)"},
    ]
    (found,) = told(document(Contacts=contacts))
    assert (found.phone, found.web) == ("01632 960001", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"OrganisationName": ""},
        {"OrganisationName": None},
        {"SearchKey": None},
        {"OrganisationName": 7},
        {"Latitude": "52"},
        {"Contacts": "none"},
        {"Contacts": [None]},
        {"OpeningTimes": [{"IsOpen": "yes"}]},
        {"Address1": ["2 Larkmead Parade"]},
    ],
)
def test_a_shape_that_is_wrong_is_no_empty_list(changes: dict[str, Any]) -> None:
    with pytest.raises(ConnectorUnavailable):
        told(document(**changes))


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (StubReply(200, {}), ConnectorUnavailable),
        (StubReply(200, {"value": {}}), ConnectorUnavailable),
        (StubReply(200, []), ConnectorUnavailable),
        (StubReply(200, b"{"), ConnectorUnavailable),
        (StubReply(204), ConnectorUnavailable),
        (StubReply(302, None, {"Location": "/"}), ConnectorRejected),
        (StubReply(400, {}), ConnectorRejected),
        (StubReply(401, {}), ConnectorAuthFailed),
        (StubReply(403, b"<html>", content_type="text/html"), ConnectorNotPermitted),
        (StubReply(404, {"value": []}), ConnectorUnavailable),
        (StubReply(408, {}), ConnectorUnavailable),
        (StubReply(429, {}, {"Retry-After": "5"}), ConnectorUnavailable),
        (StubReply(500, {}), ConnectorUnavailable),
    ],
)
def test_what_each_reply_means(keep: Keep[Replies], reply: StubReply, kind: type[HelpdeskError]) -> None:
    server = keep(Replies({ASK: reply}))
    for ask in (lambda c: c.find("larkmead"), lambda c: c.find("", "ZZ99"), lambda c: c.check()):
        with pytest.raises(kind) as caught:
            ask(connected(server.address))
        assert type(caught.value) is kind


def time(day: str, opens: str | None = "09:00", closes: str | None = "17:00", **changes: Any) -> OpeningTime:
    held = {"Weekday": day, "OpeningTime": opens, "ClosingTime": closes, "OpeningTimeType": "General", "IsOpen": True, **changes}
    return OpeningTime.model_validate(held)


def test_opening_times_as_they_are_read_aloud() -> None:
    week = [time(day) for day in ("Friday", "Monday", "Thursday", "Tuesday", "Wednesday")]
    split = [time("Saturday", "13:00", "15:00"), time("Saturday", "09:00", "12:00")]
    closed = time("Sunday", None, None, IsOpen=False)
    strange = [time("Someday"), time("Monday", "25:00"), time("Monday", "08:00", "09:00", OpeningTimeType="Surgery")]
    assert lines_of([*week, *split, closed, *strange], date(2026, 7, 1)) == (
        "Monday to Friday 09:00 to 17:00",
        "Saturday 09:00 to 12:00 and 13:00 to 15:00",
        "Sunday closed",
    )


def test_other_days_of_the_next_weeks_are_told_by_their_date() -> None:
    other = [
        time("", None, None, IsOpen=False, AdditionalOpeningDate="Jul 06 2026", OpeningTimeType="Additional"),
        time("", "10:00", "12:00", AdditionalOpeningDate="Jul 05 2026", OpeningTimeType="Additional"),
        time("", AdditionalOpeningDate="Jun 30 2026", OpeningTimeType="Additional"),
        time("", AdditionalOpeningDate="Dec 25 2026", OpeningTimeType="Additional"),
        time("", AdditionalOpeningDate="soon", OpeningTimeType="Additional"),
    ]
    assert lines_of(other, date(2026, 7, 1)) == ("Sunday 5 July 10:00 to 12:00", "Monday 6 July closed")


def test_miles_between_two_towns() -> None:
    leeds, york = Place(53.7974, -1.5438), Place(53.9583, -1.0803)
    assert 21 < miles(leeds, york) < 23
    assert miles(leeds, leeds) == 0


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    held: dict[str, Any] = published("service-search/openapi.json")
    return held


def examples(specification: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = specification["components"]["responses"]["SearchResponse"]["content"]["application/json"]["examples"]
    return held


def test_the_published_answers(specification: dict[str, Any]) -> None:
    told = examples(specification)
    (one,) = services_of(told["SingleItem"], None, source="s", label="S", at=NOW)
    assert (one.name, one.kind, one.phone, one.postcode) == ("Shakespeare Medical Practice", "GP surgery", "01132951132", "LS9 7TA")
    assert (one.organisation, one.opening) == (OdsCode("Y02494"), ("Monday to Friday 08:00 to 18:00",))
    assert one.web == "https://leedsdoctors.co.uk/"
    many = services_of(told["Organisations"], Place(51.5, -0.1), source="s", label="S", at=NOW)
    assert len(many) == 50
    assert {s.kind for s in many} == {"Dentist", "Clinic", "Optician"}
    assert all(s.opening and s.miles for s in many if s.opening)
    assert services_of(told["NotFound"], None, source="s", label="S", at=NOW) == ()


def test_types_are_those_of_the_specification(specification: dict[str, Any]) -> None:
    text = str(specification)
    assert all(f"'{kind}'" in text for kind in types())


def test_only_published_parameters_are_sent(specification: dict[str, Any], keep: Keep[Replies]) -> None:
    names = {p["name"].lower() for p in specification["paths"]["/"]["get"]["parameters"]}
    server = keep(Replies({ASK: StubReply(200, examples(specification)["SingleItem"])}))
    for words, postcode in (("larkmead", ""), ("chemist", "LS9"), ("Y02494", "LS9 7TA")):
        connected(server.address).find(words, postcode)
    connected(server.address).check()
    assert {name.lower() for request in server.seen for name, _ in request.params} <= names
    fields = set(examples(specification)["SingleItem"]["value"][0])
    assert {f for request in server.seen for f in dict(request.params)["$select"].split(",")} <= fields


def test_the_stub_sends_what_the_published_examples_have(specification: dict[str, Any], stub: StubServer) -> None:
    sent = requests.get(f"{stub.address}/?api-version=3", timeout=5).json()
    published_paths = {path for name in ("SingleItem", "Organisations") for path in _paths(examples(specification)[name])}
    assert set(_paths(sent)) <= published_paths


def _paths(value: Any, at: str = "") -> list[str]:
    if isinstance(value, dict):
        return [path for name, inner in value.items() for path in [f"{at}.{name}", *_paths(inner, f"{at}.{name}")]]
    return [path for inner in value for path in _paths(inner, at)] if isinstance(value, list) else []
