"""Imports extracts: whole or not at all, never an older one over a newer, each import and each refusal on record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock, london_day
from helpdesk.desk.import_refusals import ExtractRefused, ImportCancelled, came_of, refused, told
from helpdesk.desk.ports import ExtractReader, ExtractReading, ImportHistory, Piece, Preparation, SnapshotStore
from helpdesk.desk.preparing import Here, Preparing, apart
from helpdesk.errors import RuleBroken
from helpdesk.extracts.history import ImportAttempt, ImportLimits, ImportOutcome, import_limits
from helpdesk.extracts.model import ExtractKind, Profile, Snapshot

_SHORT = 12
"""How much of a fingerprint stands in the audit: enough to tell files apart."""
APART_FROM_BYTES = 4_000_000
"""A file so large is read in a process of its own; a smaller one is read before that process is up."""


@dataclass(frozen=True)
class Imported(Snapshot):
    """The snapshot that now stands for the file. `changed` is False where this very file was live already;
    `left_out` counts rows whose NHS number is not verified; `message` says what was done."""

    changed: bool = True
    left_out: int = 0
    message: str = ""


@dataclass(frozen=True)
class Said:
    """What whoever imports a file says of it."""

    kind: ExtractKind | None
    provider: str | None
    as_at: date | None
    source: str
    any_size: bool
    any_week: bool


@dataclass(frozen=True)
class Watch:
    """How an import is followed, and stopped."""

    progress: Callable[[int, int], None] | None
    cancelled: Callable[[], bool] | None

    def stop(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise ImportCancelled("The import was stopped; nothing changed.")

    def told(self, done: int, expected: int) -> None:
        if self.progress is not None:
            self.progress(done, expected)


@dataclass
class _Run:
    """One import: its number in the history, the snapshot that its rows go under, and what is known of the file."""

    no: int
    staged: str = ""
    profile: Profile | None = None
    sha256: str = ""


class ExtractImport:
    """The import of extracts by one member of staff."""

    def __init__(
        self,
        store: SnapshotStore,
        audit: AuditTrail,
        session: Session,
        clock: Clock,
        history: ImportHistory | None = None,
        limits: ImportLimits | None = None,
    ) -> None:
        self._store = store
        self._audit = audit
        self._session = session
        self._clock = clock
        self._history = history
        self._limits = limits or import_limits()

    def check(
        self, reader: ExtractReader, path: Path, *, kind: ExtractKind | None = None, provider: str | None = None, as_at: date | None = None
    ) -> Profile:
        """A look through the whole file that changes nothing. Raises RuleBroken when it is no extract at all."""
        return reader.profile(path, kind=kind, provider=provider, as_at=as_at)

    def tidy(self) -> None:
        """Takes out what an import left whose program was ended."""
        self._store.clean()

    def attempts(self) -> tuple[ImportAttempt, ...]:
        """Every import that somebody began, also those that were refused or stopped, the newest first."""
        return tuple(self._history.attempts()) if self._history else ()

    def import_file(
        self,
        reader: ExtractReader,
        path: Path,
        *,
        kind: ExtractKind | None = None,
        provider: str | None = None,
        as_at: date | None = None,
        source: str,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        any_size: bool = False,
        any_week: bool = False,
    ) -> Imported:
        """Puts the file in the place of the live one of its kind and provider. `progress` is told rows done and rows
        expected, reckoned from how much of the file is read. With `any_size` a file much smaller or larger than the one
        in use is taken too, with `any_week` also an older one (the practice area, whose days move).
        Raises ExtractRefused, ImportCancelled, or RuleBroken where this role may not import or the
        file is no extract; StorageError where it cannot be kept. The former snapshot stays live in every such case."""
        require(self._session, Action.IMPORT_EXTRACTS)
        said, watch = Said(kind, provider, as_at, source, any_size, any_week), Watch(progress, cancelled)
        run = _Run(self._history.began(source, self._session.staff.name) if self._history else 0)
        try:
            return self._import(reader, path, said, watch, run)
        except BaseException as error:
            try:
                self._put_on_record(run, error)
            finally:
                # last, because it takes a while: what was staged is taken out again
                if run.staged:
                    self._store.discard(run.staged)
            raise

    def _put_on_record(self, run: _Run, error: BaseException) -> None:
        outcome, why, profile = came_of(error)
        profile = profile or run.profile
        self._audit.record(self._event(AuditAction.EXTRACT_REFUSED, profile, why=why))
        self._ended(run, outcome, profile, why)

    def _import(self, reader: ExtractReader, path: Path, said: Said, watch: Watch, run: _Run) -> Imported:
        sha256 = run.sha256 = fingerprint(path)
        if (same := self._live_already(sha256)) is not None:
            self._ended(run, ImportOutcome.UNCHANGED, _profile_of(same))
            return _imported(same, changed=False, message="This very file is imported already; nothing changed.")
        reading = _opened(reader, path, said)
        so_far = run.profile = Profile(reading.kind, reading.provider, reading.as_at, 0, sha256)
        if reading.as_at is not None:
            self._check_day(so_far, reading.as_at, said)
        day = reading.as_at or london_day(self._clock.now())
        run.staged = self._store.stage(so_far, day, so_far.provider, said.source, self._session.staff.name)
        if self._history:
            self._history.staged(run.no, run.staged)
        profile, taken = self._stage_rows(run.staged, reading, path, watch)
        self._go_live(run.staged, profile, taken, sha256, said)
        self._ended(run, ImportOutcome.LIVE, profile)
        made = next(s for s in self._store.snapshots() if s.id == run.staged)
        return _imported(made, changed=True, left_out=profile.left_out, message=f"Imported {taken} rows.")

    def _live_already(self, sha256: str) -> Snapshot | None:
        if not sha256 or not self._store.has(sha256):
            return None
        return next((s for s in self._store.snapshots() if s.live and s.sha256 == sha256), None)

    def _stage_rows(self, snapshot_id: str, reading: ExtractReading, path: Path, watch: Watch) -> tuple[Profile, int]:
        """Every row under a snapshot that nobody reads, while the file is looked through; how many there were."""
        with _preparing(reading, self._store.preparation(snapshot_id), path) as preparing:
            taken = self._store.put(snapshot_id, _pieces(preparing, watch))
            profile = preparing.profile()
        watch.stop()
        watch.told(profile.rows, profile.rows)
        return profile, taken

    def _go_live(self, snapshot_id: str, profile: Profile, taken: int, sha256: str, said: Said) -> None:
        """Only what is sound from end to end, and no older than what is in use."""
        if profile.problem_count:
            raise refused(profile, told(profile), "problems")
        if profile.sha256 != sha256:
            raise refused(profile, "The file was changed while it was being read. Import it again.", "changed")
        day = profile.as_at or said.as_at
        if day is None:
            raise refused(profile, "Say which day this file is for: a persons file does not hold it.", "no day", field="as_at")
        self._check_day(profile, day, said)
        if taken != profile.rows - profile.left_out:
            raise refused(profile, "The file gave other rows than were counted in it. Nothing changed; import it again.", "other rows")
        self._check_size(profile, said)
        self._store.settle(snapshot_id, profile, day)
        self._store.go_live(snapshot_id, self._event(AuditAction.EXTRACT_IMPORTED, profile, taken=str(taken)), any_week=said.any_week)

    def _check_day(self, profile: Profile, day: date, said: Said) -> None:
        if day > london_day(self._clock.now()):
            raise refused(profile, "The day of this file is in the future.", "future", field="as_at")
        live = self._in_use(profile)
        if live is not None and day < live.as_at and not said.any_week:
            raise refused(profile, f"A newer one is in use already, for {live.as_at:%d-%b-%Y}.", "older", field="as_at")

    def _check_size(self, profile: Profile, said: Said) -> None:
        live, limits = self._in_use(profile), self._limits
        if live is None or said.any_size or max(live.rows, profile.rows) < limits.from_rows:
            return
        now = profile.rows - profile.left_out
        if not live.rows * limits.least_share <= now <= live.rows * limits.most_share:
            message = f"It holds {now} rows and the one in use {live.rows}. If that is right, import it as a file of any size."
            raise refused(profile, message, "row count")

    def _in_use(self, profile: Profile) -> Snapshot | None:
        return next((s for s in self._store.snapshots() if s.live and (s.kind, s.provider) == (profile.kind, profile.provider)), None)

    def _ended(self, run: _Run, outcome: ImportOutcome, profile: Profile | None, why: str = "") -> None:
        if self._history:
            self._history.ended(run.no, outcome, profile, why, run.sha256)

    def _event(self, action: AuditAction, profile: Profile | None, **more: str) -> AuditEvent:
        if profile is None:
            return AuditEvent(action, details=more)
        facts = {
            "sha256": profile.sha256[:_SHORT],
            "kind": profile.kind.value,
            "provider": profile.provider,
            "rows": str(profile.rows),
            "left_out": str(profile.left_out),
            "problems": str(profile.problem_count),
        }
        return AuditEvent(action, details={**facts, **more})


def _opened(reader: ExtractReader, path: Path, said: Said) -> ExtractReading:
    try:
        return reader.read(path, kind=said.kind, provider=said.provider, as_at=said.as_at)
    except RuleBroken as error:
        raise ExtractRefused(error.message, field=error.field, why="not an extract") from None


def _preparing(reading: ExtractReading, preparation: Preparation, path: Path) -> AbstractContextManager[Preparing]:
    if path.stat().st_size < APART_FROM_BYTES:
        return nullcontext(Here(reading, preparation))
    return apart(reading, preparation)


def _pieces(preparing: Preparing, watch: Watch) -> Iterator[Piece]:
    for prepared in preparing.pieces(watch.stop):
        watch.stop()
        if prepared.piece is not None:
            yield prepared.piece
        watch.told(prepared.read, max(prepared.read, round(prepared.read / max(prepared.share, 1e-6))))


def fingerprint(path: Path) -> str:
    """The SHA-256 of the whole file; "" where it cannot be read, which its reading says in words."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _profile_of(snapshot: Snapshot) -> Profile:
    return Profile(snapshot.kind, snapshot.provider, snapshot.as_at, snapshot.rows, snapshot.sha256)


def _imported(snapshot: Snapshot, *, changed: bool, message: str, left_out: int = 0) -> Imported:
    held = {f.name: getattr(snapshot, f.name) for f in fields(Snapshot)}
    return Imported(**held, changed=changed, left_out=left_out, message=message)


__all__ = ["ExtractImport", "ExtractRefused", "ImportCancelled", "Imported", "fingerprint"]
