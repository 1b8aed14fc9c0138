"""`helpdesk extract …`: looking through, importing and listing files from practices and providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpdesk.cli import output
from helpdesk.cli.extract_check import file_of, mapping_of, say_problems, told_of
from helpdesk.cli.opening import opened
from helpdesk.cli.options import Options
from helpdesk.desk.extracts import Imported
from helpdesk.errors import RuleBroken
from helpdesk.extracts.history import ImportAttempt, ImportOutcome
from helpdesk.extracts.model import Snapshot
from helpdesk.lazy import load

_WORTH_TELLING = 20_000


def import_file(options: Options) -> int:
    start = options.start()
    path, mapping, told = file_of(options), mapping_of(options), told_of(options)
    with opened(options, start) as services:
        services.before_showing("extract import")
        try:
            reader = load("helpdesk.composition:extract_reader")(mapping) if mapping else services.reader
            snapshot: Imported = services.extracts.import_file(
                reader, path, source="command line", any_size=options.flag("any_size"), progress=_telling(options), **told
            )
        except RuleBroken as refused:
            say_problems(getattr(refused, "problems", ()))
            raise
    if options.json:
        output.result({**_snapshot(snapshot), "changed": snapshot.changed, "left_out": snapshot.left_out, "message": snapshot.message})
    else:
        output.say(f"{snapshot.message} {snapshot.kind.value.replace('_', ' ').capitalize()} as at {snapshot.as_at:%d-%b-%Y}.")
    return 0


def take(options: Options) -> int:
    """Exits with 1 when a file was refused, or a message cannot be read. No file's name is told: it may name a person."""
    start = options.start()
    with opened(options, start, reason="received files", takes_files=True) as services:
        services.before_showing("extract take")
        with services.intake() as intake:
            made = intake.take_once()
            changing, unreadable = intake.changing, intake.unreadable
    refused = sum(one.verdict == "refused" for one in made)
    if options.json:
        files = [{"source": one.source, "result": one.verdict.value, "message": one.message} for one in made]
        output.result({"files": files, "still_changing": changing, "unreadable_messages": unreadable})
    else:
        output.table(("Source", "Result", "Words"), [(one.source, one.verdict.value, one.message) for one in made])
        output.say(_counted(len(made) - refused, refused) + (" Something is still being written, and waits." if changing else ""))
    return 1 if refused or unreadable else 0


def _counted(good: int, refused: int) -> str:
    if not good and not refused:
        return "Nothing waits."
    return f"{good} taken, {refused} refused." + (" Each report says why." if refused else "")


def listing(options: Options) -> int:
    """What is or was in use, and what was refused, stopped or broken off, the newest first."""
    start = options.start()
    with opened(options, start, reason="list of imports") as services:
        made = [_snapshot(s) | {"outcome": ImportOutcome.LIVE.value, "why": ""} for s in services.snapshots()]
        made += [_attempt(a) for a in services.extracts.attempts() if a.outcome not in (ImportOutcome.LIVE, ImportOutcome.UNCHANGED)]
    made.sort(key=lambda one: str(one["imported"]), reverse=True)
    if options.json:
        output.result(made)
        return 0
    columns = ("kind", "provider", "as_at", "rows", "imported", "imported_by", "live", "outcome", "why")
    output.table(
        ("Kind", "Provider", "As at", "Rows", "Imported", "By", "Live", "Outcome", "Why"),
        [tuple(_shown(one[column]) for column in columns) for one in made],
    )
    return 0


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "kind": snapshot.kind.value,
        "provider": snapshot.provider,
        "as_at": snapshot.as_at.isoformat(),
        "rows": snapshot.rows,
        "imported": snapshot.imported.isoformat(timespec="seconds"),
        "imported_by": snapshot.imported_by,
        "live": snapshot.live,
    }


def _attempt(attempt: ImportAttempt) -> dict[str, Any]:
    return {
        "id": None,
        "kind": attempt.kind,
        "provider": attempt.provider,
        "as_at": attempt.as_at.isoformat() if attempt.as_at else None,
        "rows": attempt.rows,
        "imported": attempt.began.isoformat(timespec="seconds"),
        "imported_by": attempt.by,
        "live": False,
        "outcome": attempt.outcome.value,
        "why": attempt.why,
    }


def _telling(options: Options) -> Callable[[int, int], None] | None:
    """How far a large file is, each tenth of it."""
    if options.json:
        return None
    told = -1

    def tell(done: int, expected: int) -> None:
        nonlocal told
        tenth = 10 * done // max(expected, 1)
        if tenth > told and expected > _WORTH_TELLING:
            told = tenth
            output.problem(f"{done:,} of about {expected:,} rows")

    return tell
