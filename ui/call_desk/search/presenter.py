"""Finds people from anything the caller said, without ever choosing one by itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Candidate, Fact, Listing, Query
from helpdesk.patients.view import masked
from helpdesk.tasks import Done, Errand, TaskRunner
from ui.call_desk.current import CurrentCall
from ui.call_desk.services import PatientSearch, Scheduler

PAUSE_MS = 120


@dataclass(frozen=True)
class Row:
    """The words of one person in the list, masked. It holds no number: that stays with the presenter."""

    name: str
    born: str
    gender: str
    nhs_number: str
    postcode: str
    why: tuple[str, ...]
    deceased: bool
    restricted: str
    look_alike: bool


@dataclass(frozen=True)
class Found:
    """What stands under the box. `wider` when PDS may be asked wider: it was asked exactly and has nobody."""

    words: str = ""
    rows: tuple[Row, ...] = ()
    wider: bool = False
    note: str = ""


class SearchView(Protocol):
    def show_text(self, text: str) -> None:
        """Puts words into the box, as if typed."""

    def show_understood(self, facts: Sequence[Fact], problem: str) -> None: ...

    def show_asking(self, words: str) -> None: ...

    def show_found(self, found: Found) -> None: ...

    def show_trouble(self, message: str) -> None:
        """A search that failed, said at the box."""


class SearchPresenter:
    """Of the people listed only the masked words are shown, and only their numbers are kept here."""

    def __init__(
        self,
        view: SearchView,
        search: PatientSearch,
        current: CurrentCall,
        runner: TaskRunner,
        scheduler: Scheduler,
        choose: Callable[[NhsNumber, Query], None],
        let_go: Callable[[], object],
    ) -> None:
        self._view, self._search, self._current = view, search, current
        self._runner, self._scheduler, self._choose, self._let_go = runner, scheduler, choose, let_go
        self._take_back: Callable[[], None] = _nothing
        self._errand = Errand()
        self.dropped = 0
        self.reset()

    def reset(self) -> None:
        """A new call: an empty box and a search of its own."""
        self._take_back()
        self._errand.give_up()
        self._search_id = str(uuid.uuid4())
        self._query = Query("")
        self._asked = 0
        self._numbers: tuple[NhsNumber, ...] = ()
        self._found: Found = Found()
        self._view.show_text("")
        self._view.show_understood((), "")
        self._view.show_found(self._found)

    def typed(self, text: str) -> None:
        """The words in the box changed: said back at once, looked up on this computer after a pause. Whoever is still being
        opened is not wanted any more."""
        if text == self._query.text:
            return
        self._take_back()
        self._let_go()
        self._errand.give_up()
        self._asked += 1
        self._query = self._search.understand(text)
        self._view.show_understood(self._query.facts, self._query.problem)
        if not text.strip():
            self._search_id = str(uuid.uuid4())
            self._show(Found())
        elif self._query.problem:
            self._show(Found())
        else:
            self._take_back = self._scheduler.after(PAUSE_MS, self._look)

    def begun(self) -> None:
        """The call is on disk: words typed before may be looked up now."""
        if self._query.text.strip() and not self._query.problem:
            self._look()

    def removed(self, fact: Fact) -> None:
        """The chip of one understood part was taken away: so are its words."""
        text = without(self._query, fact, self._search.understand)
        self._view.show_text(text)
        self.typed(text)

    def entered(self) -> None:
        """Enter in the box: PDS, exactly."""
        self._trace(fuzzy=False)

    def wider(self) -> None:
        """PDS, sounding alike: only after an exact search found nobody."""
        if self._found.wider:
            self._trace(fuzzy=True)

    def chosen(self, row: int) -> None:
        """A row that is on the screen now was chosen."""
        if 0 <= row < len(self._numbers):
            self._choose(self._numbers[row], self._query)

    def _look(self) -> None:
        call_id = self._current.call_id
        if call_id is None:
            return
        query, search_id = self._query, self._search_id
        self._ask(lambda: self._search.typed(query, search_id, call_id), traced="")

    def _trace(self, *, fuzzy: bool) -> None:
        call_id = self._current.call_id
        if call_id is None or self._query.problem or not self._query.text.strip():
            return
        self._take_back()
        query, search_id = self._query, self._search_id
        self._view.show_asking("Asking PDS wider…" if fuzzy else "Asking PDS…")
        self._ask(lambda: self._search.traced(query, search_id, call_id, fuzzy=fuzzy), traced="fuzzy" if fuzzy else "exact")

    def _ask(self, work: Callable[[], Listing], *, traced: str) -> None:
        self._asked += 1
        asked, call_id = self._asked, self._current.call_id
        self._errand.give_up()
        errand = self._errand = Errand()

        def on_its_errand() -> Listing:
            with errand.running():
                return work()

        def then(done: Done[Listing]) -> None:
            if asked != self._asked or call_id != self._current.call_id:
                self.dropped += 1
            elif done.error is not None:
                self._show(Found())
                self._view.show_trouble(done.error.message)
            else:
                self._listed(done.result(), traced)

        self._runner.run(on_its_errand, then)

    def _listed(self, listing: Listing, traced: str) -> None:
        if listing.query.text != self._query.text or listing.search_id != self._search_id:
            self.dropped += 1
            return
        people = listing.people
        self._numbers = tuple(p.nhs_number for p in people)
        self._show(
            Found(
                words=_count(listing, traced),
                rows=tuple(_row(p, listing) for p in people),
                wider=traced == "exact" and listing.nobody_in_pds,
                note=listing.note,
            )
        )

    def _show(self, found: Found) -> None:
        if not found.rows:
            self._numbers = ()
        self._found = found
        self._view.show_found(found)


def _row(person: Candidate, listing: Listing) -> Row:
    seen = masked(person, listing.query)
    alike = person.nhs_number in listing.look_alikes
    return Row(seen.name, seen.born, seen.gender, seen.nhs_number, seen.postcode, seen.why, seen.deceased, seen.restricted, alike)


def without(query: Query, fact: Fact, understand: Callable[[str], Query]) -> str:
    """The words typed, with the fewest of them taken out for this part to be gone and the others to stay."""
    words = query.text.split()
    wanted = [f for f in query.facts if f != fact]
    for length in range(1, len(words) + 1):
        for start in range(len(words) - length + 1):
            rest = " ".join(words[:start] + words[start + length :])
            if list(understand(rest).facts) == wanted:
                return rest
    return " ".join(f.typed or f.value for f in wanted)


def _count(listing: Listing, traced: str) -> str:
    where = "PDS" if traced else "this computer"
    shown, total = len(listing.people), max(listing.total, len(listing.people))
    if total == 0:
        return f"Nobody found: {where}"
    people = "1 person" if total == 1 else f"{'1,000 or more' if total >= 1000 else f'{total:,}'} people"
    if shown == 0:
        return f"{people}, {where}. Say more to list them"
    return f"{people}, {where}" if shown == total and not listing.more else f"First {shown} of {people}, {where}"


def _nothing() -> None:
    return
