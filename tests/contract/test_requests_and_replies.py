"""Each request a connector can make keeps to the specification, and each reply the specification documents becomes what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from helpdesk.errors import HelpdeskError
from tests.contract.at_hand import specification_of
from tests.contract.documented import DocumentedReply, codes, replies
from tests.contract.generated import variants
from tests.contract.messages import Recorder, Reply, Request
from tests.contract.service import Call, Service
from tests.contract.services import every_service
from tests.contract.specification import Operation, Specification
from tests.contract.states import error_for
from tests.contract.tally import COUNTS

pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type")
"""Of openapi-core: a sign-in by OAuth is not its to check."""


@dataclass(frozen=True)
class Case:
    """One documented reply, given to one call. `documented` is None where the specification is not at hand."""

    service: Service
    call: Call
    operation: str = ""
    documented: DocumentedReply | None = None

    @property
    def name(self) -> str:
        if self.documented is None:
            return f"{self.service.id}-{self.call.name}-{self.operation or 'specification-missing'}"
        return f"{self.service.id}-{self.call.name}-{self.operation}-{self.documented.status}-{self.documented.name}"


def _cases() -> list[Any]:
    cases = []
    for service in every_service():
        specification = service.opened()
        for call in service.calls:
            if specification is None:
                cases.append(Case(service, call))
                continue
            for name in call.operations:
                operation = specification.operations.get(name)
                found = _usable(service, specification, name) if operation else [None]
                cases += [Case(service, call, name, one) for one in found]
    return [pytest.param(case, id=case.name) for case in cases]


def _usable(service: Service, specification: Specification, name: str) -> list[DocumentedReply]:
    """The documented replies; those listed as odd without an error of their own give way to a body made from the schema."""
    kept = []
    for one in replies(specification, specification.operations[name]):
        odd = next((o for o in service.odd if o.fits(name, one.status, one.name, one.body)), None)
        kept += [one] if odd is None or odd.gives is not None else _from_schema(specification, one)
        kept += [] if odd is None or odd.mend is None else [_told(one, f"{one.name}-mended", odd.mend(one.body))]
    return list({(one.status, one.name): one for one in kept}.values())


def _from_schema(specification: Specification, one: DocumentedReply) -> list[DocumentedReply]:
    response = specification.follow(specification.operations[one.operation].node["responses"].get(str(one.status)) or {})
    media = specification.follow(response.get("content") or {}).get(one.reply.content_type) or {}
    made = variants(specification, media.get("schema") or {}) if media else ()
    return [_told(one, name, body) for name, body in made]


def _told(one: DocumentedReply, name: str, body: Any) -> DocumentedReply:
    return replace(one, name=name, body=body, reply=replace(one.reply, body=json.dumps(body).encode()))


def expected(case: Case) -> type[HelpdeskError] | None:
    """What must come of it: None is a value."""
    error = _said(case)
    return None if error is None else case.call.failing(error)


def _said(case: Case) -> type[HelpdeskError] | None:
    told = case.documented
    assert told is not None
    odd = next((o for o in case.service.odd if o.fits(case.operation, told.status, told.name, told.body)), None)
    if odd is not None and odd.gives is not None:
        return odd.gives
    for code in codes(told.body):
        for operation in (case.operation, "*"):
            if (operation, told.status, code) in case.service.documented:
                return case.service.documented[operation, told.status, code]
    return error_for(told.status, told.body)


def _core(error: HelpdeskError) -> type[HelpdeskError]:
    """The core's own error that it is; a connector may have a finer one."""
    return next(kind for kind in type(error).__mro__ if kind.__module__ == HelpdeskError.__module__)


@pytest.mark.parametrize("case", _cases())
def test_a_documented_reply_becomes_what_it_says(case: Case, recorder: Recorder) -> None:
    specification = specification_of(case.service)
    assert case.documented, f"the specification has no operation {case.operation}"
    told = case.documented
    subject = case.call.about(told.body)
    subject = case.call.subject if subject is None else subject
    recorder.begin(lambda request: _reply(case, specification, request, subject))
    outcome: type[HelpdeskError] | None = None
    value = None
    try:
        value = case.call.ask(case.service.connect(recorder.address + case.service.base_path), subject)
    except HelpdeskError as error:
        outcome = _core(error)
    _look_at_requests(case, specification, recorder)
    wanted = expected(case)
    assert outcome is wanted, f"{told.status} {codes(told.body)} gave {outcome}, not {wanted}"
    assert outcome or told.status >= 300 or case.call.holds(value, told.body), f"the value is not what the reply says: {type(value)}"
    COUNTS[case.service.id].replies += 1


def _look_at_requests(case: Case, specification: Specification, recorder: Recorder) -> None:
    faults = [f for e in recorder.exchanges for f in specification.faults_of_request(e.request, case.service.tolerated)]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
    asked = [specification.operation_of(e.request) for e in recorder.exchanges]
    names = {operation.id for operation in asked if operation}
    assert case.operation in names, f"the call did not ask {case.operation}, only {sorted(names)}"
    assert names <= {*case.call.operations, *case.call.also}, f"the call asked more than it lists: {sorted(names)}"
    count = COUNTS[case.service.id]
    count.operations |= names
    count.requests += len(recorder.exchanges)


def _reply(case: Case, specification: Specification, request: Request, subject: Any) -> Reply:
    """The documented reply for the operation it belongs to; a good one for the other operations of the same call."""
    operation = specification.operation_of(request)
    if operation is None:
        return Reply(500)
    assert case.documented
    if operation.id == case.operation:
        return case.documented.reply
    return other_reply(case.call, operation, subject, specification)


def other_reply(call: Call, operation: Operation, subject: Any, specification: Specification) -> Reply:
    """The good reply of an operation that is not the one looked at."""
    given = call.others(operation.id, subject, specification)
    if isinstance(given, Reply):
        return given
    if given is not None:
        return Reply(200, json.dumps(given).encode())
    return next(one.reply for one in replies(specification, operation) if one.status < 300)
