"""GP Connect has no OpenAPI document: its connector beside the published examples of version 1.2.7, over real HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.gp_connect import connect
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.stub import serve
from helpdesk.errors import ConnectorUnavailable, HelpdeskError
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.practice.model import Area
from tests.contract.at_hand import missing
from tests.contract.messages import Recorder, Reply, Request, sent
from tests.contract.service import QUICK, asking, well
from tests.contract.specification import found
from tests.contract.tally import COUNTS

FOLDER = "gpconnect/1.2.7-examples"
FIND = "foundations/find_patient_response_example.json"
LIST = "appointments/retrieve_patients_appts_response_example.json"
PLACE = "foundations/read_location_response_example.json"
THE_SAME_PATIENT = "foundations/register_patient_response_example.json"
"""Registering answers with the same Bundle as finding."""
CAPABILITY = "foundations/get_capability_statement_response_example.json"
INTERACTIONS = {
    "search:patient-1": ("Patient", "search-type"),
    "search:patient_appointments-1": ("Appointment", "search-type"),
    "read:location-1": ("Location", "read"),
}
"""Source: GP Connect 1.2.7, the interaction ids of each capability."""
BEFORE_THE_EXAMPLES = datetime(2016, 1, 1, 9, 0, tzinfo=UTC)
PRACTICE = OdsCode("XPR01")


class Then:
    """The clock of the days before the published appointments."""

    def now(self) -> datetime:
        return BEFORE_THE_EXAMPLES


def example(name: str) -> Any:
    file = found(f"{FOLDER}/{name}")
    if file is None:
        missing(f"the published examples of GP Connect are not here: set NHS_SPECS to the folder that holds {FOLDER}")
    return json.loads(file.read_text(encoding="utf-8"))


def connector(address: str) -> Any:
    return connect(GpConnectSettings(base_url=address, **QUICK), replace(asking("gp_connect"), clock=Then()))


def patient_of(body: Any) -> NhsNumber:
    (entry,) = body["entry"]
    return NhsNumber(entry["resource"]["identifier"][0]["value"])


def published(request: Request, *, finds: str = FIND, lists: str = LIST, reads: str = PLACE) -> Reply:
    path = urlsplit(request.target).path
    name = lists if path.endswith("/Appointment") else finds if path.endswith("/Patient") else reads
    return Reply(200, json.dumps(example(name)).encode())


def kept_to_the_capabilities(recorder: Recorder) -> list[str]:
    """What was asked beyond the published CapabilityStatement, or without saying which interaction it is."""
    resources = {r["type"]: r for r in example(CAPABILITY)["rest"][0]["resource"]}
    wrong = []
    for exchange in recorder.exchanges:
        headers = {name.lower(): value for name, value in exchange.request.headers.items()}
        interaction = headers.get("ssp-interactionid", "").removeprefix("urn:nhs:names:services:gpconnect:fhir:rest:")
        kind, code = INTERACTIONS.get(interaction, ("", ""))
        path, query = urlsplit(exchange.request.target)[2:4]
        asked = next((part for part in reversed(path.split("/")) if part in resources), "")
        if asked != kind or code not in {i["code"] for i in resources[kind]["interaction"]}:
            wrong.append(f"{asked} was asked as {interaction or 'nothing'}")
        offered = {p["name"] for p in resources[kind].get("searchParam", ())} | ({"start"} if kind == "Appointment" else set())
        wrong += [f"{kind}: {name} is not offered" for name, _ in parse_qsl(query) if name not in offered]
        wrong += [f"{name} is missing" for name in ("ssp-traceid", "ssp-from", "ssp-to", "authorization") if name not in headers]
    return wrong


def counted(recorder: Recorder, *, replies: int = 0, of_stub: int = 0) -> None:
    count = COUNTS["gp_connect"]
    count.operations |= {e.request.headers["Ssp-InteractionID"] for e in recorder.exchanges}
    count.requests += len(recorder.exchanges)
    count.replies += replies
    count.stub_replies += of_stub
    count.prism = "no document"


def test_the_published_examples_become_appointments(recorder: Recorder) -> None:
    recorder.begin(published)
    told = connector(recorder.address).future(patient_of(example(FIND)), PRACTICE)
    starts = sorted(
        datetime.fromisoformat(e["resource"]["start"]) for e in example(LIST)["entry"] if e["resource"]["resourceType"] == "Appointment"
    )
    assert [appointment.start for appointment in told] == starts
    assert not kept_to_the_capabilities(recorder)
    counted(recorder, replies=3)


@pytest.mark.parametrize("part", ["foundations", "appointments"])
def test_no_other_published_response_is_taken_for_an_answer(part: str, recorder: Recorder) -> None:
    number = patient_of(example(FIND))
    folder = found(f"{FOLDER}/{part}")
    assert folder
    others = sorted({f"{part}/{file.name}" for file in folder.glob("*_response_example.json")} - {FIND, LIST, PLACE, THE_SAME_PATIENT})
    for name in others:
        for place in ("finds", "lists"):
            recorder.begin(lambda request, name=name, place=place: published(request, **{place: name}))
            with pytest.raises(ConnectorUnavailable):
                connector(recorder.address).future(number, PRACTICE)
            counted(recorder, replies=1)


def test_the_stub_is_asked_and_answers_alike(area: Area, recorder: Recorder) -> None:
    """Each field that the stub sends is one of the published responses."""
    stub = serve(area)
    recorder.begin(lambda request: sent(stub.address, request))
    connected = connect(GpConnectSettings(base_url=recorder.address, **QUICK), asking("gp_connect"))
    try:
        for person in well(area, "gp_connect", lambda p: p.flag == "U" and p.patient.practice is not None):
            try:
                connected.future(person.patient.nhs_number, person.patient.practice)
            except HelpdeskError:
                continue
    finally:
        stub.stop()
    assert not kept_to_the_capabilities(recorder)
    known = {path for name in (FIND, LIST, PLACE) for path in fields(example(name))} | {".entry.fullUrl"}
    sent_fields = {path for e in recorder.exchanges if e.reply.status < 300 for path in fields(json.loads(e.reply.body))}
    assert sent_fields <= known
    counted(recorder, of_stub=len(recorder.exchanges))


def fields(value: Any, at: str = "") -> set[str]:
    if isinstance(value, dict):
        return {path for name, inner in value.items() for path in (f"{at}.{name}", *fields(inner, f"{at}.{name}"))}
    return {path for inner in value for path in fields(inner, at)} if isinstance(value, list) else set()
