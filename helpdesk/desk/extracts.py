"""Imports extracts: whole or not at all, never an older one over a newer, each import and each refusal on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from itertools import islice
from pathlib import Path

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock, london_day
from helpdesk.desk.ports import ExtractReader, Row, SnapshotStore
from helpdesk.errors import RuleBroken
from helpdesk.extracts.model import ExtractKind, Problem, Profile, Snapshot

_AT_ONCE = 1_000
_SHORT = 12
"""How much of a fingerprint stands in the audit: enough to tell files apart."""


class ExtractRefused(RuleBroken):
    """The file was not imported and nothing changed. `problems` are the first of those found, `problem_count` all."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = (), problem_count: int = 0, *, field: str | None = "file") -> None:
        super().__init__(message, field=field)
        self.problems = problems
        self.problem_count = problem_count


class ImportCancelled(RuleBroken):
    """The person who started the import stopped it; nothing changed."""


@dataclass(frozen=True)
class Imported(Snapshot):
    """The snapshot that now stands for the file. `changed` is False where this very file was live already;
    `left_out` counts rows whose NHS number is not verified; `message` says what was done."""

    changed: bool = True
    left_out: int = 0
    message: str = ""


class ExtractImport:
    """The import of extracts by one member of staff."""

    def __init__(self, store: SnapshotStore, audit: AuditTrail, session: Session, clock: Clock) -> None:
        self._store = store
        self._audit = audit
        self._session = session
        self._clock = clock

    def check(
        self, reader: ExtractReader, path: Path, *, kind: ExtractKind | None = None, provider: str | None = None, as_at: date | None = None
    ) -> Profile:
        """A look through the whole file that changes nothing. Raises RuleBroken when it is no extract at all."""
        return reader.profile(path, kind=kind, provider=provider, as_at=as_at)

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
    ) -> Imported:
        """Puts the file in the place of the live one of its kind and provider. `progress` is told rows done and rows in
        all. Raises ExtractRefused, ImportCancelled, or RuleBroken where this role may not import or the file is no
        extract; StorageError where it cannot be kept. The former snapshot stays live in every such case."""
        require(self._session, Action.IMPORT_EXTRACTS)
        try:
            profile = reader.profile(path, kind=kind, provider=provider, as_at=as_at)
        except RuleBroken:
            self._record_refusal(None, "not an extract")
            raise
        already = self._live_already(profile)
        if already is not None:
            return already
        day = self._accepted(profile, as_at)
        return self._import(reader, path, profile, day, source, progress, cancelled)

    def _live_already(self, profile: Profile) -> Imported | None:
        if profile.problem_count or not self._store.has(profile.sha256):
            return None
        same = next((s for s in self._store.snapshots() if s.live and s.sha256 == profile.sha256), None)
        return _imported(same, profile, changed=False, message="This very file is imported already; nothing changed.") if same else None

    def _accepted(self, profile: Profile, as_at: date | None) -> date:
        """The day that the file is for. Raises ExtractRefused, after its audit row, where it may not be imported."""
        if profile.problem_count:
            raise self._refused(profile, _told(profile), "problems")
        day = profile.as_at or as_at
        if day is None:
            raise self._refused(profile, "Say which day this file is for: a persons file does not hold it.", "no day", field="as_at")
        if day > london_day(self._clock.now()):
            raise self._refused(profile, "The day of this file is in the future.", "future", field="as_at")
        live = next((s for s in self._store.snapshots() if s.live and (s.kind, s.provider) == (profile.kind, profile.provider)), None)
        if live is not None and day < live.as_at:
            raise self._refused(profile, f"A newer one is in use already, for {live.as_at:%d-%b-%Y}.", "older", field="as_at")
        return day

    def _import(
        self,
        reader: ExtractReader,
        path: Path,
        profile: Profile,
        day: date,
        source: str,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> Imported:
        snapshot_id = self._store.stage(profile, day, profile.provider, source, self._session.staff.name)
        try:
            done = self._stage_rows(snapshot_id, reader.rows(path, profile), profile.rows - profile.left_out, progress, cancelled)
            self._store.go_live(snapshot_id, self._event(AuditAction.EXTRACT_IMPORTED, profile, taken=str(done)))
        except BaseException as error:
            self._store.discard(snapshot_id)
            self._record_refusal(profile, "stopped" if isinstance(error, ImportCancelled) else "failed")
            raise
        made = next(s for s in self._store.snapshots() if s.id == snapshot_id)
        return _imported(made, profile, changed=True, message=f"Imported {done} rows.")

    def _stage_rows(
        self,
        snapshot_id: str,
        rows: Iterator[Row],
        expected: int,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> int:
        """Adds all rows, some at a time, and returns how many there were. Raises ImportCancelled."""
        done = 0
        for batch in _batches(rows):
            _stop_if(cancelled)
            self._store.add(snapshot_id, batch)
            done += len(batch)
            if progress is not None:
                progress(done, expected)
        _stop_if(cancelled)
        if done != expected:
            raise ExtractRefused("The file gave other rows than were counted in it. Nothing changed; import it again.")
        return done

    def _refused(self, profile: Profile, message: str, why: str, *, field: str = "file") -> ExtractRefused:
        self._record_refusal(profile, why)
        return ExtractRefused(message, profile.problems, profile.problem_count, field=field)

    def _record_refusal(self, profile: Profile | None, why: str) -> None:
        if profile is None:
            self._audit.record(AuditEvent(AuditAction.EXTRACT_REFUSED, details={"why": why}))
        else:
            self._audit.record(self._event(AuditAction.EXTRACT_REFUSED, profile, why=why))

    def _event(self, action: AuditAction, profile: Profile, **more: str) -> AuditEvent:
        facts = {
            "sha256": profile.sha256[:_SHORT],
            "kind": profile.kind.value,
            "provider": profile.provider,
            "rows": str(profile.rows),
            "left_out": str(profile.left_out),
            "problems": str(profile.problem_count),
        }
        return AuditEvent(action, details={**facts, **more})


def _told(profile: Profile) -> str:
    """The refusal in one sentence, with where the first problem is."""
    first = profile.problems[0]
    where = ", ".join(part for part in (f"row {first.row}" if first.row else "", first.column) if part)
    count = "one problem" if profile.problem_count == 1 else f"{profile.problem_count} problems, first"
    return f"The file was refused and nothing changed: {count} at {where or 'the file'}: {first.text}"


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch


def _stop_if(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise ImportCancelled("The import was stopped; nothing changed.")


def _imported(snapshot: Snapshot, profile: Profile, *, changed: bool, message: str) -> Imported:
    held = {f.name: getattr(snapshot, f.name) for f in fields(Snapshot)}
    return Imported(**held, changed=changed, left_out=profile.left_out, message=message)
