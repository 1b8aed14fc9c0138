"""Each call once against Prism, which checks every request by itself; run by `make contract`."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from helpdesk.errors import HelpdeskError
from tests.contract import prism
from tests.contract.at_hand import missing, specification_of
from tests.contract.messages import Recorder, Reply, Request, sent
from tests.contract.service import Call, Service
from tests.contract.services import every_service
from tests.contract.specification import Specification
from tests.contract.tally import COUNTS

pytestmark = pytest.mark.skipif(not prism.WANTED, reason="Prism is started by `make contract` only")


@pytest.fixture(scope="session")
def installed() -> None:
    try:
        prism.install()
    except prism.NoPrism as error:
        missing(str(error))


class Judged:
    """Passes each request on to Prism and keeps what that says of it."""

    def __init__(self, service: Service, specification: Specification, address: str) -> None:
        self.service, self.specification, self.address = service, specification, address
        self.asked: list[str] = []
        self.wrong: list[str] = []

    def reply(self, call: Call, request: Request) -> Reply:
        """Prism's own; of an operation that the call only begins with, the reply that lets it go on."""
        own = request.target.removeprefix(self.service.base_path)
        came = sent(self.address, Request(request.method, own, {**dict(self.service.credentials), **request.headers}, request.body))
        operation = self.specification.operation_of(request)
        name = operation.id if operation else "no operation"
        self.asked.append(name)
        self.wrong += [f"{name}: {words}" for words in prism.violations(came)]
        goes_on = operation is not None and name not in call.operations
        given = call.others(name, call.subject, self.specification) if goes_on else None
        if given is None:
            return came
        return given if isinstance(given, Reply) else Reply(200, json.dumps(given).encode())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("service", [pytest.param(service, id=service.id) for service in every_service()])
def test_prism_takes_every_request(service: Service, installed: None, recorder: Recorder, tmp_path: Path) -> None:
    specification = specification_of(service)
    try:
        with prism.mocking(specification.document, tmp_path) as address:
            judged = Judged(service, specification, address)
            for call in service.calls:
                recorder.begin(partial(judged.reply, call))
                _asked(service, call, recorder.address)
    except prism.NoPrism as error:
        missing(str(error))
    if judged.wrong:
        pytest.fail("\n".join(dict.fromkeys(judged.wrong)), pytrace=False)
    used = set(judged.asked)
    assert used >= {operation for call in service.calls for operation in call.operations}, f"only {sorted(used)} were asked"
    COUNTS[service.id].prism = f"yes, {len(judged.asked)} requests"


def _asked(service: Service, call: Call, address: str) -> None:
    """Whatever Prism's mock reply becomes: a value or one of the desk's own errors."""
    try:
        call.ask(service.connect(address + service.base_path), call.subject)
    except HelpdeskError:
        return
