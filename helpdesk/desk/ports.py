"""What work across several features needs from the outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from helpdesk.audit import AuditEvent
from helpdesk.calls.model import CallDraft, SavedCall
from helpdesk.extracts.history import ImportAttempt, ImportOutcome
from helpdesk.extracts.model import ExtractKind, Profile, Snapshot
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import ListRow
from helpdesk.patients.model import PersonRow
from helpdesk.queue.model import WorkItem
from helpdesk.signposting.model import OutgoingMessage

Row = PersonRow | ListRow | ClockEvent | ReferralRow | Activity
"""One row of an extract; an Activity of an extract has its as_at as a date."""


class CallStore(Protocol):
    """Drafts and saved calls of this desk. Every method returns only after its commit; raises StorageError."""

    def put_draft(self, draft: CallDraft) -> None:
        """Makes or replaces the draft with this id. A draft whose call is already saved stays away."""

    def open_drafts(self) -> Sequence[CallDraft]:
        """The drafts of this session's staff at this desk that were never saved, oldest first."""

    def save(self, call: SavedCall, messages: Sequence[OutgoingMessage], work: Sequence[WorkItem], event: AuditEvent) -> None:
        """One transaction: the version, its messages in the outbox, its work items and its audit row go in, the draft
        goes out. Saving the same version again with the same content changes nothing; with other content it raises
        RuleBroken."""

    def calls_of(self, patient: NhsNumber, limit: int = 50) -> Sequence[SavedCall]:
        """The newest version of each call about this patient, latest first."""

    def recent(self, limit: int = 50, *, every_desk: bool = False) -> Sequence[SavedCall]:
        """The newest version of each call of this desk, or of all that share the database, latest first."""

    def call(self, call_id: str) -> SavedCall | None:
        """The newest version of one call."""


class ExtractReading(Protocol):
    """One file being read once: iterating gives its sound rows as they are met, also after a problem, so that one pass
    finds them all. Whoever keeps the rows looks at `profile` after the last one, and throws them away where it holds a
    problem. `provider` and `as_at` are known from the beginning where the first row or the caller says them, else "" and
    None until `profile` says them. Until it is iterated it can be pickled, and is then read in another process."""

    @property
    def kind(self) -> ExtractKind: ...

    @property
    def provider(self) -> str: ...

    @property
    def as_at(self) -> date | None: ...

    @property
    def share(self) -> float:
        """How much of the file was read, 0 to 1, for a progress bar."""

    @property
    def problem_count(self) -> int:
        """How many problems were found so far; with any the file will be refused."""

    def __iter__(self) -> Iterator[Row]:
        """Once only. Raises RuleBroken where the file can no longer be read."""

    def profile(self) -> Profile:
        """What was found, once every row was taken. Raises RuleBroken before that."""


class ExtractReader(Protocol):
    """Reads one file. Both methods stream; neither keeps the file in memory."""

    def profile(self, path: Path, *, kind: ExtractKind | None = None, provider: str | None = None, as_at: date | None = None) -> Profile:
        """Goes through the whole file and says what it is and all that is wrong with it. Raises RuleBroken when it
        is not an extract at all (no header, wrong encoding, kind not recognised, a required column missing)."""

    def rows(self, path: Path, profile: Profile) -> Iterator[Row]:
        """The rows of a file that was profiled without a problem."""

    def read(
        self, path: Path, *, kind: ExtractKind | None = None, provider: str | None = None, as_at: date | None = None
    ) -> ExtractReading:
        """The same as `profile` and `rows` in one pass over the file. Raises RuleBroken as `profile` does."""

    def waiting(self) -> Sequence[Path]:
        """The files now in the instance's folder, oldest name first; empty without a folder."""


Piece = tuple[str, list[tuple[Any, ...]]]
"""Some rows as the store takes them; only the store knows what is in one."""


class Preparation(Protocol):
    """Makes rows ready to be stored, without the store: so another process can. It may hold rows back to sort them."""

    def take(self, rows: Iterable[Row]) -> Iterator[Piece]: ...

    def rest(self) -> Iterator[Piece]:
        """What was held back, once all rows were taken."""


class ImportHistory(Protocol):
    """Who tried to import what, also where nothing came of it. Every method returns only after its commit."""

    def began(self, source: str, by: str) -> int:
        """The number of a new attempt."""

    def staged(self, no: int, snapshot_id: str) -> None:
        """Its rows go under this snapshot."""

    def ended(self, no: int, outcome: ImportOutcome, profile: Profile | None = None, why: str = "", sha256: str = "") -> None:
        """`sha256` also where the file was never read to its end."""

    def attempts(self, limit: int = 500) -> Sequence[ImportAttempt]:
        """The newest first."""


class SnapshotStore(Protocol):
    """Rows are staged under a snapshot that nobody reads; one small transaction makes it live in place of the former
    one of the same kind and provider. Every method returns only after its commit."""

    def stage(self, profile: Profile, as_at: date, provider: str, source: str, imported_by: str) -> str:
        """Opens a snapshot and returns its id."""

    def add(self, snapshot_id: str, rows: Iterable[Row]) -> None:
        """Adds rows in short transactions."""

    def preparation(self, snapshot_id: str) -> Preparation:
        """What makes of rows what `put` takes; it can be pickled until it is used."""

    def put(self, snapshot_id: str, pieces: Iterable[Piece]) -> int:
        """Adds prepared rows, in transactions of a tenth of a second at most, and says how many. Pieces are drawn outside them."""

    def settle(self, snapshot_id: str, profile: Profile, as_at: date) -> None:
        """What the whole file turned out to be, once it was read."""

    def go_live(self, snapshot_id: str, event: AuditEvent, *, any_week: bool = False) -> None:
        """The swap: one row, with its audit row. Raises RuleBroken where a newer one is in use, unless any week will do."""

    def clean(self) -> None:
        """Takes out rows that nobody reads any more, also those that a program which was ended left behind."""

    def discard(self, snapshot_id: str) -> None: ...

    def snapshots(self) -> Sequence[Snapshot]:
        """All that were ever live, newest first."""

    def has(self, sha256: str) -> bool:
        """Whether this very file is live now."""


class WorkItems(Protocol):
    """Work raised and not yet done. Every method returns only after its commit."""

    def raise_item(self, item: WorkItem) -> None:
        """Adds it; the same id twice is one item."""

    def open_items(self, limit: int = 200) -> Sequence[WorkItem]: ...


class SpentItems(Protocol):
    """How many verification items were spent for a patient today, over all calls: five raise an alert."""

    def spend(self, patient: NhsNumber, call_id: str, item: str) -> int:
        """Records one spent item (the same one twice counts once) and returns how many the day holds."""


class Observations(Protocol):
    """Facts kept from sources that forget: the newest answer of each source about each subject."""

    def keep(self, source: str, patient: NhsNumber, key: str, as_at: str, payload: str) -> None:
        """`key` names the subject ("ubrn:…"), `payload` is JSON made by the feature that reads it back."""

    def latest(self, source: str, patient: NhsNumber) -> Sequence[tuple[str, str, str]]:
        """(key, as_at, payload) of the newest observation for each key."""


class Link(Protocol):
    """Another system that is opened in the browser."""

    @property
    def tells_patient(self) -> bool:
        """Whether the other system is given the patient's NHS number."""

    @property
    def host(self) -> str: ...

    def address(self, number: NhsNumber | None) -> str:
        """What the browser is given. Raises a ConnectorError."""
