"""Messages on their way, over real HTTP: sent once whatever gets lost, never to whom nothing may be sent any more."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors import stub_server
from connectors.pds import stub as pds_stub
from connectors.pds import stub_search
from connectors.stub_routes import StubReply
from helpdesk.access.model import Role
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.calls.model import Disposition, SavedCall
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.services import Services
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.sending import OutboxSender
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Death, DeathStatus
from helpdesk.queue.model import WorkKind
from helpdesk.signposting.model import Channel, MessageState, OutboxEntry, OutgoingMessage
from helpdesk.storage.calls import SqlCalls
from helpdesk.storage.outbox import SqlOutbox
from helpdesk.storage.people import SqlPeople
from tests.journeys.conftest import Sandbox


class Post:
    """One message saved with its call, the outbox, and a clock in the test's hands."""

    def __init__(self, sandbox: Sandbox, folder: OpenFolder, services: Services) -> None:
        self.sandbox, self.services = sandbox, services
        self.moment = folder.clock.now()
        self.number = sandbox.story("simple_wait")
        self.outbox = SqlOutbox(folder.database, self)
        connected = folder.ground.connected
        gatekeeper = Gatekeeper(SqlPeople(folder.database, self), connected.demographics, connected.pds, self)
        self.sender = OutboxSender(self.outbox, connected.sender, gatekeeper, services.audit, self)
        self.reference = str(uuid.uuid4())
        self.call_id = str(uuid.uuid4())
        SqlCalls(folder.database, services.session, self).save(
            self._call(services), [self._message()], [], AuditEvent(AuditAction.CALL_SAVED, "call", (self.number,), self.call_id)
        )

    def now(self) -> datetime:
        return self.moment

    def wait(self, **by: float) -> None:
        self.moment += timedelta(**by)

    @property
    def entry(self) -> OutboxEntry:
        (entry,) = self.outbox.of_call(self.call_id)
        return entry

    @property
    def arrived(self) -> list[str]:
        """The references of what NHS Notify holds."""
        return [held.reference for held in self.sandbox.stub("nhs_notify").messages]

    @property
    def asked(self) -> int:
        return int(self.sandbox.stub("nhs_notify").requests["POST /v1/messages"])

    def _message(self) -> OutgoingMessage:
        return OutgoingMessage(self.reference, self.call_id, self.number, Channel.SMS, "waiting-well", "1", "Keep moving while you wait.")

    def _call(self, services: Services) -> SavedCall:
        s = services.session
        return SavedCall(
            self.call_id, 1, self.moment, self.moment, s.staff.id, s.staff.name, s.role.value, s.desk, s.organisation, "", self.number,
            "", Disposition(), "status", "patient",
        )  # fmt: skip


@pytest.fixture
def post(sandbox: Sandbox, folder: OpenFolder) -> Post:
    return Post(sandbox, folder, folder.practise_as(Role.HANDLER))


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> Callable[..., None]:
    """Changes what PDS says of a person from now on."""

    def change(number: NhsNumber, *, died: bool = False, **flag: str) -> None:
        found = next(p for p in sandbox.area.people if p.patient.nhs_number == number)
        death = Death(DeathStatus.REPORTED) if died else None
        changed = replace(found, patient=replace(found.patient, death=death), **flag)
        for place in (pds_stub, stub_search):
            real = place.resource_of
            monkeypatch.setattr(place, "resource_of", lambda one, real=real, **how: real(changed if one == found else one, **how))

    return change


def lose_answers(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, many: int) -> None:
    """The next answers of NHS Notify never come: the request was taken, then the connection broke."""
    notify, left, real = sandbox.stub("nhs_notify"), [many], stub_server._Handler._send

    def send(handler: Any, reply: StubReply) -> None:
        if handler.server.stub is notify and left[0]:
            left[0] -= 1
            handler.close_connection = True
        else:
            real(handler, reply)

    monkeypatch.setattr(stub_server._Handler, "_send", send)


def test_a_message_whose_answer_was_lost_is_sent_again_as_the_same_one(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    lose_answers(monkeypatch, post.sandbox, 3)
    for tries in range(1, 4):
        assert post.sender.pass_once(ask_after=False) == 1
        assert (post.entry.state, post.entry.attempts, post.asked) == (MessageState.QUEUED, tries, tries)
        assert post.arrived == [post.reference]
        post.wait(minutes=2)
    post.sender.pass_once(ask_after=False)
    assert post.entry.state is MessageState.ACCEPTED
    assert (post.arrived, post.asked) == ([post.reference], 4)


def test_what_was_delivered_is_not_sent_again(post: Post) -> None:
    for _ in range(6):
        post.sender.pass_once()
        post.wait(hours=7)
    assert post.entry.state is MessageState.DELIVERED
    assert (post.arrived, post.asked) == ([post.reference], 1)


@pytest.mark.parametrize("fault", ["429", "503"])
def test_it_waits_as_long_as_the_service_asks(post: Post, fault: str) -> None:
    post.sandbox.stub("nhs_notify").fault = fault
    post.sender.pass_once(ask_after=False)
    assert post.entry.next_try == post.moment + timedelta(seconds=7)
    post.sandbox.stub("nhs_notify").fault = None
    post.wait(seconds=6.9)
    assert post.sender.pass_once(ask_after=False) == 0
    post.wait(seconds=0.2)
    assert post.sender.pass_once(ask_after=False) == 1
    assert (post.entry.state, post.asked) == (MessageState.ACCEPTED, 2)


def test_how_far_it_has_got_is_asked_by_its_age(post: Post) -> None:
    def asked() -> int:
        return int(post.sandbox.stub("nhs_notify").requests["GET /v1/messages/{id}"])

    post.sender.pass_once()
    for _ in range(5):
        post.sender.pass_once()
    assert asked() == 0
    post.wait(minutes=1)
    for _ in range(5):
        post.sender.pass_once()
    assert (asked(), post.entry.state) == (1, MessageState.ACCEPTED)
    post.wait(minutes=4)
    post.sender.pass_once()
    assert (asked(), post.entry.state) == (2, MessageState.DELIVERED)


def test_what_nobody_knows_after_seven_days_is_work_for_somebody(post: Post) -> None:
    post.sender.pass_once()
    post.sandbox.stub("nhs_notify").fault = "503"
    post.wait(days=7, seconds=1)
    post.sender.pass_once()
    assert (post.entry.state, post.entry.problem) == (MessageState.UNKNOWN, "It is not known whether it was delivered.")
    assert kinds_of_work(post) == [WorkKind.MESSAGE_FAILED]
    assert "not known whether" in post.services.open_work()[0].reason


def queued_for(post: Post, **by: float) -> None:
    """It could not be sent at first and has waited since."""
    post.sandbox.stub("nhs_notify").fault = "503"
    post.sender.pass_once(ask_after=False)
    post.sandbox.stub("nhs_notify").fault = None
    post.wait(**by)


def kinds_of_work(post: Post) -> Sequence[WorkKind]:
    return [item.kind for item in post.services.open_work()]


@pytest.mark.parametrize("change", [{"flag": "R"}, {"flag": ""}, {"died": True}])
def test_a_message_that_waited_is_refused_once_the_person_may_not_be_written_to(
    post: Post, became: Callable[..., None], change: dict[str, Any]
) -> None:
    queued_for(post, minutes=11)
    became(post.number, **change)
    post.sender.pass_once(ask_after=False)
    assert post.entry.state is MessageState.REFUSED
    assert (post.arrived, post.asked) == ([], 1)
    assert kinds_of_work(post) == [WorkKind.MESSAGE_FAILED]
    assert str(post.number) not in post.entry.problem


def test_a_message_that_waited_goes_when_pds_says_as_before(post: Post) -> None:
    queued_for(post, minutes=11)
    post.sender.pass_once(ask_after=False)
    assert post.arrived == [post.reference]


def test_a_message_that_waited_waits_on_while_pds_cannot_say(post: Post) -> None:
    queued_for(post, minutes=11)
    post.sandbox.stub("pds").fault = "503"
    post.sender.pass_once(ask_after=False)
    assert (post.entry.state, post.arrived) == (MessageState.QUEUED, [])
    post.sandbox.stub("pds").fault = None
    post.wait(minutes=11)
    post.sender.pass_once(ask_after=False)
    assert post.arrived == [post.reference]


def test_a_message_that_cannot_go_for_two_days_is_given_up_and_somebody_is_told(post: Post) -> None:
    queued_for(post, days=2, seconds=1)
    post.sender.pass_once(ask_after=False)
    assert (post.entry.state, post.asked) == (MessageState.FAILED, 1)
    assert kinds_of_work(post) == [WorkKind.MESSAGE_FAILED]
