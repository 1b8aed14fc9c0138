"""Looks into the mailboxes that files are sent to: a message leaves its mailbox only once its file is imported or refused."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from helpdesk.desk.deliveries import Deliveries, Delivery
from helpdesk.desk.ports import ExtractReader
from helpdesk.desk.taking import Received, Taken, Taking, Verdict
from helpdesk.desk.watched_folder import REPORT
from helpdesk.directory.ports import Kept
from helpdesk.errors import ConnectorError, ConnectorRejected
from helpdesk.private_files import create_private, make_private_folder
from helpdesk.spool import Spool

_log = logging.getLogger(__name__)
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]")
_DEALT_WITH = "messages"
_TRIES = 3
_REST_S = 3600.0
_CHECK_S = 23 * 3600.0
"""Source: MESH API: a mailbox is validated every 24 hours."""


@dataclass(frozen=True)
class Mailbox:
    """`reader` reads the files that come to it, which count for the instance `read_as` where that is another."""

    name: str
    deliveries: Deliveries
    reader: ExtractReader
    read_as: str = ""


@dataclass
class _Left:
    """A message that could not be read: how often, and when (monotonic) it is tried again."""

    tries: int = 0
    again: float = 0.0
    told: bool = False


class MailboxIntake:
    """One mailbox, used by one thread at a time. What became of a message is kept before it is acknowledged, so that one
    whose acknowledgement was lost is acknowledged again and not imported again."""

    def __init__(self, box: Mailbox, spool: Spool, reports: Path, kept: Kept, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.box = box
        self._spool = spool
        self._reports = reports
        self._kept = kept
        self._monotonic = monotonic
        self._next_look = 0.0
        self._next_check = 0.0
        self._left: dict[str, _Left] = {}
        self._warned = ""

    @property
    def unreadable(self) -> int:
        """How many messages now lie in it that cannot be read."""
        return sum(left.told for left in self._left.values())

    def pass_once(self, taking: Taking, cancelled: Callable[[], bool], *, now: bool = False) -> list[Taken]:
        """Looks where it is time, or at once. Raises StorageError."""
        if not now and self._monotonic() < self._next_look:
            return []
        try:
            self._next_look = self._monotonic() + self.box.deliveries.every.total_seconds()
            self._come_in()
            messages = list(self.box.deliveries.arrived())
        except ConnectorError as error:
            self._warn(error.message)
            return []
        self._warned = ""
        self._left = {message: left for message, left in self._left.items() if message in messages}
        made = []
        for message in messages:
            if cancelled():
                break
            if (one := self._one(message, taking, cancelled)) is not None:
                made.append(one)
        return made

    def _come_in(self) -> None:
        """Every day at least, so that the mailbox is known to be in use. Raises a ConnectorError."""
        if self._monotonic() >= self._next_check:
            self.box.deliveries.check()
            self._next_check = self._monotonic() + _CHECK_S

    def _one(self, message: str, taking: Taking, cancelled: Callable[[], bool]) -> Taken | None:
        """None where nothing became of it."""
        left = self._left.get(message)
        if left is not None and self._monotonic() < left.again:
            return None
        if self._kept.get(_DEALT_WITH, self._key(message)) is not None:
            self._acknowledge(message)
            return None
        try:
            delivery = self.box.deliveries.fetch(message, self._spool)
        except ConnectorError as error:
            self._leave(message, error, taking)
            return None
        try:
            return self._take(delivery, taking, cancelled)
        finally:
            delivery.file.drop()

    def _take(self, delivery: Delivery, taking: Taking, cancelled: Callable[[], bool]) -> Taken:
        report = f"{self.box.name}-{_NOT_IN_A_NAME.sub('_', delivery.message)}{REPORT}"
        received = Received(
            self.box.name,
            delivery.file,
            delivery.name,
            delivery.message,
            f"Its report is {report}, in the folder {self._reports.name} of the data folder.",
            self.box.read_as,
        )
        one = taking.take(received, self.box.reader, cancelled)
        if one.verdict is Verdict.LATER:
            return one
        make_private_folder(self._reports)
        create_private(self._reports / report, one.report)
        if one.verdict is Verdict.REFUSED:
            taking.tell(received)
        self._kept.put(_DEALT_WITH, self._key(delivery.message), one.verdict.value)
        self._left.pop(delivery.message, None)
        self._acknowledge(delivery.message)
        return replace(one, source=self.box.name)

    def _acknowledge(self, message: str) -> None:
        """Where it fails the message is there at the next look, and is known then."""
        try:
            self.box.deliveries.acknowledge(message)
        except ConnectorError as error:
            self._warn(error.message)

    def _leave(self, message: str, error: ConnectorError, taking: Taking) -> None:
        """A message that never will be readable is told at once; one that failed on the way, once it has failed often."""
        left = self._left.setdefault(message, _Left())
        left.tries += 1
        if isinstance(error, ConnectorRejected) or left.tries >= _TRIES:
            left.again = self._monotonic() + _REST_S
            if not left.told:
                left.told = True
                taking.ask(self.box.name, message, f"A message in {self.box.name} cannot be read and stays there: {error.message}")
                _log.warning("%s: %d messages cannot be read", self.box.name, self.unreadable)

    def _warn(self, message: str) -> None:
        """Once, until something else is wrong."""
        if message != self._warned:
            _log.warning("%s", message)
        self._warned = message

    def _key(self, message: str) -> str:
        return f"{self.box.name}:{message}"
