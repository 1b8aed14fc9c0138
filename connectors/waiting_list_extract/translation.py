"""Turns each record of a provider's own form into one of the canonical form, by its mapping file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from connectors.waiting_list_extract.date_forms import DateForm, in_iso
from connectors.waiting_list_extract.mapping import ExtractMapping
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import KNOWN, is_date

_KEPT_VALUES = 50_000
_WITH_TIME = "start"
Convert = Callable[[str], str]


class Translation:
    """One file's columns in the desk's order and words. `names` are the columns of what comes out of `record`; `theirs`
    says by our name what the file calls a column; `extra` are the columns that nothing is taken from."""

    def __init__(self, mapping: ExtractMapping, header: Sequence[str]) -> None:
        """Raises RuleBroken where a column that the mapping names is not there."""
        places = _places(header)
        used = {ours: _place(places, ours, theirs) for ours, theirs in mapping.columns.items()}
        for ours in KNOWN[mapping.kind]:
            if ours not in used and ours not in mapping.constants and _bare(ours) in places:
                used[ours] = places[_bare(ours)]
        self.width = len(header)
        self.names = (*used, *mapping.constants)
        self.theirs = {ours: f"{theirs} ({ours})" for ours, theirs in mapping.columns.items() if _bare(theirs) != _bare(ours)}
        self.extra = tuple(name for place, name in enumerate(header) if place not in used.values())
        self._places = tuple(used.values())
        self._constants = list(mapping.constants.values())
        self._converts = tuple((place, c) for place, ours in enumerate(used) if (c := _convert(mapping, ours)) is not None)

    def record(self, record: Sequence[str]) -> list[str]:
        made = [record[place] for place in self._places]
        for place, convert in self._converts:
            made[place] = convert(made[place])
        return made + self._constants


def _bare(name: str) -> str:
    return " ".join(name.split()).casefold()


def _places(header: Sequence[str]) -> Mapping[str, int]:
    """By name; of a name that stands there twice, -1."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places[_bare(name)] = -1 if _bare(name) in places else place
    return places


def _place(places: Mapping[str, int], ours: str, theirs: str) -> int:
    place = places.get(_bare(theirs))
    if place is None:
        raise RuleBroken(f"The file has no column {theirs}, which the mapping file gives for {ours}.", field=ours)
    if place < 0:
        raise RuleBroken(f"The column {theirs} stands in the header twice.", field=ours)
    return place


def _convert(mapping: ExtractMapping, ours: str) -> Convert | None:
    """What is done to the values of one column; None where they stay as they are."""
    words = {_bare(theirs): value for theirs, value in mapping.values.get(ours, {}).items()}
    forms = [DateForm(form) for form in mapping.dates] if is_date(ours) else []
    missing = frozenset(mapping.missing_dates) if is_date(ours) else frozenset()
    if not (words or forms or missing):
        return None
    return _remembering(lambda text: _meaning(text, words, forms, missing, with_time=ours == _WITH_TIME))


def _meaning(text: str, words: Mapping[str, str], forms: Sequence[DateForm], missing: frozenset[str], *, with_time: bool) -> str:
    written = " ".join(text.split())
    if written in missing:
        return ""
    if _bare(written) in words:
        return words[_bare(written)]
    return in_iso(written, forms, with_time=with_time) if forms else text


def _remembering(convert: Convert) -> Convert:
    """The same again is looked up."""
    known: dict[str, str] = {}

    def remembered(text: str) -> str:
        found = known.get(text)
        if found is None:
            found = convert(text)
            if len(known) < _KEPT_VALUES:
                known[text] = found
        return found

    return remembered
