"""The FHIR R4 connector asks only what a server declares, and the practice area's servers answer as FHIR R4 demands."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from connectors.fhir_r4 import connect
from connectors.fhir_r4.settings import FhirR4Settings, PatientBy
from connectors.fhir_r4.stub import BASE_PATH, serve
from helpdesk.errors import HelpdeskError
from helpdesk.practice.model import Area
from tests.contract.fhir_r4 import MUST_HAVE, Declared, faults_of_body
from tests.contract.messages import Exchange, Recorder, Request, sent
from tests.contract.service import QUICK, asking
from tests.contract.tally import COUNTS

INSTANCES = ("fenmoor_system", "ousebank_system")
ASKED = ("Appointment", "ServiceRequest", "Encounter", "CarePlan", "Task")


def _links(exchanges: list[Exchange]) -> set[str]:
    """The addresses that the server gave for further pages."""
    bodies = [json.loads(e.reply.body) for e in exchanges]
    return {link["url"] for body in bodies for link in body.get("link", ()) if link["relation"] == "next"}


@pytest.mark.parametrize("patient_by", ["patient", "patient.identifier", "patient:identifier"])
@pytest.mark.parametrize("instance", INSTANCES)
def test_only_what_is_declared_is_asked_and_what_comes_is_fhir(
    instance: str, patient_by: PatientBy, area: Area, recorder: Recorder
) -> None:
    stub = serve(area, instance=instance)
    settings = FhirR4Settings(base_url=recorder.address + BASE_PATH, patient_by=patient_by, page_size=1, **QUICK)
    connector = connect(settings, asking(instance))
    held = [
        n for n in area.activity_of(instance) if instance not in {i for p in area.people if p.patient.nhs_number == n for i in p.faults}
    ]
    recorder.begin(lambda r: sent(stub.address, Request(r.method, r.target.removeprefix(BASE_PATH), r.headers, r.body)))
    try:
        found = [connector.activity(number) for number in held[:12]]
    finally:
        stub.stop()
    assert any(f.items for f in found)
    statement = next(json.loads(e.reply.body) for e in recorder.exchanges if e.request.target.endswith("/metadata"))
    declared, links = Declared(statement), _links(recorder.exchanges)
    assert links, "nobody has two pages"
    wrong = [fault for e in recorder.exchanges for fault in declared.faults(e, BASE_PATH, links)]
    wrong += [fault for e in recorder.exchanges for fault in _wrong(e)]
    if wrong:
        pytest.fail("\n".join(dict.fromkeys(wrong)), pytrace=False)
    count = COUNTS["fhir_r4"]
    count.operations |= {_kind(e) for e in recorder.exchanges}
    count.requests += len(recorder.exchanges)
    count.stub_replies += len(recorder.exchanges)
    count.replies += sum(e.reply.status < 300 for e in recorder.exchanges)
    count.prism = "no document"


def _kind(exchange: Exchange) -> str:
    return urlsplit(exchange.request.target).path.removeprefix(f"{BASE_PATH}/").split("/")[0]


def _wrong(exchange: Exchange) -> list[str]:
    if exchange.reply.status >= 300 or _kind(exchange) == "metadata":
        return []
    return faults_of_body(json.loads(exchange.reply.body), _kind(exchange))


def test_the_desk_asks_for_nothing_else() -> None:
    assert set(FhirR4Settings(base_url="http://127.0.0.1/fhir").resources) == set(ASKED)
    assert set(ASKED) <= set(MUST_HAVE)


def test_what_a_stub_refuses_is_an_outcome(area: Area) -> None:
    stub = serve(area, instance=INSTANCES[0])
    try:
        reply = sent(stub.address, Request("GET", "/Appointment?patient=p1&name=Smith"))
    finally:
        stub.stop()
    assert reply.status == 400
    assert not faults_of_body(json.loads(reply.body), "OperationOutcome")


def test_a_connector_error_is_the_only_error(area: Area, recorder: Recorder) -> None:
    """Whatever the server has wrong with a person, the desk's own error comes of it."""
    unwell = [p for p in area.people if INSTANCES[0] in p.faults]
    stub = serve(area, instance=INSTANCES[0])
    connector = connect(FhirR4Settings(base_url=stub.address, **QUICK), asking(INSTANCES[0]))
    try:
        for person in unwell:
            with pytest.raises(HelpdeskError):
                connector.activity(person.patient.nhs_number)
    finally:
        stub.stop()
    assert unwell
