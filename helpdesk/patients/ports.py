"""What the patients feature needs from the outside: PDS, and the local index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Candidate, Patient, Query, Sensitivity
from helpdesk.patients.related import Related


class Demographics(Protocol):
    """The national demographics service. Every person it returns is audited there, so it is never asked as someone types."""

    def get(self, number: NhsNumber) -> Patient:
        """One person. The reply's `nhs_number` may differ from the one asked for (superseded).

        Raises NotFound, NumberNoLongerUsed, or a ConnectorError."""

    def trace(self, query: Query, *, fuzzy: bool = False) -> tuple[Candidate, ...]:
        """The people who match, in PDS's own order, at most 50; an empty tuple when none does. Restricted people are left
        out by PDS when the query holds a postcode.

        Needs a family name and a birth date (or year): raises RuleBroken, `field` "name" or "born", saying what is missing.
        Raises TooManyMatches or a ConnectorError."""

    def related(self, number: NhsNumber) -> tuple[Related, ...]:
        """Those PDS holds as related to this person now, or as their contacts; none for a restricted person. Nobody may be
        told anything for being among them.

        Raises NumberNoLongerUsed or a ConnectorError."""


class PersonIndex(Protocol):
    """The people of the area, held in the desk's own encrypted database. No method is called on the window's thread."""

    def find(self, query: Query, limit: int) -> tuple[tuple[Candidate, ...], int]:
        """Exact and prefix matches, best first, and how many match in all (counting stops at 1,000).
        A restricted person is never found by postcode, phone, e-mail or practice."""

    def person(self, number: NhsNumber) -> Patient | None:
        """What is held of one person (from persons extracts and from PDS answers kept), or None."""

    def known_sensitivity(self, number: NhsNumber) -> Sensitivity | None:
        """The last known flag: of PDS's answer and the persons extract the later, where they differ the stricter;
        None when neither has ever said."""

    def known_sensitivities(self, numbers: Iterable[NhsNumber]) -> dict[NhsNumber, Sensitivity]:
        """The same for many; those never heard of are left out."""

    def remember(self, patient: Patient) -> None:
        """Keeps a PDS answer. A restricted one wipes every address, phone, e-mail and practice held of that person.
        Where the number asked for is superseded, records held under it move to the new number."""
