"""What takes files in, with everything round it in memory: what was imported, the work raised, a mailbox that can fail."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from helpdesk.desk.deliveries import Delivery
from helpdesk.desk.extracts import Imported
from helpdesk.desk.import_refusals import ExtractRefused, ImportCancelled
from helpdesk.desk.taking import Taking
from helpdesk.errors import ConnectorError
from helpdesk.extracts.model import ExtractKind, Problem
from helpdesk.queue.model import WorkItem
from helpdesk.spool import Spool

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROBLEM = Problem(3, "NHS_NUMBER", "The check digit is wrong.")


class Noon:
    def now(self) -> datetime:
        return NOON


@dataclass
class Imports:
    """Imports a file whose text begins with "good", refuses every other; the same text twice is one import."""

    taken: list[tuple[str, bytes, date | None]] = field(default_factory=list)
    asked: int = 0
    error: Exception | None = None
    during: Callable[[], None] = lambda: None

    def import_file(
        self, reader: Any, path: Path, *, as_at: date | None = None, source: str, cancelled: Callable[[], bool] | None = None
    ) -> Imported:
        self.asked += 1
        self.during()
        if self.error is not None:
            raise self.error
        if cancelled is not None and cancelled():
            raise ImportCancelled("The import was stopped; nothing changed.")
        with path.open("rb") as file:
            text = io.BytesIO(file.read()).getvalue()
        if not text.startswith(b"good"):
            raise ExtractRefused("The file was refused and nothing changed.", (PROBLEM,), 214)
        changed = text not in [t for _, t, _ in self.taken]
        if changed:
            self.taken.append((source, text, as_at))
        return Imported(
            "1",
            ExtractKind.OPEN_PATHWAYS,
            "XAA01",
            NOON.date(),
            7,
            "ab",
            NOON,
            "program",
            True,
            changed=changed,
            left_out=2,
            message="Imported 7 rows.",
        )


class Work:
    """Work raised; the same id is one item."""

    def __init__(self) -> None:
        self.items: dict[str, WorkItem] = {}

    def raise_item(self, item: WorkItem) -> None:
        self.items.setdefault(item.id, item)

    def open_items(self, limit: int = 200) -> Sequence[WorkItem]:
        return tuple(self.items.values())


class Kept:
    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get(self, source: str, key: str) -> tuple[str, datetime] | None:
        found = self.held.get((source, key))
        return None if found is None else (found, NOON)

    def put(self, source: str, key: str, value: str) -> None:
        self.held[source, key] = value

    def all_of(self, source: str) -> Sequence[tuple[str, str, datetime]]:
        return ()


class Post:
    """A mailbox. `fetch_error` and `acknowledge_error` are raised while they are set."""

    read_as = ""
    every = timedelta(minutes=5)

    def __init__(self, **messages: bytes) -> None:
        self.messages = dict(messages)
        self.fetched: list[str] = []
        self.looked = 0
        self.inbox_error: ConnectorError | None = None
        self.fetch_error: dict[str, ConnectorError] = {}
        self.acknowledge_error: ConnectorError | None = None

    def check(self) -> None:
        """It may be used."""

    def arrived(self) -> Sequence[str]:
        self.looked += 1
        if self.inbox_error is not None:
            raise self.inbox_error
        return tuple(self.messages)

    def fetch(self, message: str, spool: Spool) -> Delivery:
        self.fetched.append(message)
        if message in self.fetch_error:
            raise self.fetch_error[message]
        part = spool.part(10**6)
        part.write(self.messages[message])
        part.close()
        return Delivery(message, "persons 2026-11-15.csv", spool.whole([part], 10**6))

    def acknowledge(self, message: str) -> None:
        if self.acknowledge_error is not None:
            raise self.acknowledge_error
        self.messages.pop(message, None)


@dataclass
class Ticking:
    """A clock that is moved by hand."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


def taking(imports: Imports, work: Work) -> Taking:
    return Taking(imports, work, Noon())  # type: ignore[arg-type]  # the work of a desk has more to it


def never() -> bool:
    return False
