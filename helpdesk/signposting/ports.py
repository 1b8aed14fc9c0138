"""What the signposting feature needs from the outside: a sender, and the outbox it takes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from helpdesk.identifiers import NhsNumber
from helpdesk.signposting.model import OutboxEntry, OutgoingMessage, Receipt


class MessageSender(Protocol):
    @property
    def needs_contact(self) -> bool:
        """Whether it must be given the phone number or address (`OutgoingMessage.to`), from PDS at the moment of sending."""

    def send(self, message: OutgoingMessage) -> Receipt:
        """ACCEPTED (a duplicate reference counts as accepted) or REFUSED with its reason.

        Raises ConnectorUnavailable (try later, the same reference), ConnectorAuthFailed, ConnectorNotPermitted,
        ConnectorRejected."""

    def status(self, service_id: str) -> Receipt:
        """How far a message has got: ACCEPTED, DELIVERED or FAILED with its reason. Raises ConnectorError."""


class Outbox(Protocol):
    """Messages whose intent was saved with their call. Every method returns only after its commit."""

    def due(self, now: datetime, limit: int = 20) -> Sequence[OutboxEntry]:
        """Queued entries whose next try has come, oldest first."""

    def unsettled(self, limit: int = 50) -> Sequence[OutboxEntry]:
        """Accepted entries whose delivery is not known yet and whose next look has come, oldest first."""

    def settle(self, reference: str, receipt: Receipt, *, next_try: datetime | None = None) -> None:
        """Records what came of a try. QUEUED counts an attempt and is tried again at `next_try`; ACCEPTED is looked after
        at `next_try`. FAILED, REFUSED and UNKNOWN raise a MESSAGE_FAILED work item in the same transaction."""

    def of_patient(self, patient: NhsNumber, limit: int = 50) -> Sequence[OutboxEntry]: ...

    def of_call(self, call_id: str) -> Sequence[OutboxEntry]: ...
