"""Each call once against Prism, which checks every request by itself; run by `make contract`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpdesk.errors import HelpdeskError
from tests.contract import prism
from tests.contract.at_hand import missing, specification_of
from tests.contract.messages import Recorder, Reply, Request, sent
from tests.contract.service import Service
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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("service", [pytest.param(service, id=service.id) for service in every_service()])
def test_prism_takes_every_request(service: Service, installed: None, recorder: Recorder, tmp_path: Path) -> None:
    specification = specification_of(service)
    try:
        with prism.mocking(specification.document, tmp_path) as address:
            recorder.begin(lambda request: _passed_on(service, address, request))
            for call in service.calls:
                _asked(service, call, recorder.address)
    except prism.NoPrism as error:
        missing(str(error))
    found = [
        f"{_operation(specification, e.request)}: {words}"
        for e in recorder.exchanges
        for words in prism.violations(e.reply)
        if not any(part in words for part in service.prism_tolerated)
    ]
    if found:
        pytest.fail("\n".join(dict.fromkeys(found)), pytrace=False)
    used = {_operation(specification, e.request) for e in recorder.exchanges}
    assert used >= {operation for call in service.calls for operation in call.operations}, f"only {sorted(used)} were asked"
    COUNTS[service.id].prism = f"yes, {len(recorder.exchanges)} requests"


def _asked(service: Service, call: Any, address: str) -> None:
    """Whatever Prism's mock reply becomes: a value or one of the desk's own errors."""
    try:
        call.ask(service.connect(address + service.base_path), call.subject)
    except HelpdeskError:
        return


def _passed_on(service: Service, address: str, request: Request) -> Reply:
    own = request.target.removeprefix(service.base_path)
    return sent(address, Request(request.method, own, {**dict(service.credentials), **request.headers}, request.body))


def _operation(specification: Specification, request: Request) -> str:
    operation = specification.operation_of(request)
    return operation.id if operation else "no operation"
