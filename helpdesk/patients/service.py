"""Finding people: on this computer as words are typed, in PDS only when asked, and never without a record of who was listed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock, london_day
from helpdesk.errors import ConnectorError, NotFound, NumberNoLongerUsed, RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.patients import query as words
from helpdesk.patients.listing import candidate_of, look_alikes, merged, restricted
from helpdesk.patients.model import Candidate, FactKind, Listing, Query
from helpdesk.patients.ports import Demographics, PersonIndex

MOST = 50
FEW = 10
"""While one kind of fact is all there is, people are listed only once this many or fewer match."""

PDS_NEEDS = "PDS needs a family name and a birth date, or an NHS number."
PDS_UNKNOWN = "PDS does not know this NHS number."
PDS_WITHDRAWN = "This NHS number is no longer used. Search again by name and date of birth."
PDS_REPLACED = "PDS has replaced this NHS number by a new one."
PDS_BY_POSTCODE = (
    "PDS leaves restricted people out of a search with a postcode. If nobody here is the caller, take the postcode away and ask again."
)
NO_PDS = "PDS is not connected at this desk."
NOTHING_TO_SEARCH = "Nothing here can be searched for: say a name, a date of birth, a postcode or a number."


@dataclass(frozen=True)
class _Asked:
    """One search: its words, the id its lists share, its call and why it was made."""

    query: Query
    search_id: str
    call_id: str | None
    purpose: str = "call"


@dataclass(frozen=True)
class _Said:
    """PDS's people and, where there is something to say about the asking, a sentence. `searched` when it answered a search."""

    people: tuple[Candidate, ...] = ()
    note: str = ""
    searched: bool = False


@dataclass(frozen=True)
class _Local:
    people: tuple[Candidate, ...] = ()
    total: int = 0


class PatientSearch:
    """What a member of staff may do to find somebody. `demographics` is None where PDS is not connected. Every method
    but `understand` blocks, raises RuleBroken when the role may not search and StorageError when the record of who is
    listed cannot be kept; then nobody is listed."""

    def __init__(self, index: PersonIndex, demographics: Demographics | None, audit: AuditTrail, session: Session, clock: Clock) -> None:
        self._index, self._pds, self._audit, self._session, self._clock = index, demographics, audit, session, clock

    def understand(self, text: str) -> Query:
        """What the words mean today. Asks nobody and never raises."""
        return words.understand(text, london_day(self._clock.now()))

    def typed(self, query: Query, search_id: str, call_id: str | None) -> Listing:
        """The people on this computer who match, as words are typed; PDS is never asked. Until few match or the words
        hold two kinds of fact, only how many there are. Source: design, section 2.2."""
        require(self._session, Action.SEARCH_PEOPLE)
        if query.problem or not query.facts:
            return Listing(query, search_id)
        local = self._local(query)
        return self._listing(_Asked(query, search_id, call_id), local.people, local.total, origin="index")

    def traced(self, query: Query, search_id: str, call_id: str | None, *, fuzzy: bool = False) -> Listing:
        """Asks PDS too, because the member of staff asked for it: its people first, in its order. When PDS cannot answer,
        `note` says why and the people on this computer are listed all the same."""
        require(self._session, Action.SEARCH_PEOPLE)
        if query.problem or not query.facts:
            return Listing(query, search_id, note=query.problem or NOTHING_TO_SEARCH)
        return self._with_pds(_Asked(query, search_id, call_id), fuzzy=fuzzy, sparing=True)

    def listed(self, query: Query, reason: str) -> Listing:
        """For the command line: this computer, then one exact trace; up to 50 people whatever the rule for typing.
        Raises RuleBroken, `field` "query", for words that cannot be searched for."""
        require(self._session, Action.SEARCH_PEOPLE)
        if query.problem or not query.facts:
            raise RuleBroken(query.problem or NOTHING_TO_SEARCH, field="query")
        return self._with_pds(_Asked(query, str(uuid.uuid4()), None, reason), fuzzy=False, sparing=False)

    def _local(self, query: Query, *, sparing: bool = True) -> _Local:
        enough = not sparing or len(_kinds(query)) >= 2
        people, total = self._index.find(query, MOST if enough else FEW)
        return _Local(tuple(people), total) if enough or total <= FEW else _Local(total=total)

    def _with_pds(self, asked: _Asked, *, fuzzy: bool, sparing: bool) -> Listing:
        said = self._from_pds(asked, fuzzy=fuzzy)
        local = self._local(asked.query, sparing=sparing)
        both = merged(said.people, local.people)
        total = max(local.total + len(both) - len(local.people), len(both))
        listing = self._listing(asked, both, total, note=said.note, origin="pds" if said.people else "index")
        return replace(listing, nobody_in_pds=said.searched and not fuzzy and not said.people)

    def _from_pds(self, asked: _Asked, *, fuzzy: bool) -> _Said:
        if self._pds is None:
            return _Said(note=NO_PDS)
        numbers = asked.query.of(FactKind.NHS_NUMBER)
        if not numbers and not _traceable(asked.query):
            return _Said(note=PDS_NEEDS)
        how = "number" if numbers else "fuzzy" if fuzzy else "exact"
        self._record(AuditAction.TRACE_ASKED, asked, (), kinds=_kind_words(asked.query), how=how)
        try:
            if numbers:
                return self._by_number(self._pds, asked.query, numbers)
            return _Said(self._traced(self._pds, asked.query, fuzzy=fuzzy), _left_out(asked.query), searched=True)
        except NumberNoLongerUsed:
            return _Said(note=PDS_WITHDRAWN)
        except NotFound:
            return _Said(note=PDS_UNKNOWN if numbers else "")
        except (ConnectorError, RuleBroken) as refused:
            return _Said(note=refused.message)

    def _by_number(self, pds: Demographics, query: Query, numbers: tuple[str, ...]) -> _Said:
        patients = [pds.get(NhsNumber(number)) for number in numbers]
        for patient in patients:
            self._index.remember(patient)
        replaced = any(patient.superseded for patient in patients)
        return _Said(merged((candidate_of(patient, query) for patient in patients), ()), PDS_REPLACED if replaced else "")

    def _traced(self, pds: Demographics, query: Query, *, fuzzy: bool) -> tuple[Candidate, ...]:
        """The people PDS found; whoever it says is restricted is held as restricted from now on, opened or not."""
        people = pds.trace(query, fuzzy=fuzzy)
        for one in people:
            if one.restricted:
                self._index.remember(restricted(one, self._index.person(one.nhs_number), self._clock.now()))
        return people

    def _listing(self, asked: _Asked, people: tuple[Candidate, ...], total: int, *, note: str = "", origin: str) -> Listing:
        """The only way out: whoever is in it was recorded first."""
        shown = people[:MOST]
        if shown:
            subjects = tuple(person.nhs_number for person in shown)
            self._record(AuditAction.PEOPLE_LISTED, asked, subjects, origin=origin, count=str(len(shown)), kinds=_kind_words(asked.query))
        return Listing(asked.query, asked.search_id, shown, total, total > len(shown), note, look_alikes(shown))

    def _record(self, action: AuditAction, asked: _Asked, subjects: tuple[NhsNumber, ...], **details: str) -> None:
        event = AuditEvent(action, asked.purpose, subjects, asked.call_id, {"search_id": asked.search_id, **details})
        self._audit.record(event)


def _kinds(query: Query) -> frozenset[FactKind]:
    """The kinds of fact as the rule for typing counts them: a birth date and a birth year are one, a gender is none."""
    return frozenset(FactKind.BORN if kind is FactKind.BORN_YEAR else kind for kind in query.kinds - {FactKind.GENDER})


def _kind_words(query: Query) -> str:
    return ",".join(sorted(kind.value for kind in query.kinds))


def _left_out(query: Query) -> str:
    """Source: PDS FHIR, search: no restricted patients are returned where a postcode is among the search parameters."""
    return PDS_BY_POSTCODE if query.of(FactKind.POSTCODE) else ""


def _traceable(query: Query) -> bool:
    return FactKind.NAME in query.kinds and FactKind.BORN in _kinds(query)
