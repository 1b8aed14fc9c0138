"""Shapes of JSON, written down as data: what a value must be, compared whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

TEXT = re.compile(r"(?s).*")
WORDS = re.compile(r"(?s).*\S.*")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
TIME = re.compile(r"\d\d:\d\d")
NUMBER = re.compile(r"\d{10}")


@dataclass(frozen=True)
class OneOf:
    """Any of these: shapes, or the very values True, False, None and texts given as `Exactly`."""

    shapes: tuple[Any, ...]


@dataclass(frozen=True)
class Exactly:
    value: Any


def one_of(*shapes: Any) -> OneOf:
    return OneOf(shapes)


MOMENT = one_of(DATE, INSTANT)
GAP_KINDS = (
    "not_received not_booked deferred_overdue rejected_no_action cancelled_not_rebooked missed_not_rebooked "
    "date_passed_no_outcome no_activity left_list_without_stop held_twice"
)
STATUS = {
    "nhs_number": NUMBER,
    "restricted": bool,
    "deceased": one_of(Exactly(False), Exactly("reported"), Exactly("confirmed")),
    "sources": [
        {
            "source": WORDS,
            "state": one_of(*(Exactly(s) for s in ("fresh", "stale", "unavailable", "not_permitted", "nothing_held"))),
            "as_at": one_of(None, MOMENT),
            "message": TEXT,
        }
    ],
    "pathways": [
        {
            "specialty": {"code": TEXT, "name": WORDS},
            "provider": {"code": WORDS, "name": WORDS},
            "clock_start": one_of(None, DATE),
            "days_waited": one_of(None, int),
            "weeks_band": one_of(None, re.compile(r"\d{1,2}|10[0-3]|104\+")),
            "waited_to": DATE,
            "next_event": one_of(None, {"kind": WORDS, "date": DATE, "time": one_of(None, TIME), "place": one_of(None, WORDS)}),
            "gaps": [
                {"kind": one_of(*map(Exactly, GAP_KINDS.split())), "severity": WORDS, "since": one_of(None, MOMENT), "evidence": WORDS}
            ],
            "wait": one_of(None, {"half_within_weeks": int, "three_quarters_within_weeks": one_of(None, int), "based_on": WORDS}),
            "say": [{"text": WORDS, "source": WORDS, "as_at": MOMENT}],
        }
    ],
    "primary_care": one_of(
        None,
        {
            "practice": one_of(None, {"ods": re.compile(r"[A-Z0-9]{3,12}"), "name": WORDS}),
            "future_appointments": [{"start": INSTANT, "place": TEXT, "status": WORDS}],
            "prescriptions": [{"status": WORDS, "date": MOMENT}],
        },
    ),
}
"""Source: design, section 8."""

SEARCH = {
    "query": TEXT,
    "understood": [WORDS],
    "people": [
        {"nhs_number": NUMBER, "name": WORDS, "born": one_of(None, DATE, re.compile(r"\d{4}(-\d\d)?")), "why": [WORDS], "similar": bool}
    ],
    "more": bool,
}
STORIES = [{"nhs_number": NUMBER, "story": WORDS, "shows": WORDS}]
SERVED = {"seed": int, "people": int, "systems": {}, "config": WORDS}


def differs(value: Any, shape: Any, where: str = "$") -> list[str]:
    """Every place where the value is not of the shape; no value is repeated in it."""
    match shape:
        case None:
            return [] if value is None else [f"{where}: not null"]
        case Exactly():
            return [] if type(value) is type(shape.value) and value == shape.value else [f"{where}: not {shape.value!r}"]
        case OneOf():
            return [] if any(not differs(value, s) for s in shape.shapes) else [f"{where}: none of the shapes"]
        case re.Pattern():
            return [] if isinstance(value, str) and shape.fullmatch(value) else [f"{where}: not {shape.pattern}"]
        case type():
            return [] if type(value) is shape else [f"{where}: {type(value).__name__}"]
        case list():
            if not isinstance(value, list):
                return [f"{where}: no list"]
            return [d for i, item in enumerate(value) for d in differs(item, shape[0], f"{where}[{i}]")]
    if not isinstance(value, dict):
        return [f"{where}: no object"]
    if shape and set(value) != set(shape):
        return [f"{where}: {sorted(set(value) ^ set(shape))}"]
    return [d for name, inner in shape.items() for d in differs(value[name], inner, f"{where}.{name}")]
