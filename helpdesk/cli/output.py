"""Where the command line's words go: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def problem(text: str) -> None:
    """One line, whatever the text holds."""
    sys.stderr.write(f"helpdesk: {' '.join(text.split())}\n")
    sys.stderr.flush()


def result(value: Any) -> None:
    """One JSON document on one line."""
    say(json.dumps(value, ensure_ascii=False))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    lines = [tuple(heads), *(tuple(r) for r in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    for line in lines:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
