"""What a caller said, as understood facts, for tests of searches."""

from __future__ import annotations

from helpdesk.patients.model import Fact, FactKind, Query

KINDS = {
    "name": FactKind.NAME,
    "born": FactKind.BORN,
    "year": FactKind.BORN_YEAR,
    "postcode": FactKind.POSTCODE,
    "gender": FactKind.GENDER,
    "phone": FactKind.PHONE,
    "email": FactKind.EMAIL,
}


def query(*facts: str) -> Query:
    """From "name:smith", "born:1950-01-01", "year:1950", "postcode:ZZ99 3CZ"."""
    parts = [fact.split(":", 1) for fact in facts]
    return Query(" ".join(facts), tuple(Fact(KINDS[kind], value, value) for kind, value in parts))
