"""The one background sender: takes what was saved with a call and delivers it once, whatever fails in between."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.model import GateState
from helpdesk.errors import ConnectorError, ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable, NotFound, RuleBroken
from helpdesk.signposting.model import MessageState, OutboxEntry, Receipt
from helpdesk.signposting.ports import MessageSender, Outbox

_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 3600.0
_GIVE_UP_AFTER = timedelta(days=2)
_CONFIRM_AFTER = timedelta(minutes=10)


class OutboxSender:
    """Run by whoever holds the data folder's lock, one pass at a time. The reference stored with the intent is used on
    every try, so that a try whose answer was lost is not a second message."""

    def __init__(self, outbox: Outbox, sender: MessageSender | None, gatekeeper: Gatekeeper, audit: AuditTrail, clock: Clock) -> None:
        self._outbox = outbox
        self._sender = sender
        self._gatekeeper = gatekeeper
        self._audit = audit
        self._clock = clock

    def pass_once(self, *, ask_after: bool = True) -> int:
        """Tries what is due and, with `ask_after`, asks how far accepted messages have got; returns how many entries
        changed. Raises StorageError."""
        if self._sender is None:
            return 0
        changed = 0
        for entry in self._outbox.due(self._clock.now()):
            self._deliver(entry, self._sender)
            changed += 1
        for entry in self._outbox.unsettled() if ask_after else ():
            changed += self._ask_after(entry, self._sender)
        return changed

    def _deliver(self, entry: OutboxEntry, sender: MessageSender) -> None:
        now = self._clock.now()
        if now - entry.queued > _GIVE_UP_AFTER:
            self._settle(entry, Receipt(MessageState.FAILED, message="It could not be sent within two days."))
            return
        try:
            self._confirm(entry, now)
            receipt = sender.send(entry.message)
        except ConnectorUnavailable as error:
            self._later(entry, error.message, error.retry_after_s)
        except (ConnectorRejected, ConnectorNotPermitted, RuleBroken, NotFound) as error:
            self._settle(entry, Receipt(MessageState.REFUSED, message=error.message))
        except ConnectorError as error:
            self._later(entry, error.message, None)
        else:
            self._settle(entry, receipt)

    def _confirm(self, entry: OutboxEntry, now: datetime) -> None:
        """The gate was open when the message's call was saved, and is asked again once that is ten minutes past. Raises
        RuleBroken or NotFound where the message must not go any more, ConnectorUnavailable where PDS cannot say."""
        if now - entry.queued <= _CONFIRM_AFTER:
            return
        looked = self._gatekeeper.look(entry.message.nhs_number)
        if looked.gate.state is GateState.UNCONFIRMED:
            raise ConnectorUnavailable(looked.answer.message)
        if not looked.gate.open or looked.patient is None or looked.patient.death is not None:
            raise RuleBroken("The record may not be written to any more.")

    def _later(self, entry: OutboxEntry, message: str, asked_s: float | None) -> None:
        wait = max(asked_s or 0.0, min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0**entry.attempts))
        receipt = Receipt(MessageState.QUEUED, message=message)
        self._outbox.settle(entry.message.reference, receipt, next_try=self._clock.now() + timedelta(seconds=wait))

    def _settle(self, entry: OutboxEntry, receipt: Receipt) -> None:
        """On record first: a message that went is never without its audit row, whatever fails in between."""
        details = {"reference": entry.message.reference, "state": receipt.state.value, "channel": entry.message.channel.value}
        self._audit.record(AuditEvent(AuditAction.MESSAGE_SENT, "outbox", (entry.message.nhs_number,), entry.message.call_id, details))
        self._outbox.settle(entry.message.reference, receipt)

    def _ask_after(self, entry: OutboxEntry, sender: MessageSender) -> int:
        if not entry.service_id:
            return 0
        try:
            receipt = sender.status(entry.service_id)
        except ConnectorError:
            return 0
        if receipt.state is entry.state:
            return 0
        self._settle(entry, receipt)
        return 1
