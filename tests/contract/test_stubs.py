"""The practice area's own servers keep to the published specifications, in what they give and in what they refuse."""

from __future__ import annotations

import pytest

from helpdesk.errors import HelpdeskError
from helpdesk.practice.model import Area
from tests.contract.at_hand import specification_of
from tests.contract.messages import Recorder, Reply, Request, sent
from tests.contract.service import Call, Direct, Service
from tests.contract.services import every_service
from tests.contract.tally import COUNTS

pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type")
"""Of openapi-core: a sign-in by OAuth is not its to check."""

SERVICES = every_service()


ASKED = [(service, call) for service in SERVICES for call in service.calls if call.in_area is not None]


@pytest.mark.parametrize(("service", "call"), [pytest.param(service, call, id=f"{service.id}-{call.name}") for service, call in ASKED])
def test_what_the_stub_gives_is_published(service: Service, call: Call, area: Area, recorder: Recorder) -> None:
    specification = specification_of(service)
    area = service.shown(area)
    stub = service.serve(area)
    try:
        recorder.begin(lambda request: _forwarded(service, stub.address, request))
        asked = _ask_all(service, call, area, recorder)
    finally:
        stub.stop()
    assert asked, "the area has nobody to ask about"
    faults = [f for e in recorder.exchanges for f in specification.faults_of_request(e.request, service.tolerated)]
    faults += [f for e in recorder.exchanges for f in specification.faults_of_reply(e.request, e.reply)]
    if faults:
        pytest.fail("\n".join(dict.fromkeys(faults)), pytrace=False)
    good = {o.id for e in recorder.exchanges if e.reply.status < 300 and (o := specification.operation_of(e.request))}
    assert good >= set(call.operations), f"only {sorted(good)} gave a good reply"
    count = COUNTS[service.id]
    count.operations |= good
    count.requests += len(recorder.exchanges)
    count.stub_replies += len(recorder.exchanges)


def _ask_all(service: Service, call: Call, area: Area, recorder: Recorder) -> int:
    """How many were asked about; whatever the stub refuses as documented is no failure here."""
    connector = service.connect(recorder.address + service.base_path)
    asked = 0
    for subject in call.in_area(area) if call.in_area else ():
        asked += 1
        try:
            call.ask(connector, subject)
        except HelpdeskError:
            continue
    return asked


def _forwarded(service: Service, address: str, request: Request) -> Reply:
    own = request.target.removeprefix(service.base_path)
    return sent(address, Request(request.method, own, request.headers, request.body))


@pytest.mark.parametrize(
    ("service", "direct"), [pytest.param(service, one, id=f"{service.id}-{one.name}") for service in SERVICES for one in service.direct]
)
def test_what_the_stub_says_to_others_is_published(service: Service, direct: Direct, area: Area) -> None:
    """Above all its refusals."""
    specification = specification_of(service)
    area = service.shown(area)
    path = direct.path if isinstance(direct.path, str) else direct.path(area)
    stub = service.serve(area)
    try:
        reply = sent(stub.address, Request(direct.method, path, direct.headers, direct.body))
    finally:
        stub.stop()
    assert reply.status == direct.status
    faults = specification.faults_of_reply(Request(direct.method, service.base_path + path, direct.headers, direct.body), reply)
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
    COUNTS[service.id].stub_replies += 1
