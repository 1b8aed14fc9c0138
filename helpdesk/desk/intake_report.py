"""The report that lies beside a received file: what became of it, and what to do. It never repeats a value of a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from helpdesk.clock import LONDON
from helpdesk.desk.extracts import Imported
from helpdesk.extracts.model import Problem


def taken(source: str, done: Imported, now: datetime) -> str:
    lines = [
        "This file was taken in." if done.changed else "This file was taken in before; nothing changed.",
        "",
        *_when(source, now),
        f"Kind        {_words(done.kind.value)}",
        *([f"Provider    {done.provider}"] if done.provider else []),
        f"As at       {done.as_at:%d-%b-%Y}",
        f"Rows        {done.rows}",
    ]
    if done.left_out:
        lines += [f"Left out    {done.left_out}: the NHS number in these rows is not verified (its status is not 01)"]
    return _text(lines)


def not_taken(source: str, message: str, problems: Sequence[Problem], count: int, now: datetime) -> str:
    lines = ["This file was refused. Nothing of it was taken in; the file before it stays in use.", "", *_when(source, now)]
    lines += ["", "Why", f"  {message}"]
    if problems:
        lines += ["", f"Problems    {count}" + (f", of which the first {len(problems)} follow" if count > len(problems) else "")]
        lines += [f"  {_place(problem)}: {problem.text}" for problem in problems]
    lines += [
        "",
        "What to do",
        "  Have the file corrected where it was made, not by hand, and send it again.",
        "  A row's number counts the line of headings as 1. No value of any row stands in this report.",
    ]
    return _text(lines)


def _when(source: str, now: datetime) -> list[str]:
    return [f"Came to     {source}", f"Looked at   {now.astimezone(LONDON):%d-%b-%Y %H:%M}"]


def _place(problem: Problem) -> str:
    return ", ".join(part for part in (f"row {problem.row}" if problem.row else "", problem.column) if part) or "the file"


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
