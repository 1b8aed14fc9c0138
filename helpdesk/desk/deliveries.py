"""Files that are sent to this desk, and the mailbox they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from helpdesk.spool import Spool, SpooledFile


@dataclass(frozen=True)
class Delivery:
    """One file that has come whole. `message` is the mailbox's own id for it; `name` is what its sender called the file,
    and may hold anything: it is never logged. `file` is removed by whoever took it."""

    message: str
    name: str = field(repr=False)
    file: SpooledFile


class Deliveries(Protocol):
    """A mailbox that files are sent to. Every method raises a ConnectorError."""

    @property
    def read_as(self) -> str:
        """The instance whose reader these files need; "" for the usual form."""

    @property
    def every(self) -> timedelta:
        """How often the mailbox is looked into."""

    def check(self) -> None:
        """Whether the mailbox may be used; asked before it is looked into, and once a day."""

    def arrived(self) -> Sequence[str]:
        """The ids of the messages that wait, oldest first."""

    def fetch(self, message: str, spool: Spool) -> Delivery:
        """Brings one message whole. Raises ConnectorRejected where it never will be readable; after a
        ConnectorUnavailable it may be asked again, and goes on where it ended."""

    def acknowledge(self, message: str) -> None:
        """Takes the message out of the mailbox; twice does no harm."""
