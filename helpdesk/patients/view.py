"""One row of a search as it may be shown before anybody is verified: the name, and what the searcher typed."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.identifiers import NhsNumber, without_separators
from helpdesk.patients.model import Candidate, FactKind, PartialDate, Query

DOT = "•"
RESTRICTED_WORDS = "No address, phone or practice is held here for a restricted person, and no source will be asked. A supervisor can help."


@dataclass(frozen=True)
class CandidateView:
    """The words of one row. Dots stand for what the caller has not said; an empty string is a value that is left out.
    `number` is for opening the person, never for showing."""

    number: NhsNumber
    name: str
    born: str
    gender: str
    nhs_number: str
    postcode: str
    why: tuple[str, ...]
    similar: bool
    deceased: bool
    restricted: str
    """Empty, or the sentence that stands under a restricted person."""


def masked(candidate: Candidate, query: Query) -> CandidateView:
    """The row for this person under these words. Source: design, section 2.2."""
    return CandidateView(
        number=candidate.nhs_number,
        name=candidate.name.shown,
        born=_born(candidate.born, query),
        gender=candidate.gender,
        nhs_number=candidate.nhs_number.spaced if candidate.nhs_number.value in query.of(FactKind.NHS_NUMBER) else _dotted("000 000 0000"),
        postcode="" if candidate.restricted else _postcode(candidate.postcode, query),
        why=candidate.why,
        similar=candidate.similar,
        deceased=candidate.deceased,
        restricted=RESTRICTED_WORDS if candidate.restricted else "",
    )


def _born(born: PartialDate | None, query: Query) -> str:
    if born is None:
        return ""
    typed = query.of(FactKind.BORN)
    if born.iso in typed:
        return born.shown
    years = {*query.of(FactKind.BORN_YEAR), *(day[:4] for day in typed)}
    return f"••-•••-{born.year:04}" if f"{born.year:04}" in years else "••-•••-••••"


def _postcode(postcode: str, query: Query) -> str:
    """The start that was typed and is right, the rest as dots; nothing at all when no typed postcode fits."""
    bare = without_separators(postcode).upper()
    for typed in query.of(FactKind.POSTCODE):
        start = typed.replace(" ", "")
        if bare and bare.startswith(start):
            spaced = f"{bare[:-3]} {bare[-3:]}"
            shown = len(start) + (1 if len(start) > len(bare) - 3 else 0)
            return spaced[:shown] + _dotted(spaced[shown:])
    return ""


def _dotted(text: str) -> str:
    return "".join(c if c == " " else DOT for c in text)
