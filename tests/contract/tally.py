"""What was checked of each service, for the table at the end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Count:
    operations: set[str] = field(default_factory=set)
    requests: int = 0
    replies: int = 0
    stub_replies: int = 0
    prism: str = "no"
    note: str = ""


COUNTS: defaultdict[str, Count] = defaultdict(Count)


def table() -> list[str]:
    """The lines of the table, a service a line."""
    heads = ("service", "operations used", "requests validated", "replies mapped", "stub replies validated", "Prism")
    rows = [
        (name, str(len(c.operations)), str(c.requests), str(c.replies), str(c.stub_replies), c.prism + (f" ({c.note})" if c.note else ""))
        for name, c in sorted(COUNTS.items())
    ]
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows)]
