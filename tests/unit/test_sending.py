"""The background sender: how often it looks, where a message goes, and what a connector's mistake does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from helpdesk.answers import Answer, SourceState
from helpdesk.desk.gate import Looked
from helpdesk.desk.model import Gate, GateState
from helpdesk.desk.sending import NOT_KNOWN, OutboxSender
from helpdesk.errors import ConnectorUnavailable, StorageError
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Address, Death, DeathStatus, Patient, PersonName, Phone, PhoneUse, Sensitivity
from helpdesk.signposting.model import Channel, MessageState, OutboxEntry, OutgoingMessage, Receipt

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NUMBER = NhsNumber("9990000018")
SMS = OutgoingMessage("r-1", "c-1", NUMBER, Channel.SMS, "waiting-well", "1", "Keep moving while you wait.")
MOBILE, HOME = Phone("07700900123", PhoneUse.MOBILE), Phone("01632 960001", PhoneUse.HOME)
PATIENT = Patient(
    NUMBER,
    NUMBER,
    Sensitivity.UNRESTRICTED,
    "pds",
    NOON,
    name=PersonName("Smith", ("Jane", "Ann"), "Mrs"),
    phones=(HOME, MOBILE),
    emails=("jane@example.org",),
    address=Address(("1 Sedge Row", "Fenmoor"), "ZZ99 3CZ"),
)


@dataclass
class Desk:
    """An outbox of one message, a clock, a sender that does as it is told, and PDS."""

    entry: OutboxEntry = field(default_factory=lambda: OutboxEntry(SMS, MessageState.QUEUED, NOON))
    moment: datetime = NOON
    patient: Patient | None = PATIENT
    gate: GateState = GateState.OPEN
    needs_contact: bool = False
    answer: Callable[[OutgoingMessage], Receipt] = lambda _: Receipt(MessageState.ACCEPTED, "id-1")
    progress: Callable[[str], Receipt] = lambda _: Receipt(MessageState.ACCEPTED, "id-1")
    sent: list[OutgoingMessage] = field(default_factory=list)
    looks: list[timedelta] = field(default_factory=list)
    reported: list[Exception] = field(default_factory=list)
    audited: list[Any] = field(default_factory=list)
    asked_pds: int = 0

    # clock
    def now(self) -> datetime:
        return self.moment

    # outbox, as the tables keep it
    def due(self, now: datetime, limit: int = 20) -> list[OutboxEntry]:
        return [self.entry] if self.entry.state is MessageState.QUEUED and self._come() else []

    def unsettled(self, limit: int = 50) -> list[OutboxEntry]:
        return [self.entry] if self.entry.state is MessageState.ACCEPTED and self._come() else []

    def _come(self) -> bool:
        return self.entry.next_try is None or self.entry.next_try <= self.moment

    def settle(self, reference: str, receipt: Receipt, *, next_try: datetime | None = None) -> None:
        attempts = self.entry.attempts + (receipt.state is MessageState.QUEUED)
        kept = replace(self.entry, state=receipt.state, attempts=attempts, next_try=next_try, problem=receipt.message)
        self.entry = replace(kept, service_id=receipt.service_id or self.entry.service_id)

    # sender
    def send(self, message: OutgoingMessage) -> Receipt:
        self.sent.append(message)
        return self.answer(message)

    def status(self, service_id: str) -> Receipt:
        self.looks.append(self.moment - NOON)
        return self.progress(service_id)

    # gatekeeper
    def look(self, number: NhsNumber) -> Looked:
        self.asked_pds += 1
        return Looked(Gate(self.gate, number, None), Answer("pds", "PDS", number, SourceState.FRESH), self.patient)

    def sender(self) -> OutboxSender:
        audit = SimpleNamespace(record=self.audited.append)
        return OutboxSender(self, self, self, audit, self, self.reported.append)  # type: ignore[arg-type]  # one fake for all ports

    def run(self, days: float) -> None:
        """A pass every half minute, as the window does."""
        sender, end = self.sender(), self.moment + timedelta(days=days)
        while self.moment < end:
            sender.pass_once()
            self.moment += timedelta(seconds=30)


def raising(error: Exception) -> Callable[[Any], Receipt]:
    def answer(_: Any) -> Receipt:
        raise error

    return answer


def minutes(desk: Desk) -> list[float]:
    return [look / timedelta(minutes=1) for look in desk.looks]


def test_it_looks_soon_at_first_and_then_seldom() -> None:
    desk = Desk()
    desk.run(days=1)
    assert minutes(desk) == [1, 5, 15, 60, 420, 780, 1140]


def test_after_seven_days_it_is_not_known_whether_it_was_delivered() -> None:
    desk = Desk()
    desk.run(days=9)
    assert (desk.entry.state, desk.entry.problem) == (MessageState.UNKNOWN, NOT_KNOWN)
    assert max(desk.looks) <= timedelta(days=7, hours=6)
    assert len(desk.looks) < 35
    assert [event.details["state"] for event in desk.audited] == ["accepted", "unknown"]


def test_one_without_an_id_is_never_asked_about_and_is_not_known_in_the_end() -> None:
    desk = Desk(answer=lambda _: Receipt(MessageState.ACCEPTED))
    desk.run(days=8)
    assert desk.looks == []
    assert desk.entry.state is MessageState.UNKNOWN


def test_a_service_that_cannot_say_is_not_asked_more_often() -> None:
    desk = Desk(progress=raising(ConnectorUnavailable("Not now.")))
    desk.run(days=0.5)
    assert minutes(desk) == [1, 5, 15, 60, 420]
    assert desk.entry.state is MessageState.ACCEPTED


def test_a_look_waits_as_long_as_the_service_asks() -> None:
    desk = Desk(progress=raising(ConnectorUnavailable("Not now.", retry_after_s=1800)))
    desk.run(days=0.05)
    assert minutes(desk) == [1, 31, 61]


def test_a_message_that_waited_for_its_service_is_looked_after_a_minute_later() -> None:
    desk = Desk(answer=raising(ConnectorUnavailable("Not now.", retry_after_s=7200)))
    sender = desk.sender()
    sender.pass_once()
    desk.moment += timedelta(hours=2)
    desk.answer = lambda _: Receipt(MessageState.ACCEPTED, "id-1")
    sender.pass_once()
    assert desk.entry.next_try == desk.moment + timedelta(minutes=1)


def test_a_delivered_message_is_settled_at_once_and_not_asked_about_again() -> None:
    desk = Desk(progress=lambda _: Receipt(MessageState.DELIVERED, "id-1"))
    desk.run(days=0.1)
    assert minutes(desk) == [1]
    assert desk.entry.state is MessageState.DELIVERED


def test_a_retry_says_that_it_is_one_under_the_same_reference() -> None:
    desk = Desk(answer=raising(ConnectorUnavailable("Not now.")))
    desk.run(days=0.001)
    assert [m.tried_before for m in desk.sent[:2]] == [False, True]
    assert {m.reference for m in desk.sent} == {"r-1"}


def test_a_sender_that_finds_the_address_itself_is_given_none() -> None:
    desk = Desk()
    desk.sender().pass_once()
    assert (desk.sent[0].to, desk.asked_pds) == ("", 0)


@pytest.mark.parametrize(
    ("channel", "to"),
    [
        (Channel.SMS, "07700900123"),
        (Channel.EMAIL, "jane@example.org"),
        (Channel.LETTER, "Mrs Jane Smith\n1 Sedge Row\nFenmoor\nZZ99 3CZ"),
    ],
)
def test_a_sender_that_needs_it_is_given_what_pds_says_now_and_nothing_is_kept(channel: Channel, to: str) -> None:
    desk = Desk(needs_contact=True, entry=OutboxEntry(replace(SMS, channel=channel), MessageState.QUEUED, NOON))
    desk.sender().pass_once()
    assert (desk.sent[0].to, desk.asked_pds) == (to, 1)
    assert desk.entry.message.to == ""
    assert to not in repr(desk.sent[0]) + repr(desk.entry) + repr(desk.audited)


def test_a_mobile_number_is_known_by_its_digits_where_pds_does_not_say() -> None:
    desk = Desk(needs_contact=True, patient=replace(PATIENT, phones=(HOME, Phone("+44 7700 900456"))))
    desk.sender().pass_once()
    assert desk.sent[0].to == "+44 7700 900456"


@pytest.mark.parametrize("changes", [{"phones": (HOME,)}, {"phones": ()}, {"death": Death(DeathStatus.REPORTED)}])
def test_nothing_goes_where_the_record_holds_no_number_or_the_person_has_died(changes: dict[str, Any]) -> None:
    desk = Desk(needs_contact=True, patient=replace(PATIENT, **changes))
    desk.sender().pass_once()
    assert desk.sent == []
    assert desk.entry.state is MessageState.REFUSED


@pytest.mark.parametrize(("gate", "state"), [(GateState.RESTRICTED, MessageState.REFUSED), (GateState.UNCONFIRMED, MessageState.QUEUED)])
def test_a_number_is_never_taken_from_a_record_that_pds_did_not_open(gate: GateState, state: MessageState) -> None:
    desk = Desk(needs_contact=True, gate=gate)
    desk.sender().pass_once()
    assert desk.sent == []
    assert desk.entry.state is state


def test_a_mistake_of_a_connector_stops_one_try_and_is_reported() -> None:
    mistake = KeyError("surprise")
    desk = Desk(answer=raising(mistake))
    sender = desk.sender()
    assert sender.pass_once() == 0
    assert desk.reported == [mistake]
    assert (desk.entry.state, desk.entry.attempts) == (MessageState.QUEUED, 1)
    desk.answer = lambda _: Receipt(MessageState.ACCEPTED, "id-1")
    desk.moment += timedelta(minutes=1)
    sender.pass_once()
    assert desk.entry.state is MessageState.ACCEPTED


def test_a_mistake_while_looking_puts_the_look_off() -> None:
    desk = Desk(progress=raising(TypeError("surprise")))
    desk.run(days=0.1)
    assert minutes(desk) == [1, 5, 15, 60]
    assert len(desk.reported) == 4
    desk.run(days=8)
    assert desk.entry.state is MessageState.UNKNOWN


def test_a_database_that_cannot_be_used_is_no_mistake_of_a_connector() -> None:
    desk = Desk(answer=raising(StorageError("The disk is full.")))
    with pytest.raises(StorageError):
        desk.sender().pass_once()
    assert desk.reported == []


def test_a_message_that_went_and_could_not_be_noted_down_is_not_sent_again() -> None:
    desk = Desk()
    sender, noted = desk.sender(), desk.settle
    full: Any = raising(StorageError("The disk is full."))
    for _ in range(2):
        desk.settle = lambda *_args, **_more: full(None)  # type: ignore[method-assign]  # a disk that fills up
        with pytest.raises(StorageError):
            sender.pass_once()
        desk.moment += timedelta(seconds=2)
    desk.settle = noted  # type: ignore[method-assign]  # and is emptied
    sender.pass_once()
    assert len(desk.sent) == 1
    assert (desk.entry.state, desk.entry.service_id) == (MessageState.ACCEPTED, "id-1")
