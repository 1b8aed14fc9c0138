"""Who tried to import what, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files


class ImportOutcome(StrEnum):
    RUNNING = "running"
    LIVE = "imported"
    UNCHANGED = "unchanged"
    """This very file was in use already."""
    REFUSED = "refused"
    CANCELLED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The program was ended while it ran."""


@dataclass(frozen=True)
class ImportAttempt:
    """One import that somebody began. `kind` and `provider` are "" and `as_at` None where the file did not say; `why` is one
    word or two for a refusal, such as "older"; `sha256` is the fingerprint of the file, "" where it was never read to its end."""

    kind: str
    provider: str
    as_at: date | None
    rows: int
    left_out: int
    problems: int
    sha256: str
    source: str
    by: str
    began: datetime
    ended: datetime | None
    outcome: ImportOutcome
    why: str = ""


@dataclass(frozen=True)
class ImportLimits:
    """`former_weeks` is how many weeks a replaced list stays. A file whose rows are less than `least_share` of the one in
    use, or more than `most_share`, is refused until somebody says that it is right; below `from_rows` rows nothing is compared."""

    former_weeks: int
    least_share: float
    most_share: float
    from_rows: int


@cache
def import_limits() -> ImportLimits:
    text = files("resources").joinpath("reference", "import_limits.json").read_text(encoding="utf-8")
    held = json.loads(text)
    return ImportLimits(**{name: held[name] for name in ("former_weeks", "least_share", "most_share", "from_rows")})
