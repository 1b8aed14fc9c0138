"""Takes one received file in: imported, or refused with a report that a data manager can act on and work for the administrator."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid5

from helpdesk.access.model import Role
from helpdesk.clock import Clock
from helpdesk.desk.extracts import Imported
from helpdesk.desk.import_refusals import ExtractRefused, ImportCancelled
from helpdesk.desk.intake_report import not_taken, taken
from helpdesk.desk.ports import ExtractReader, WorkItems
from helpdesk.errors import HelpdeskError, RuleBroken
from helpdesk.queue.model import WorkItem, WorkKind

_OURS = UUID("2f0a4d3e-5f0b-4a55-8c0e-9d5f7b1c6a21")
_DAY = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")


class Verdict(StrEnum):
    """What became of a file. LATER: nothing was decided, it is looked at again."""

    TAKEN = "taken"
    ALREADY = "already"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True)
class Taken:
    """`source` is the instance it came to; `message` one plain sentence without a file's name; `report` the whole of it."""

    source: str
    verdict: Verdict
    message: str
    report: str = field(default="", repr=False)


class Importing(Protocol):
    """What imports: helpdesk.desk.extracts.ExtractImport."""

    def import_file(
        self,
        reader: ExtractReader,
        path: Path,
        *,
        as_at: date | None = None,
        source: str,
        cancelled: Callable[[], bool] | None = None,
    ) -> Imported: ...


@dataclass(frozen=True)
class Received:
    """One file that has come. `arrival` tells this arrival from every other, so that its refusal raises one piece of work;
    `report_at` says where its report will be found, for the work's words."""

    source: str
    path: Path = field(repr=False)
    name: str = field(repr=False)
    arrival: str
    report_at: str
    snapshot_source: str = ""
    """The instance that its rows count for, where that is another than the one it came to."""


class Taking:
    """`take` raises StorageError only where a refusal cannot be put on record; the file is looked at again then."""

    def __init__(self, extracts: Importing, work: WorkItems, clock: Clock) -> None:
        self._extracts = extracts
        self._work = work
        self._clock = clock

    def take(self, received: Received, reader: ExtractReader, cancelled: Callable[[], bool] | None = None) -> Taken:
        source = received.snapshot_source or received.source
        try:
            done = self._extracts.import_file(reader, received.path, as_at=day_in(received.name), source=source, cancelled=cancelled)
        except ImportCancelled as stopped:
            return Taken(received.source, Verdict.LATER, stopped.message)
        except RuleBroken as refused:
            return Taken(received.source, Verdict.REFUSED, refused.message, self._report(received.source, refused))
        except HelpdeskError as error:
            return Taken(received.source, Verdict.LATER, error.message)
        verdict = Verdict.TAKEN if done.changed else Verdict.ALREADY
        return Taken(received.source, verdict, done.message, taken(received.source, done, self._clock.now()))

    def tell(self, received: Received) -> None:
        """The administrator's work for a refused file. Raises StorageError."""
        self.ask(received.source, received.arrival, f"A file received for {received.source} was refused. {received.report_at}")

    def ask(self, source: str, about: str, reason: str) -> None:
        """Work for the administrator; told again of the same thing it stays one. Raises StorageError."""
        work_id = str(uuid5(_OURS, f"{source}:{about}"))
        self._work.raise_item(WorkItem(work_id, WorkKind.EXTRACT_REFUSED, self._clock.now(), reason, owner_role=Role.ADMINISTRATOR.value))

    def _report(self, source: str, refused: RuleBroken) -> str:
        problems = refused.problems if isinstance(refused, ExtractRefused) else ()
        count = refused.problem_count if isinstance(refused, ExtractRefused) else 0
        return not_taken(source, refused.message, problems, count, self._clock.now())


def day_in(name: str) -> date | None:
    """The date in a received file's name: persons files do not hold the day they are for."""
    found = _DAY.search(name)
    try:
        return date.fromisoformat(found.group()) if found else None
    except ValueError:
        return None
