"""`helpdesk extract check`: looks through a file, says what is wrong with it, and proposes a mapping for a new one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.errors import RuleBroken
from helpdesk.extracts.mapping_text import mapping_text
from helpdesk.extracts.model import ExtractKind, Problem, Profile
from helpdesk.extracts.survey import ColumnSeen, Proposal, Survey
from helpdesk.lazy import load


def check(options: Options) -> int:
    """Exits with 1 when the file would be refused, or when a mapping was asked for and part of it could not be found. The
    columns are told where they are asked for, and where the file as it is would be refused."""
    path, mapping, told = file_of(options), mapping_of(options), told_of(options)
    reader = load("helpdesk.composition:extract_reader")(mapping)
    profile, refused = _profiled(reader, path, told)
    wanted = options.flag("columns") or options.text("propose")
    survey: Survey | None = None
    if wanted or (mapping is None and (profile is None or profile.problem_count)):
        survey = reader.survey(path, kind=told["kind"])
    if profile is None and (mapping is not None or survey is None or (survey.proposal is None and not options.flag("columns"))):
        raise refused or RuleBroken("The file cannot be read.", field="file")
    if options.json:
        output.result({**(_survey(survey) if survey else {}), **(_profile(profile) if profile else _no_extract(refused))})
    else:
        _say_profile(profile, refused)
        _say_survey(survey)
    if options.text("propose"):
        return _propose(survey, Path(options.text("propose")))
    return 0 if profile is not None and not profile.problem_count else 1


def _profiled(reader: Any, path: Path, told: dict[str, Any]) -> tuple[Profile | None, RuleBroken | None]:
    """What the file holds, or why it is no extract as it is."""
    try:
        return reader.profile(path, **told), None
    except RuleBroken as refused:
        return None, refused


def _propose(survey: Survey | None, path: Path) -> int:
    proposal = survey.proposal if survey else None
    if proposal is None:
        raise RuleBroken("No mapping can be proposed: too few of its columns are like those of any extract.", field="file")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(mapping_text(proposal))
    except FileExistsError:
        raise RuleBroken("There is a file of that name already; the mapping was not written.", field="propose") from None
    except OSError:
        raise RuleBroken("The mapping cannot be written there.", field="propose") from None
    return 1 if proposal.unknown else 0


def file_of(options: Options) -> Path:
    path = Path(options.text("file"))
    if not path.is_file():
        raise RuleBroken("There is no such file.", field="file")
    return path


def mapping_of(options: Options) -> Path | None:
    return Path(options.text("mapping")) if options.text("mapping") else None


def told_of(options: Options) -> dict[str, Any]:
    """What whoever asks says of the file."""
    kind, as_at = options.text("kind"), options.text("as_at")
    try:
        day = date.fromisoformat(as_at) if as_at else None
    except ValueError:
        raise RuleBroken("--as-at takes a date as YYYY-MM-DD.", field="as_at") from None
    return {"kind": ExtractKind(kind) if kind else None, "provider": options.text("provider") or None, "as_at": day}


def say_problems(problems: tuple[Problem, ...]) -> None:
    for p in problems:
        where = ", ".join(w for w in (f"row {p.row}" if p.row is not None else "", p.column) if w)
        output.problem(f"{where}: {p.text}" if where else p.text)


def _say_profile(profile: Profile | None, refused: RuleBroken | None) -> None:
    if profile is None:
        output.problem(refused.message if refused else "")
        return
    output.say(f"{_words(profile.kind)}: {profile.rows} rows, {profile.problem_count} problems.")
    if profile.extra_columns:
        output.say(f"Columns that are not known: {', '.join(profile.extra_columns)}")
    if profile.not_used:
        output.say(f"Columns that the desk never takes: {', '.join(profile.not_used)}")
    say_problems(profile.problems)


def _say_survey(survey: Survey | None) -> None:
    if survey is None:
        return
    output.table(
        ("Column", "Filled", "Different", "Looks like", "Words"),
        [(c.name, _share(c, survey), _distinct(c), _looks(c), _shown(c)) for c in survey.columns],
    )
    if survey.broken_at is not None:
        output.problem(f"row {survey.broken_at}: the file cannot be read past this row.")
    if survey.proposal is not None:
        _say_proposal(survey.proposal)


def _say_proposal(proposal: Proposal) -> None:
    output.say(f"Proposed mapping, as {_words(proposal.kind)}:")
    output.table(("Ours", "Theirs", "Why"), [(g.ours, g.theirs, g.reason) for g in proposal.guesses])
    if proposal.blank:
        output.say(f"Not found, and blank in every row: {', '.join(proposal.blank)}")
    for ours in proposal.unknown:
        output.problem(f"{ours}: this column is required, and none was found for it.")
    for ours, words in proposal.values.items():
        for theirs, meaning in words.items():
            output.say(f"{ours}: {theirs} means {meaning}" if meaning else f"{ours}: say what {theirs} means")


def _words(kind: ExtractKind) -> str:
    return kind.value.replace("_", " ")


def _share(column: ColumnSeen, survey: Survey) -> str:
    return f"{100 * column.filled // survey.rows} %" if survey.rows else ""


def _distinct(column: ColumnSeen) -> str:
    return "many" if column.distinct is None else str(column.distinct)


def _looks(column: ColumnSeen) -> str:
    return ", ".join(form for form, _ in column.dates) or column.looks


def _shown(column: ColumnSeen) -> str:
    return ", ".join(f"{word} ({rows})" for word, rows in column.values)


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "kind": profile.kind.value,
        "provider": profile.provider,
        "as_at": profile.as_at.isoformat() if profile.as_at else None,
        "rows": profile.rows,
        "extra_columns": list(profile.extra_columns),
        "not_used": list(profile.not_used),
        "left_out": profile.left_out,
        "problem_count": profile.problem_count,
        "problems": [{"row": p.row, "column": p.column, "text": p.text} for p in profile.problems],
    }


def _no_extract(refused: RuleBroken | None) -> dict[str, Any]:
    return {"kind": None, "problem_count": 1, "problems": [{"row": 1, "column": "", "text": refused.message if refused else ""}]}


def _survey(survey: Survey) -> dict[str, Any]:
    return {
        "rows": survey.rows,
        "broken_at": survey.broken_at,
        "columns": [
            {
                "name": c.name,
                "filled": c.filled,
                "distinct": c.distinct,
                "looks": c.looks,
                "dates": [{"form": form, "rows": n} for form, n in c.dates],
                "values": [{"value": word, "rows": n} for word, n in c.values],
            }
            for c in survey.columns
        ],
        "proposal": _proposal(survey.proposal) if survey.proposal else None,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "kind": proposal.kind.value,
        "delimiter": proposal.delimiter,
        "encoding": proposal.encoding,
        "dates": list(proposal.dates),
        "missing_dates": list(proposal.missing_dates),
        "columns": [{"ours": g.ours, "theirs": g.theirs, "reason": g.reason} for g in proposal.guesses],
        "unknown": list(proposal.unknown),
        "blank": list(proposal.blank),
        "values": {ours: dict(words) for ours, words in proposal.values.items()},
    }
