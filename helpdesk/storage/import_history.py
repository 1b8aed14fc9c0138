"""Every import that somebody began, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, update

from helpdesk.clock import Clock
from helpdesk.extracts.history import ImportAttempt, ImportOutcome
from helpdesk.extracts.model import Profile
from helpdesk.storage.database import Database
from helpdesk.storage.extract_records import AttemptRecord

_AS_THEY_ARE = ("kind", "provider", "as_at", "rows", "left_out", "problems", "sha256", "source", "by", "began", "ended", "why")


class SqlImportHistory:
    """The history of imports (ImportHistory)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def began(self, source: str, by: str) -> int:
        record = AttemptRecord(
            snapshot_id=None,
            kind="",
            provider="",
            as_at=None,
            rows=0,
            left_out=0,
            problems=0,
            sha256="",
            source=source,
            by=by,
            began=self._clock.now(),
            ended=None,
            outcome=ImportOutcome.RUNNING.value,
            why="",
        )
        with self._database.begin() as transaction:
            transaction.add(record)
        return record.no

    def staged(self, no: int, snapshot_id: str) -> None:
        self._change(no, {"snapshot_id": snapshot_id})

    def ended(self, no: int, outcome: ImportOutcome, profile: Profile | None = None, why: str = "", sha256: str = "") -> None:
        """A file that lies there and is refused for the same reason each time it is looked at stands here once."""
        facts = {"sha256": sha256, **(_facts(profile) if profile else {})}
        self._change(no, {"outcome": outcome.value, "why": why, "ended": self._clock.now(), **facts})
        if outcome is ImportOutcome.REFUSED and sha256:
            self._once(no)

    def _once(self, no: int) -> None:
        with self._database.begin() as transaction:
            one = transaction.get_one(AttemptRecord, no)
            same = [getattr(AttemptRecord, name) == getattr(one, name) for name in ("source", "by", "sha256", "outcome", "why")]
            if transaction.scalar(select(AttemptRecord.no).where(AttemptRecord.no < no, *same).limit(1)) is not None:
                transaction.delete(one)

    def attempts(self, limit: int = 500) -> Sequence[ImportAttempt]:
        newest = select(AttemptRecord).order_by(AttemptRecord.no.desc()).limit(limit)
        with self._database.read() as transaction:
            return tuple(_attempt(record) for record in transaction.scalars(newest))

    def _change(self, no: int, values: dict[str, object]) -> None:
        with self._database.begin() as transaction:
            transaction.execute(update(AttemptRecord).where(AttemptRecord.no == no).values(values))


def _facts(profile: Profile) -> dict[str, str | int | date | None]:
    return {
        "kind": profile.kind.value,
        "provider": profile.provider,
        "as_at": profile.as_at,
        "rows": profile.rows,
        "left_out": profile.left_out,
        "problems": profile.problem_count,
        "sha256": profile.sha256,
    }


def _attempt(record: AttemptRecord) -> ImportAttempt:
    return ImportAttempt(outcome=ImportOutcome(record.outcome), **{name: getattr(record, name) for name in _AS_THEY_ARE})
