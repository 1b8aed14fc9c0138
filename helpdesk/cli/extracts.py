"""`helpdesk extract …`: looking through, importing and listing files from practices and providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpdesk.cli import output
from helpdesk.cli.opening import opened
from helpdesk.cli.options import Options
from helpdesk.desk.extracts import Imported
from helpdesk.errors import RuleBroken
from helpdesk.extracts.model import ExtractKind, Problem, Profile, Snapshot
from helpdesk.lazy import load


def check(options: Options) -> int:
    """Exits with 1 when the file would be refused."""
    reader = load("helpdesk.composition:extract_reader")()
    profile: Profile = reader.profile(_file(options), **_told(options))
    if options.json:
        output.result(_profile(profile))
    else:
        output.say(f"{profile.kind.value.replace('_', ' ')}: {profile.rows} rows, {profile.problem_count} problems.")
        if profile.extra_columns:
            output.say(f"Columns that are not used: {', '.join(profile.extra_columns)}")
        _say_problems(profile.problems)
    return 1 if profile.problem_count else 0


def import_file(options: Options) -> int:
    start = options.start()
    path, told = _file(options), _told(options)
    with opened(options, start) as services:
        services.before_showing("extract import")
        try:
            snapshot: Imported = services.extracts.import_file(services.reader, path, source="command line", **told)
        except RuleBroken as refused:
            _say_problems(getattr(refused, "problems", ()))
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
    start = options.start()
    with opened(options, start, reason="list of imports") as services:
        snapshots = list(services.snapshots())
    if options.json:
        output.result([_snapshot(s) for s in snapshots])
        return 0
    output.table(
        ("Kind", "Provider", "As at", "Rows", "Imported", "By", "Live"),
        [
            (
                s.kind.value,
                s.provider,
                s.as_at.isoformat(),
                str(s.rows),
                f"{s.imported:%Y-%m-%d %H:%M}",
                s.imported_by,
                "yes" if s.live else "no",
            )
            for s in snapshots
        ],
    )
    return 0


def _file(options: Options) -> Path:
    path = Path(options.text("file"))
    if not path.is_file():
        raise RuleBroken("There is no such file.", field="file")
    return path


def _told(options: Options) -> dict[str, Any]:
    kind, as_at = options.text("kind"), options.text("as_at")
    try:
        day = date.fromisoformat(as_at) if as_at else None
    except ValueError:
        raise RuleBroken("--as-at takes a date as YYYY-MM-DD.", field="as_at") from None
    return {"kind": ExtractKind(kind) if kind else None, "provider": options.text("provider") or None, "as_at": day}


def _say_problems(problems: tuple[Problem, ...]) -> None:
    for p in problems:
        where = ", ".join(w for w in (f"row {p.row}" if p.row is not None else "", p.column) if w)
        output.problem(f"{where}: {p.text}" if where else p.text)


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "kind": profile.kind.value,
        "provider": profile.provider,
        "as_at": profile.as_at.isoformat() if profile.as_at else None,
        "rows": profile.rows,
        "extra_columns": list(profile.extra_columns),
        "problem_count": profile.problem_count,
        "problems": [{"row": p.row, "column": p.column, "text": p.text} for p in profile.problems],
    }


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
