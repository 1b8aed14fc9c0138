"""One search of the local index: exact matches before those that only begin so, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, literal, or_, select, tuple_, union
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from helpdesk.patients.model import Candidate, FactKind, Origin, Patient, Query, Sensitivity
from helpdesk.storage.database import Transaction
from helpdesk.storage.index_records import PDS, ListRowRecord, LiveRecord, PersonKeyRecord, PersonRecord, ReplacedRecord
from helpdesk.storage.persons import is_live, known_restricted, patient_of
from helpdesk.storage.search_keys import LOCATION, Wanted, compact, is_whole_postcode, name_words, wanted_by, words_of

MOST = 1000
"""Counting stops here."""


@dataclass(frozen=True)
class _Hit:
    origin: int
    row_no: int
    number: str
    verified: bool

    @property
    def who(self) -> tuple[object, ...]:
        """Rows of one verified number are one person; a row without one stands for itself."""
        return (self.number,) if self.verified else (self.origin, self.row_no)


def find(transaction: Transaction, query: Query, limit: int) -> tuple[tuple[Candidate, ...], int]:
    """At most `limit` people who match all of the query, best first, and how many match in all, up to 1,000."""
    everybody = _matching(query, exact=False)
    if query.problem or everybody is None:
        return (), 0
    found = _people(transaction, everybody)
    exact = _matching(query, exact=True) if len(found) > limit and name_words(query) else None
    first = _people(transaction, exact.limit(4 * limit)) if exact is not None else {}
    chosen = list((first | found).values())[:limit] if first else list(found.values())[:limit]
    return tuple(_candidates(transaction, query, chosen)), min(len(found), MOST)


def _people(transaction: Transaction, wanted: Select[int, int, str, str]) -> dict[tuple[object, ...], _Hit]:
    """One hit for each person; what PDS said of somebody comes before what an extract said."""
    people: dict[tuple[object, ...], _Hit] = {}
    for origin, row_no, number, status in transaction.execute(wanted):
        hit = _Hit(origin, row_no, number, status == "01")
        if hit.who not in people or origin == PDS:
            people[hit.who] = hit
    return people


def _matching(query: Query, *, exact: bool) -> Select[int, int, str, str] | None:
    """The rows that match, read from the narrowest want onwards; None where nothing searchable was typed."""
    wants = wanted_by(query, exact=exact)
    columns = _of_the_person(query)
    if not wants and not columns:
        return None
    key = aliased(PersonKeyRecord)
    rows = select(PersonRecord.origin, PersonRecord.row_no, PersonRecord.number, PersonRecord.number_status).distinct()
    if wants and not _narrow(query):
        driving, wants = wants[0], wants[1:]
        rows = rows.join(key, and_(key.origin == PersonRecord.origin, key.row_no == PersonRecord.row_no)).where(_meets(key, driving))
        columns += [*_never_by_location(driving), *_born(key, query)]
    for want in wants:
        columns += [_holds(want), *_never_by_location(want)]
    return rows.where(is_live(), *columns).limit(2 * MOST + 1)


def _narrow(query: Query) -> bool:
    return bool(query.kinds & {FactKind.NHS_NUMBER, FactKind.UBRN, FactKind.BORN}) and not (
        query.kinds & {FactKind.PHONE, FactKind.EMAIL, FactKind.HOSPITAL_NUMBER}
    )


def _of_the_person(query: Query) -> list[ColumnElement[bool]]:
    """What the words ask of the person's own row."""
    asked: list[ColumnElement[bool]] = []
    for number in query.of(FactKind.NHS_NUMBER):
        now = union(select(literal(number)), select(ReplacedRecord.new).where(ReplacedRecord.old == number))
        asked.append(and_(PersonRecord.number.in_(now), PersonRecord.number_status == "01"))
    for ubrn in query.of(FactKind.UBRN):
        live = select(LiveRecord.no).where(LiveRecord.kind == "open_pathways")
        referred = select(ListRowRecord.number).where(ListRowRecord.ubrn == ubrn, ListRowRecord.origin.in_(live))
        asked.append(and_(PersonRecord.number.in_(referred), PersonRecord.number_status == "01"))
    return asked + _born(PersonRecord, query)


def _born(of: type[PersonRecord | PersonKeyRecord], query: Query) -> list[ColumnElement[bool]]:
    """A whole date meets also a birth date of which only the year, or year and month, is known."""
    dates = [of.born.in_(sorted({born, born[:7], born[:4]})) for born in query.of(FactKind.BORN)]
    return dates + [and_(of.born >= year, of.born < year + "~") for year in query.of(FactKind.BORN_YEAR)]


def _meets(key: type[PersonKeyRecord], want: Wanted) -> ColumnElement[bool]:
    begins = and_(key.value >= want.value, key.value < want.behind) if want.prefix else key.value == want.value
    return and_(key.kind.in_(want.kinds), begins)


class _Place(FunctionElement[int]):
    """Where a text stands in another, 0 for nowhere: exactly, by no rules of a language."""

    type = Integer()
    inherit_cache = True


@compiles(_Place)
def _place_on_sqlite(place: _Place, compiler: Any, **how: Any) -> str:
    return f"instr({compiler.process(place.clauses, **how)})"


@compiles(_Place, "postgresql")
def _place_on_postgresql(place: _Place, compiler: Any, **how: Any) -> str:
    return f"strpos({compiler.process(place.clauses, **how)})"


def _holds(want: Wanted) -> ColumnElement[bool]:
    """Whether the person's own row holds such a key: each person is at hand by then, so no index is asked."""
    keys = PersonRecord.location_keys if set(want.kinds) & set(LOCATION) else PersonRecord.keys
    return or_(*(_Place(keys, literal(text)) > 0 for text in want.in_text))


def _never_by_location(want: Wanted) -> list[ColumnElement[bool]]:
    """Nobody known as restricted is found by where they are, even should a key have been left."""
    if not set(want.kinds) & set(LOCATION):
        return []
    return [PersonRecord.sensitivity == Sensitivity.UNRESTRICTED, ~known_restricted(PersonRecord.number)]


def _candidates(transaction: Transaction, query: Query, hits: Sequence[_Hit]) -> Iterable[Candidate]:
    found = transaction.scalars(
        select(PersonRecord).where(tuple_(PersonRecord.origin, PersonRecord.row_no).in_([(h.origin, h.row_no) for h in hits]))
    )
    records = {(record.origin, record.row_no): record for record in found}
    restricted = set(transaction.scalars(_restricted_among([hit.number for hit in hits])))
    ranked: list[tuple[tuple[object, ...], Candidate]] = []
    for hit in hits:
        patient = patient_of(records[hit.origin, hit.row_no])
        hidden = patient.restricted or (hit.verified and hit.number in restricted)
        candidate = _candidate(patient, query, hidden, hit)
        whole = "Name starts so" not in candidate.why
        ranked.append(((not whole, patient.name.shown, patient.born.iso if patient.born else "", hit.number), candidate))
    return (candidate for _, candidate in sorted(ranked, key=lambda pair: pair[0]))


def _restricted_among(numbers: Sequence[str]) -> Select[str]:
    return select(PersonRecord.number).where(
        PersonRecord.number.in_(numbers), PersonRecord.number_status == "01", PersonRecord.sensitivity == Sensitivity.RESTRICTED, is_live()
    )


def _candidate(patient: Patient, query: Query, restricted: bool, hit: _Hit) -> Candidate:
    typed_postcode = bool(query.of(FactKind.POSTCODE))
    return Candidate(
        nhs_number=patient.nhs_number,
        name=patient.name,
        born=patient.born,
        gender=patient.gender,
        restricted=restricted,
        deceased=patient.death is not None,
        origin=Origin.INDEX,
        why=tuple(_reasons(patient, query)) + (() if hit.verified else ("NHS number not verified",)),
        postcode=patient.address.postcode if patient.address and typed_postcode and not restricted else "",
    )


_SIMPLE = {
    FactKind.NHS_NUMBER: "NHS number",
    FactKind.UBRN: "Booking reference",
    FactKind.PHONE: "Phone",
    FactKind.EMAIL: "E-mail",
    FactKind.HOSPITAL_NUMBER: "Hospital number",
    FactKind.BORN_YEAR: "Year of birth",
}


def _reasons(patient: Patient, query: Query) -> Iterable[str]:
    """Why this person is on the list, in the order in which the facts were typed."""
    for kind in dict.fromkeys(fact.kind for fact in query.facts):
        if kind is FactKind.NAME:
            yield from _name_reasons(patient, name_words(query))
        elif kind is FactKind.BORN:
            yield "Date of birth" if patient.born and patient.born.day else "Year of birth"
        elif kind is FactKind.POSTCODE:
            yield "Postcode" if all(is_whole_postcode(compact(value)) for value in query.of(kind)) else "Postcode start"
        elif kind in _SIMPLE:
            yield _SIMPLE[kind]


def _name_reasons(patient: Patient, typed: Sequence[str]) -> Iterable[str]:
    now = {word for name in (patient.name.family, *patient.name.given) for word in words_of(name)}
    former = {word for name in patient.former_family_names for word in words_of(name)}
    yield "Name, exact" if all(word in now | former for word in typed) else "Name starts so"
    if any(not any(known.startswith(word) for known in now) for word in typed):
        yield "Former family name"
