"""The watched folders and mailboxes of one configuration, and the places in the data folder that taking files in needs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from helpdesk.composition.sources import Connected
from helpdesk.desk.deliveries import Deliveries
from helpdesk.desk.intake import Intake
from helpdesk.desk.mailbox_intake import Mailbox, MailboxIntake
from helpdesk.desk.ports import ExtractReader
from helpdesk.desk.taking import Taking
from helpdesk.desk.watched_folder import WatchedFolder
from helpdesk.directory.ports import Kept
from helpdesk.errors import ConnectorError, RuleBroken
from helpdesk.spool import Spool

_log = logging.getLogger(__name__)
LOCK = "intake.lock"
IN_TRANSIT = "in-transit"
REPORTS = "reports"


@contextmanager
def intake_of(connected: Connected, reader: ExtractReader, folder: Path, kept: Kept, taking: Taking) -> Iterator[Intake]:
    """While it is open no other process takes files in for this data folder. Raises RuleBroken where one does."""
    lock = FileLock(folder / LOCK, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise RuleBroken("Files are being taken in already, by the desk that is open or by another command.") from None
    spool = Spool(folder / IN_TRANSIT)
    try:
        spool.clear()
        folders = [WatchedFolder(w.name, w.folder, w.reader, w.settle_s) for w in connected.watched]
        boxes = [box for name, deliveries in connected.mailboxes if (box := _box(name, deliveries, connected, reader)) is not None]
        yield Intake(folders, [MailboxIntake(box, spool, folder / REPORTS, kept) for box in boxes], taking)
    finally:
        spool.clear()
        lock.release()


def _box(name: str, deliveries: Deliveries, connected: Connected, usual: ExtractReader) -> Mailbox | None:
    """None, with a warning, for a mailbox that cannot be used or whose files nobody can read."""
    try:
        read_as = deliveries.read_as
    except ConnectorError as error:
        _log.warning("%s", error.message)
        return None
    reader = dict(connected.readers).get(read_as) if read_as else usual
    if reader is None:
        _log.warning("%s is not looked into: the connection that its files are read as is not there", name)
        return None
    return Mailbox(name, deliveries, reader, read_as)
