"""Which verification facts the words of a search already gave."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.identifiers import without_separators
from helpdesk.patients.model import Candidate, FactKind, PartialDate, Patient, Query
from helpdesk.patients.numbers import national


def supplied(person: Candidate | Patient, query: Query, *, rang_from: str = "") -> Mapping[str, str]:
    """What was typed and is right for this person, by name: date_of_birth (ISO), postcode, nhs_number, phone,
    hospital_number. A year alone or the start of a postcode is not enough. `rang_from` is the number the call came
    from: the telephone system gave it, so the caller did not."""
    matching = {
        "date_of_birth": _among(query, FactKind.BORN, _born(person.born)),
        "postcode": _among(query, FactKind.POSTCODE, {_postcode(person)}),
        "nhs_number": _among(query, FactKind.NHS_NUMBER, _numbers(person)),
        "phone": _among(query, FactKind.PHONE, _phones(person) - {national(rang_from)}),
        "hospital_number": next((typed for typed in query.of(FactKind.HOSPITAL_NUMBER) if _bare(typed) in _hospital_numbers(person)), ""),
    }
    return {name: value for name, value in matching.items() if value}


def _among(query: Query, kind: FactKind, true: set[str]) -> str:
    return next((typed for typed in query.of(kind) if typed and typed in true), "")


def _born(born: PartialDate | None) -> set[str]:
    return {born.iso} if born is not None and born.whole else set()


def _postcode(person: Candidate | Patient) -> str:
    """Canonical, or "" for none; a restricted person has none."""
    if isinstance(person, Patient):
        written = person.address.postcode if person.address else ""
    else:
        written = "" if person.restricted else person.postcode
    bare = without_separators(written).upper()
    return f"{bare[:-3]} {bare[-3:]}" if len(bare) > 4 else ""


def _numbers(person: Candidate | Patient) -> set[str]:
    """A superseded number that was asked for is still one the caller knew."""
    return {person.nhs_number.value, person.asked_for.value} if isinstance(person, Patient) else {person.nhs_number.value}


def _phones(person: Candidate | Patient) -> set[str]:
    return {national(phone.number) for phone in person.phones} if isinstance(person, Patient) else set()


def _hospital_numbers(person: Candidate | Patient) -> set[str]:
    if not isinstance(person, Patient):
        return set()
    return {_bare(number) for number in person.hospital_numbers}


def _bare(number: str) -> str:
    return without_separators(number).replace("/", "").upper()
