"""The Organisation Data Service over real HTTP, and beside its published examples."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from loopback import Keep, Replies, SetClock, asking, keeping
from notify_message import NOW

from connectors import ods
from connectors.ods.mapping import organisation_of
from connectors.ods.query import searches_for
from connectors.ods.settings import OdsSettings
from connectors.ods.stub import serve
from connectors.ods.words import kind_of, written
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.directory.model import Organisation
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    NotFound,
    RuleBroken,
)
from helpdesk.identifiers import OdsCode
from helpdesk.practice.model import Area
from helpdesk.practice.model import Organisation as Placed

ONE, MANY = "GET /Organization/{id}", "GET /Organization"
CODE = OdsCode("XFC01")
PLACED = tuple(
    Placed(OdsCode(code), name, kind)
    for code, name, kind in (
        ("XICB", "Fenmoor and Ousebank Integrated Care Board", "icb"),
        ("XFC01", "Fenmoor City Hospital", "acute"),
        ("XTG01", "Thornmere General Hospital", "acute"),
        ("XUC01", "Lodeside Walk-in", "a kind of next year"),
        ("XPR01", "Sluice Gate Surgery", "practice"),
        ("XPR02", "Withy Lane Surgery", "practice"),
    )
)


def connected(address: str, **settings: Any) -> ods.OdsDirectory:
    return ods.connect(OdsSettings(base_url=address, **{"timeout_s": 2, **settings}), asking("ods", "ODS", SetClock(NOW)))


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture
def stub(keep: Keep[StubServer]) -> StubServer:
    return keep(serve(Area(1, NOW.date(), (), PLACED, (), (), {}, ())))


def resource(code: str = "XFC01", **changes: Any) -> dict[str, Any]:
    return {"resourceType": "Organization", "id": code, "active": True, "name": "FENMOOR CITY HOSPITAL", **changes}


def bundle(*resources: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in resources]}


def outcome(**issue: Any) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing", **issue}]}


def test_one_organisation_by_its_code(stub: StubServer) -> None:
    found = connected(stub.address).organisation(CODE)
    assert (found.ods, found.name, found.kind, found.active) == (CODE, "Fenmoor City Hospital", "NHS trust", True)
    assert (found.phone, found.address_lines, found.postcode) == ("01632 960001", ("1 Wharf Street", "Fenmoor"), "ZZ99 3CZ")
    assert found.source == "ods"
    assert found.as_at == NOW


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("fenmoor", ["XICB", "XFC01"]),
        ("  Fenmoor   City ", ["XFC01"]),
        ("xfc01", ["XFC01"]),
        ("surgery", ["XPR01", "XPR02"]),
        ("nothing so called", []),
        ("XNOT9", []),
    ],
)
def test_a_search_by_code_or_any_part_of_a_name(stub: StubServer, words: str, codes: list[str]) -> None:
    assert [o.ods.value for o in connected(stub.address).search(words)] == codes


@pytest.mark.parametrize("words", ["ZZ99 3CZ", "zz99", "ZZ99 3"])
def test_a_search_by_postcode(stub: StubServer, words: str) -> None:
    assert len(connected(stub.address).search(words)) == len(PLACED)
    assert [o.ods.value for o in connected(stub.address).search(words, 1)] == ["XICB"]


def test_kinds_in_plain_words(stub: StubServer) -> None:
    kinds = {o.ods.value: o.kind for o in connected(stub.address).search("ZZ99")}
    assert (kinds["XICB"], kinds["XPR01"], kinds["XTG01"]) == ("Integrated care board", "GP practice", "NHS trust")
    assert kind_of([("RO9999", "SOMETHING NEW")]) == "Something new"
    assert kind_of([]) == ""


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("LEEDS TEACHING HOSPITALS NHS TRUST", "Leeds Teaching Hospitals NHS Trust"),
        ("ST. JAMES'S UNIVERSITY HOSPITAL", "St. James's University Hospital"),
        ("THE HEALTH CENTRE AT THE WHARF (GP)", "The Health Centre at the Wharf (GP)"),
        ("Already Written So", "Already Written So"),
        ("WM BROWN (KINGSHURST) LIMITED", "Wm Brown (Kingshurst) Limited"),
    ],
)
def test_names_are_written_as_people_write_them(published: str, shown: str) -> None:
    assert written(published) == shown


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("St. James's", ("name:contains", "St. James")),
        ("LS9 7TF", ("address-postalcode", "LS9 7TF")),
        ("ls97tf", ("address-postalcode", "LS9 7TF")),
        ("LS9", ("address-postalcode", "LS9")),
        ("RR8", ("_id", "RR8")),
        ("RR8", ("address-postalcode", "RR8")),
        ("a" * 300, ("name:contains", "a" * 100)),
        ('Leeds "x" Trust%', ("name:contains", "Leeds")),
    ],
)
def test_what_is_asked_for(words: str, sent: tuple[str, str]) -> None:
    assert sent in searches_for(words)
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 &()+-_./:@")
    assert all(set(value) <= allowed for _, value in searches_for(words))


@pytest.mark.parametrize("words", ["", " ", "ab", "'''", "£$%^"])
def test_words_that_cannot_be_searched_for_ask_nothing(stub: StubServer, words: str) -> None:
    with pytest.raises(RuleBroken):
        connected(stub.address).search(words)
    assert not stub.requests


class Pages(StubServer):
    """As many organisations as are asked for, and never an end."""

    def __init__(self, *, same: bool = False) -> None:
        self.asked: list[tuple[int, int]] = []
        self._same = same
        super().__init__([Route("GET", "/Organization", self._page)])

    def _page(self, request: StubRequest) -> StubReply:
        asked = dict(request.params)
        offset, count = int(asked["_offset"]), int(asked["_count"])
        self.asked.append((offset, count))
        start = 0 if self._same else offset
        return StubReply(200, bundle(*(resource(f"X{n:04}") for n in range(start, start + count))))


def test_paging_is_bounded(keep: Keep[Pages]) -> None:
    server = keep(Pages())
    assert len(connected(server.address).search("hospital", 120)) == 120
    assert server.asked == [(0, 50), (50, 50), (100, 20)]
    assert len(connected(server.address).search("hospital", 10_000)) == 200
    assert len(server.asked) == 7


def test_a_page_that_comes_again_ends_it(keep: Keep[Pages]) -> None:
    server = keep(Pages(same=True))
    assert len(connected(server.address).search("hospital", 200)) == 50
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "body",
    [
        outcome(diagnostics="HAPI-2001: Resource Organization/XFC01 is not known"),
        outcome(details={"coding": [{"code": "HAPI-2001"}]}),
    ],
)
def test_only_a_documented_404_means_that_there_is_none(keep: Keep[Replies], body: Any) -> None:
    with pytest.raises(NotFound):
        connected(keep(Replies({ONE: StubReply(404, body)})).address).organisation(CODE)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (StubReply(404, b"<html>", content_type="text/html"), ConnectorUnavailable),
        (StubReply(404, outcome(diagnostics="HAPI-0302: Unknown resource type")), ConnectorUnavailable),
        (StubReply(404, {"resourceType": "OperationOutcome", "issue": "HAPI-2001"}), ConnectorUnavailable),
        (StubReply(404, {"resourceType": "OperationOutcome", "issue": [None, {"details": 3}]}), ConnectorUnavailable),
        (StubReply(400, outcome(diagnostics="HAPI-0524: Unknown search parameter")), ConnectorRejected),
        (StubReply(401, {}), ConnectorAuthFailed),
        (StubReply(403, b"<html>", content_type="text/html"), ConnectorNotPermitted),
        (StubReply(405, outcome(diagnostics="HAPI-0427")), ConnectorRejected),
        (StubReply(422, outcome(diagnostics="Response exceeds APIM size limit")), ConnectorRejected),
        (StubReply(429, {}, {"Retry-After": "9"}), ConnectorUnavailable),
        (StubReply(500, {}), ConnectorUnavailable),
        (StubReply(302, None, {"Location": "/"}), ConnectorRejected),
        (StubReply(200, outcome()), ConnectorUnavailable),
        (StubReply(200, b"{"), ConnectorUnavailable),
        (StubReply(204), ConnectorUnavailable),
    ],
)
def test_what_each_reply_means(keep: Keep[Replies], reply: StubReply, kind: type[HelpdeskError]) -> None:
    server = keep(Replies({ONE: reply, MANY: reply}))
    for ask in (lambda c: c.organisation(CODE), lambda c: c.search("fenmoor")):
        with pytest.raises(kind) as caught:
            ask(connected(server.address))
        assert type(caught.value) is kind
    if reply.status == 422:
        assert "narrow the search" in caught.value.message


@pytest.mark.parametrize(
    "body",
    [
        resource("XTG01"),
        resource(name=""),
        resource(name=None),
        resource(name=["a"]),
        resource(active="yes"),
        resource(identifier={}),
        resource(identifier=[{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "XTG01"}]),
        resource(telecom=[{"system": "phone", "value": 7}]),
        resource(address=[{"line": "1 Wharf Street"}]),
        {**resource(), "resourceType": "Practitioner"},
        bundle(resource()),
        [],
    ],
)
def test_a_shape_that_is_wrong_is_no_organisation(keep: Keep[Replies], body: Any) -> None:
    with pytest.raises(ConnectorUnavailable):
        connected(keep(Replies({ONE: StubReply(200, body)})).address).organisation(CODE)


@pytest.mark.parametrize(
    "body", [bundle({"resourceType": "Practitioner", "id": "x"}), {"resourceType": "Bundle", "entry": {}}, resource(), []]
)
def test_a_list_that_is_wrong_is_no_empty_list(keep: Keep[Replies], body: Any) -> None:
    with pytest.raises(ConnectorUnavailable):
        connected(keep(Replies({MANY: StubReply(200, body)})).address).search("fenmoor")


def test_a_closed_organisation_is_said_to_be_closed(keep: Keep[Replies]) -> None:
    server = keep(Replies({ONE: StubReply(200, resource(active=False)), MANY: StubReply(200, bundle())}))
    assert connected(server.address).organisation(CODE).active is False
    connected(server.address, open_only=True).search("fenmoor")
    assert ("active", "true") in server.seen[-1].params


def test_what_is_shown_is_one_line_of_plain_text(keep: Keep[Replies]) -> None:
    server = keep(Replies({ONE: StubReply(200, resource(name="A\n\u202eB" + "c" * 500))}))
    name = connected(server.address).organisation(CODE).name
    assert name.startswith("A B")
    assert len(name) == 200


def test_check_asks_one_question(stub: StubServer, keep: Keep[Replies]) -> None:
    connected(stub.address).check()
    assert sum(stub.requests.values()) == 1
    with pytest.raises(ConnectorUnavailable):
        connected(keep(Replies({MANY: StubReply(503)})).address).check()


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    beside = Path(__file__).resolve().parents[3]
    folders = [Path(os.environ["NHS_SPECS"])] if "NHS_SPECS" in os.environ else sorted(beside.glob("*/nhs-specs"))
    for folder in folders:
        file = folder / "ods" / "organisation-data-terminology-api.yaml"
        if file.is_file():
            held: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["paths"]
            return held
    pytest.skip("the published specifications are not here: set NHS_SPECS to the folder that holds ods/")


def example(paths: dict[str, Any], path: str, status: str) -> Any:
    return paths[path]["get"]["responses"][status]["content"]["application/fhir+json"]["example"]


def test_the_published_organisation(paths: dict[str, Any]) -> None:
    found = organisation_of(example(paths, "/Organization/{id}", "200"), source="ods", label="ODS", at=NOW, asked_for=OdsCode("RR8"))
    assert found == Organisation(
        OdsCode("RR8"),
        "Leeds Teaching Hospitals NHS Trust",
        "NHS trust",
        True,
        "0113 243 3144",
        ("St. James's University Hospital", "Beckett Street", "Leeds"),
        "LS9 7TF",
        "ods",
        NOW,
    )


def test_the_published_list_and_errors(paths: dict[str, Any], keep: Keep[Replies]) -> None:
    server = keep(
        Replies(
            {MANY: StubReply(200, example(paths, "/Organization", "200")), ONE: StubReply(404, example(paths, "/Organization/{id}", "404"))}
        )
    )
    found = connected(server.address).search("limited")
    assert [(o.ods.value, o.kind) for o in found] == [("AQN", "Independent healthcare provider"), ("C4O9I", "Pharmacy headquarters")]
    with pytest.raises(NotFound):
        connected(server.address).organisation(CODE)
    refused = keep(Replies({MANY: StubReply(400, example(paths, "/Organization", "4XX"))}))
    with pytest.raises(ConnectorRejected):
        connected(refused.address).search("limited")


def test_only_published_parameters_are_sent(paths: dict[str, Any], keep: Keep[Replies]) -> None:
    names = {p["name"] for p in paths["/Organization"]["get"]["parameters"]}
    server = keep(Replies({MANY: StubReply(200, bundle())}))
    for words in ("fenmoor", "RR8", "LS9"):
        connected(server.address, open_only=True).search(words)
    connected(server.address).check()
    assert {name for request in server.seen for name, _ in request.params} <= names


def test_the_stub_sends_only_what_the_published_organisation_has(paths: dict[str, Any], keep: Keep[Replies], stub: StubServer) -> None:
    whole = example(paths, "/Organization/{id}", "200")
    sent = requests.get(f"{stub.address}/Organization/XPR01", timeout=5).json()
    assert set(_paths(sent)) <= set(_paths(whole))


def _paths(value: Any, at: str = "") -> list[str]:
    if isinstance(value, dict):
        return [path for name, inner in value.items() for path in [f"{at}.{name}", *_paths(inner, f"{at}.{name}")]]
    return [path for inner in value for path in _paths(inner, at)] if isinstance(value, list) else []
