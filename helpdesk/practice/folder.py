"""Which area a data folder holds: the little that is enough to make the same one again."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from helpdesk.errors import StorageError
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area
from helpdesk.practice.organisations import last_sunday

FILE = "area.json"
OLDEST_DAYS = 7
_LIST_LIMIT_DAYS = 10
"""After this a weekly list counts as stale, and then every story would show something else than it says."""


@dataclass(frozen=True)
class _Held:
    seed: int
    people: int
    made_on: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.made_on)


def load_or_make(folder: Path, people: int, seed: int, today: date) -> tuple[Area, bool]:
    """The folder's area, and whether it was made or moved to another day just now: then its extracts must be imported
    again. It moves to today when it is older than a week, when its newest lists would have grown stale, or when it lies
    in the future. Raises RuleBroken for too few people, and StorageError where the folder cannot be written."""
    held = _read(folder / FILE)
    if held is not None and (held.seed, held.people) == (seed, people) and _still_good(held.day, today):
        return make_area(people, seed, held.day), False
    area = make_area(people, seed, today)
    _write(folder / FILE, _Held(seed, people, today.isoformat()))
    return area, True


def _still_good(made: date, today: date) -> bool:
    lists_age = (today - last_sunday(made)).days
    return 0 <= (today - made).days <= OLDEST_DAYS and lists_age <= _LIST_LIMIT_DAYS


def _read(path: Path) -> _Held | None:
    """What the file says, or None where there is none or it cannot be understood."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        held = _Held(int(found["seed"]), int(found["people"]), str(found["made_on"]))
        return held if held.day else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(path: Path, held: _Held) -> None:
    """In one step, so that a start that is cut off leaves the old file or the new one."""
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(asdict(held)) + "\n", encoding="utf-8")
        os.replace(fresh, path)
    except OSError:
        raise StorageError("The practice area's folder cannot be written.") from None
