"""What kind of pathway it is: on an 18-week clock or not, planned, waiting for a test, or for its own team to answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from helpdesk.pathways.activity import ActivityKind
from helpdesk.pathways.clock import ClockEffect, clock_effect
from helpdesk.pathways.clock_reading import Reading
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import Course, ListKind, ListRow
from helpdesk.pathways.reference import specialty

_TESTS_FIRST = "92"
"""Not yet referred: the practice has asked for tests. Source: DSCN 18/2006."""
_NO_PERIOD = frozenset({"90", "98"})


@cache
def _courses() -> Any:
    return json.loads((files("resources") / "reference" / "courses.json").read_text(encoding="utf-8"))


def course_of(joined: Joined, reading: Reading, today: date, *, ask_team: bool) -> Course:
    """Its own team first, then what its list says, then what only the service or the facts show. A clock that runs makes
    it an 18-week pathway whatever else is on it: tests and a due date can be part of one.

    Source: NHS England, Recording and reporting RTT waiting times, v5.0 (planned lists and direct-access tests are outside it).
    """
    if ask_team:
        return Course.ASK_TEAM
    row = joined.row
    if row is None:
        return _without_list(joined, reading, today)
    if row.list_kind is not ListKind.NOT_RTT and (reading.running or clock_effect(row.rtt_status) is ClockEffect.STOPPED):
        return Course.RTT
    if row.due is not None and _may_be_planned(row):
        return Course.PLANNED
    if row.rtt_status.strip() == _TESTS_FIRST or is_diagnostic(row.treatment_function, today):
        return Course.DIAGNOSTIC
    if row.list_kind is ListKind.NOT_RTT or row.rtt_status.strip() in _NO_PERIOD:
        return Course.NOT_RTT
    return Course.RTT if row.list_kind is ListKind.RTT else Course.UNKNOWN


@lru_cache(maxsize=1024)
def is_diagnostic(text: str, day: date) -> bool:
    """Whether this treatment function, or a service named so, only does tests of the DM01 return."""
    code = specialty(text).code
    bare = " ".join(text.replace("_", " ").replace("-", " ").casefold().split())
    return any(
        code in test["functions"] or any(re.search(rf"\b{re.escape(words)}", bare) for words in test["words"])
        for test in in_force(_courses()["diagnostic"], day)
    )


def same_specialty(one: str, other: str, day: date) -> bool:
    """Whether two treatment functions are one, or are reported as one specialty."""
    return one == other or any(
        one in group["functions"] and other in group["functions"] for group in in_force(_courses()["same_in_rtt"], day)
    )


def alike_days() -> int:
    """How near two referral dates lie to each other that may be of one referral."""
    return int(_courses()["alike"]["referred_within_days"])


def in_force(entries: Iterable[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """Those whose dates hold `day`, both ends with it; a date that is not given is open."""
    text = day.isoformat()
    return [e for e in entries if (e["from"] or text) <= text <= (e["to"] or text)]


def _may_be_planned(row: ListRow) -> bool:
    """A due date on a list without a clock: treatment at a time that was planned. What is over has no such date."""
    return row.clock_stop is None and row.clock_start is None


def _without_list(joined: Joined, reading: Reading, today: date) -> Course:
    if (reading.running and joined.clock_events) or any(r.clock_start is not None for r in joined.referrals):
        return Course.RTT
    named = [words for r in joined.referrals for words in (r.specialty, r.service)]
    named += [words for a in joined.activities for words in (a.specialty.code, a.specialty.name)]
    named += [fact.treatment_function for fact in joined.sent]
    only_tests = {a.kind for a in joined.activities} == {ActivityKind.DIAGNOSTIC}
    return Course.DIAGNOSTIC if only_tests or any(w.strip() and is_diagnostic(w, today) for w in named) else Course.UNKNOWN
