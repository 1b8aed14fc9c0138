"""Proposes a mapping for a new file from its headings and from what its columns look like, each guess with its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial
from importlib.resources import files
from typing import Any

from connectors.waiting_list_extract.column_look import ColumnLook
from connectors.waiting_list_extract.national import rtt_statuses
from connectors.waiting_list_extract.words import bare, known_words, meaning
from helpdesk.extracts.columns import NOT_RECORDED, READ, REQUIRED, is_date
from helpdesk.extracts.model import ExtractKind
from helpdesk.extracts.survey import Guess, Proposal
from helpdesk.pathways.reference import treatment_functions

_LOOKS = {
    "nhs_number": "NHS number",
    "ubrn": "booking reference",
    "treatment_function": "treatment function",
    "REFERRAL_TO_TREATMENT_PERIOD_STATUS": "RTT status",
}
_ENOUGH = 0.5
"""So much of what a kind requires must be found before a mapping is proposed for it."""
_MISSING_DATES = ("1900-01-01", "01/01/1900", "01-01-1900", "01-JAN-1900", "1900-01-01 00:00:00", "01/01/1900 00:00", "01/01/1900 00:00:00")
_LETTERS = re.compile(r"[^a-z0-9]+")


@cache
def _data() -> Mapping[str, Any]:
    text = (files("resources") / "reference" / "extract_columns.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@dataclass(frozen=True)
class _File:
    names: Sequence[str]
    looks: Sequence[ColumnLook]


def is_code(ours: str) -> bool:
    """Whether this column of the desk's holds codes, whose words may be told."""
    return ours in _data()["codes"]


def is_known_word(ours: str, word: str) -> bool:
    if ours in ("treatment_function", "ACTIVITY_TREATMENT_FUNCTION_CODE"):
        return word.upper().removeprefix("C_") in treatment_functions()
    return (ours == "REFERRAL_TO_TREATMENT_PERIOD_STATUS" and word in rtt_statuses()) or meaning(ours, word) is not None


def propose(names: Sequence[str], looks: Sequence[ColumnLook], form: tuple[str, str], kind: ExtractKind | None) -> Proposal | None:
    """`form` is the delimiter and encoding. None where the file is of no known kind."""
    file = _File(names, looks)
    guesses = {k: _guesses(file, k) for k in ((kind,) if kind else ExtractKind)}
    best = max(guesses, key=lambda k: 2 * _found(guesses[k], k) - len(REQUIRED[k]))
    if kind is None and _found(guesses[best], best) < _ENOUGH * len(REQUIRED[best]):
        return None
    made = guesses[best]
    missing = [c for c in REQUIRED[best] if c not in made]
    dates = [look for name, look in zip(names, looks, strict=True) if any(is_date(o) and g.theirs == name for o, g in made.items())]
    return Proposal(
        kind=best,
        delimiter=form[0],
        encoding=form[1],
        dates=tuple(dict.fromkeys(form for look in dates for form, _ in look.dates if not form.startswith("YYYY-MM-DD") or " h" in form)),
        missing_dates=tuple(w for w in _MISSING_DATES if w != NOT_RECORDED and any(look.has(w) for look in dates)),
        guesses=tuple(made.values()),
        unknown=tuple(c for c in missing if c not in _data()["may_be_blank"]),
        blank=tuple(c for c in missing if c in _data()["may_be_blank"]),
        values=_values(file, made),
    )


def _found(guesses: Mapping[str, Guess], kind: ExtractKind) -> int:
    return sum(c in guesses for c in REQUIRED[kind])


def _guesses(file: _File, kind: ExtractKind) -> dict[str, Guess]:
    """By our column. A heading is used once: the surest reasons come first."""
    made: dict[str, Guess] = {}
    for reason_of in (_same_name, _other_name_and_look, _by_values, _other_name, _close_name):
        for ours in READ[kind]:
            if ours in made:
                continue
            free = [place for place, name in enumerate(file.names) if name not in {g.theirs for g in made.values()}]
            found = next(((place, why) for place in free if (why := reason_of(file, place, ours, kind))), None)
            if found is not None:
                made[ours] = Guess(ours, file.names[found[0]], found[1])
    return {ours: made[ours] for ours in READ[kind] if ours in made}


def _plain(name: str) -> str:
    return _LETTERS.sub(" ", name.casefold()).strip()


def _others(ours: str, kind: ExtractKind) -> tuple[str, ...]:
    more = _data()["activity_names"].get(ours, ()) if kind is ExtractKind.ACTIVITY else ()
    return tuple(_plain(name) for name in (*more, *_data()["names"].get(ours, ())))


def _fits(file: _File, place: int, ours: str) -> bool:
    """Whether the values do not speak against it: a date column holds dates, an NHS number passes its check."""
    look = file.looks[place]
    if not look.filled:
        return True
    if is_date(ours):
        return look.looks == "date"
    return ours.casefold() != "nhs_number" or look.looks == "NHS number"


def _same_name(file: _File, place: int, ours: str, kind: ExtractKind) -> str:  # noqa: ARG001  # one of the reasons asked alike
    return "the desk's own name" if _plain(file.names[place]) == _plain(ours) and _fits(file, place, ours) else ""


def _other_name(file: _File, place: int, ours: str, kind: ExtractKind) -> str:
    named = _plain(file.names[place]) in _others(ours, kind)
    return "a usual name for it" + _looking(file, place) if named and _fits(file, place, ours) else ""


def _other_name_and_look(file: _File, place: int, ours: str, kind: ExtractKind) -> str:
    """Before a column is taken for its values alone."""
    return _other_name(file, place, ours, kind) if ours in _LOOKS or ours.casefold() in _LOOKS else ""


def _by_values(file: _File, place: int, ours: str, kind: ExtractKind) -> str:
    wanted = _LOOKS.get(ours) or _LOOKS.get(ours.casefold())
    looks = file.looks[place].looks
    return f"most values pass as {looks}" if wanted and looks == wanted and ours in REQUIRED[kind] else ""


def _close_name(file: _File, place: int, ours: str, kind: ExtractKind) -> str:
    close = get_close_matches(_plain(file.names[place]), (_plain(ours), *_others(ours, kind)), n=1, cutoff=0.85)
    return f'like "{close[0]}"' + _looking(file, place) if close and _fits(file, place, ours) else ""


def _looking(file: _File, place: int) -> str:
    looks, dates = file.looks[place].looks, file.looks[place].dates
    said = f"dates as {dates[0][0]}" if dates else f"most values pass as {looks}" if looks else ""
    return f"; {said}" if said else ""


def _values(file: _File, made: Mapping[str, Guess]) -> dict[str, dict[str, str]]:
    """For each column with a list of words, those of the file that are not on it and what they seem to mean."""
    found: dict[str, dict[str, str]] = {}
    for ours, guess in made.items():
        if not known_words(ours):
            continue
        words = file.looks[file.names.index(guess.theirs)].words(partial(is_known_word, ours))
        unknown = {word: _likely(ours, word) for word, _ in words if not is_known_word(ours, word)}
        if unknown:
            found[ours] = unknown
    return found


def _likely(ours: str, word: str) -> str:
    """The known word that stands in it, or one spelt nearly so; "" where a person has to say."""
    known = known_words(ours)
    inside = [k for k in known if re.search(rf"\b{re.escape(k)}\b", bare(word))]
    if inside:
        return max(inside, key=len)
    close = get_close_matches(bare(word), known, n=1, cutoff=0.75)
    return close[0] if close else ""
