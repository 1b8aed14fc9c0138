"""The one background sender: takes what was saved with a call and delivers it once, whatever fails in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock
from helpdesk.desk.contact import contact_of
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.model import GateState
from helpdesk.desk.pace import next_look, too_old
from helpdesk.errors import (
    ConnectorError,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    NotFound,
    RuleBroken,
    StorageError,
)
from helpdesk.patients.model import Patient
from helpdesk.signposting.model import MessageState, OutboxEntry, OutgoingMessage, Receipt
from helpdesk.signposting.ports import MessageSender, Outbox

_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 3600.0
_GIVE_UP_AFTER = timedelta(days=2)
_CONFIRM_AFTER = timedelta(minutes=10)
_FINAL = frozenset({MessageState.DELIVERED, MessageState.FAILED})
NOT_KNOWN = "It is not known whether it was delivered."
MISTAKE = "A mistake in the program stopped this try."


def to_the_hook(error: Exception) -> None:
    """Gives a mistake to whoever hears of those that nobody caught on a thread."""
    threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, threading.current_thread())))


class OutboxSender:
    """Run by whoever holds the data folder's lock, one pass at a time. The reference stored with the intent is used on
    every try, so that a try whose answer was lost is not a second message. `report` is told of mistakes in the program:
    they stop one try of one message, never the sending."""

    def __init__(
        self,
        outbox: Outbox,
        sender: MessageSender | None,
        gatekeeper: Gatekeeper,
        audit: AuditTrail,
        clock: Clock,
        report: Callable[[Exception], None] = to_the_hook,
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._gatekeeper = gatekeeper
        self._audit = audit
        self._clock = clock
        self._report = report
        self._not_noted: dict[str, Receipt] = {}

    def pass_once(self, *, ask_after: bool = True) -> int:
        """Tries what is due and, with `ask_after`, asks about those accepted messages whose next look has come; returns how
        many entries changed. Raises StorageError."""
        if self._sender is None:
            return 0
        changed = 0
        for entry in self._outbox.due(self._clock.now()):
            changed += self._try(self._deliver, entry, self._sender)
        for entry in self._outbox.unsettled() if ask_after else ():
            changed += self._try(self._ask_after, entry, self._sender)
        return changed

    def _try(self, act: Callable[[OutboxEntry, MessageSender], int], entry: OutboxEntry, sender: MessageSender) -> int:
        try:
            return act(entry, sender)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # a connector may be anybody's; what it gets wrong stops nothing else
            self._report(error)
        if entry.state is not MessageState.QUEUED:
            return self._look_later(entry, None)
        self._later(entry, MISTAKE, None)
        return 0

    def _deliver(self, entry: OutboxEntry, sender: MessageSender) -> int:
        now = self._clock.now()
        given = self._not_noted.get(entry.message.reference)
        if given is not None:
            self._settle(entry, given)
            return 1
        if now - entry.queued > _GIVE_UP_AFTER:
            self._settle(entry, Receipt(MessageState.FAILED, message="It could not be sent within two days."))
            return 1
        try:
            receipt = sender.send(self._ready(entry, now, needs_contact=sender.needs_contact))
        except ConnectorUnavailable as error:
            self._later(entry, error.message, error.retry_after_s)
        except (ConnectorRejected, ConnectorNotPermitted, RuleBroken, NotFound) as error:
            self._settle(entry, Receipt(MessageState.REFUSED, message=error.message))
        except ConnectorError as error:
            self._later(entry, error.message, None)
        else:
            self._settle(entry, receipt)
        return 1

    def _ready(self, entry: OutboxEntry, now: datetime, *, needs_contact: bool) -> OutgoingMessage:
        """The message as it may go now. The gate was open when its call was saved, and is asked again once that is ten
        minutes past, and always where we say where it goes. Raises as `_confirmed`."""
        message = replace(entry.message, tried_before=entry.attempts > 0)
        if needs_contact:
            return replace(message, to=contact_of(self._confirmed(entry), message.channel))
        if now - entry.queued > _CONFIRM_AFTER:
            self._confirmed(entry)
        return message

    def _confirmed(self, entry: OutboxEntry) -> Patient:
        """Whom PDS says it is for, now. Raises RuleBroken or NotFound where the message must not go any more,
        ConnectorUnavailable where PDS cannot say."""
        looked = self._gatekeeper.look(entry.message.nhs_number)
        if looked.gate.state is GateState.UNCONFIRMED:
            raise ConnectorUnavailable(looked.answer.message)
        if not looked.gate.open or looked.patient is None or looked.patient.death is not None:
            raise RuleBroken("The record may not be written to any more.")
        return looked.patient

    def _later(self, entry: OutboxEntry, message: str, asked_s: float | None) -> None:
        wait = max(asked_s or 0.0, min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0**entry.attempts))
        receipt = Receipt(MessageState.QUEUED, message=message)
        self._outbox.settle(entry.message.reference, receipt, next_try=self._clock.now() + timedelta(seconds=wait))

    def _settle(self, entry: OutboxEntry, receipt: Receipt) -> None:
        """On record first: a message that went is never without its audit row, whatever fails in between. What could not be
        noted down is held until it can be, and not sent again: the service may not find it yet by its reference."""
        self._not_noted[entry.message.reference] = receipt
        details = {"reference": entry.message.reference, "state": receipt.state.value, "channel": entry.message.channel.value}
        self._audit.record(AuditEvent(AuditAction.MESSAGE_SENT, "outbox", (entry.message.nhs_number,), entry.message.call_id, details))
        look = None
        if receipt.state is MessageState.ACCEPTED:
            look = next_look(entry.queued, self._clock.now(), first=True, followed=bool(receipt.service_id))
        self._outbox.settle(entry.message.reference, receipt, next_try=look)
        del self._not_noted[entry.message.reference]

    def _ask_after(self, entry: OutboxEntry, sender: MessageSender) -> int:
        asked_s = None
        if entry.service_id:
            try:
                receipt = sender.status(entry.service_id)
            except ConnectorError as error:
                asked_s = getattr(error, "retry_after_s", None)
            else:
                if receipt.state in _FINAL:
                    self._settle(entry, receipt)
                    return 1
        return self._look_later(entry, asked_s)

    def _look_later(self, entry: OutboxEntry, asked_s: float | None) -> int:
        now = self._clock.now()
        if too_old(entry.queued, now):
            self._settle(entry, Receipt(MessageState.UNKNOWN, entry.service_id, NOT_KNOWN))
            return 1
        look = next_look(entry.queued, now, followed=bool(entry.service_id))
        same = Receipt(MessageState.ACCEPTED, entry.service_id, entry.problem)
        self._outbox.settle(entry.message.reference, same, next_try=max(look, now + timedelta(seconds=asked_s or 0.0)))
        return 0
