"""The referral-to-treatment clock: days and week bands by the exact rules, on dates only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

OPEN_BAND = "104+"
MARKS_WEEKS = (18, 52, 65, 78, 104)
RESTARTED = "11"
"""A new clock after active monitoring."""
NEW_CONDITION = "12"
"""A new pathway: a consultant's referral for a separate condition."""
TRANSFERRED = "21"
"""The same clock, at another provider."""


class ClockEffect(StrEnum):
    """What a referral-to-treatment status says of the 18-week clock."""

    RUNNING = "running"
    STOPPED = "stopped"
    NONE = "none"
    UNKNOWN = "unknown"


def _reference(name: str) -> Any:
    return json.loads((files("resources") / "reference" / name).read_text(encoding="utf-8"))


@cache
def _thresholds() -> tuple[Mapping[str, Any], ...]:
    return tuple(_reference("rtt_thresholds.json")["thresholds"])


def threshold_days(name: str, day: date | None = None) -> int:
    """The last day, the clock start being day 0, that is within this threshold as it stood on `day` (None: as it is
    last known). Raises LookupError where no such threshold was in force."""
    in_force = [
        t
        for t in _thresholds()
        if t["id"] == name and (day is None or (t["from"] <= day.isoformat() and (t["to"] is None or day.isoformat() <= t["to"])))
    ]
    if not in_force:
        raise LookupError(f"no threshold {name} on {day}")
    return int(max(in_force, key=lambda t: str(t["from"]))["days"])


def days_between(start: date, end: date) -> int:
    """Calendar days, the same day being 0; negative when the end lies before the start."""
    return (end - start).days


def weeks_band(days: int) -> str:
    """The week band in which that many days are reported: "0" holds 0 to 7 days, "1" 8 to 14, the last is "104+".

    Source: NHS England, Recording and reporting RTT waiting times, v5.0. Raises ValueError below 0.
    """
    if days < 0:
        raise ValueError("a wait has no fewer than 0 days")
    if days > threshold_days("last_closed_band"):
        return OPEN_BAND
    return "0" if days <= 7 else str(-(-days // 7) - 1)


def within_18_weeks(days: int) -> bool:
    return days <= threshold_days("within_18_weeks")


def is_over(days: int, weeks: int) -> bool:
    """Whether that many days are over 18, 52, 65, 78 or 104 weeks. Raises LookupError for another number of weeks."""
    return days > threshold_days(f"within_{weeks}_weeks")


def mark_18_weeks(start: date) -> date:
    """The last day that is still within 18 weeks."""
    return start + timedelta(days=threshold_days("within_18_weeks"))


@cache
def status_effects() -> Mapping[str, ClockEffect]:
    """The clock effect of each referral-to-treatment status code. Source: rtt_status_codes.json, each code with its own."""
    return {c["code"]: ClockEffect(c["clock"]) for c in _reference("rtt_status_codes.json")["codes"]}


@cache
def status_moves() -> Mapping[str, str]:
    """What each status code does to the clock: starts, starts_again, starts_apart, goes_on, moves, stops, monitors,
    nullifies, none, unknown. Source: rtt_status_codes.json."""
    return {c["code"]: c["does"] for c in _reference("rtt_status_codes.json")["codes"]}


def clock_effect(status: str) -> ClockEffect:
    """What this status says of the clock; a code that is not one of the 17 says nothing."""
    return status_effects().get(status.strip(), ClockEffect.UNKNOWN)
