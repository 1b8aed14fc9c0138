"""A range of further waiting, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class BackTest:
    """How the same way of reckoning did on months that are over: `months` tested, and the share of people (0 to 1) who
    came off the list within the range that would have been shown, that is within its `three_quarters_within_weeks`."""

    months: int
    inside: float
    people: int
    within_half: float | None = None
    """The share who came off within `half_within_weeks`; the same way of reckoning says 0.5 here and 0.75 for `inside`."""


@dataclass(frozen=True)
class WaitRange:
    """Of people who had waited about as long: half came off the list within `half_within_weeks`, a quarter took longer
    than `three_quarters_within_weeks`; rounded to 2 weeks below 26, else to 4. `based_on` says in one sentence whose
    counts and which months; `borrowed` that a small list was filled up from the country's. Never a mean, never a date."""

    half_within_weeks: int
    three_quarters_within_weeks: int
    based_on: str
    as_at: date
    borrowed: bool = False
    back_test: BackTest | None = None
    quarter_within_weeks: int | None = None


@dataclass(frozen=True)
class WaitAnswer:
    """For one pathway: the range, or in plain words why there is no reliable figure. Exactly one is set."""

    range: WaitRange | None = None
    why_not: str = ""
    words: tuple[str, ...] = ()
    """What may be said to the caller, one sentence each; empty where nothing is said."""
    wording: str = ""
    """The version of those words, for the record of what was said."""
    missing: str = ""
    """Why the words may not be said although there is a figure, as "nobody has signed these words off"."""
