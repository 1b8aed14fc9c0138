"""The list of stuck pathways: what stands on it, whose names may be read, and what is done about one row."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from helpdesk.desk.looking import Standing
from helpdesk.desk.stuck import CallStart, Person, StuckList, StuckRow, Wanted
from helpdesk.errors import HelpdeskError
from helpdesk.identifiers import NhsNumber
from helpdesk.tasks import Done, TaskRunner
from ui.stuck import words
from ui.stuck.ports import Scheduler, StuckService, StuckView
from ui.stuck.rows import Row, detail_of, row_of

WATCH_MS, SETTLE_MS = 500, 120
"""How often the look through the area is watched, and how long the list must stand still before names are asked for."""


class StuckPresenter:
    """`call` starts a call about somebody. An answer that was asked for an earlier list is dropped."""

    def __init__(
        self, view: StuckView, desk: StuckService, runner: TaskRunner, scheduler: Scheduler, call: Callable[[NhsNumber], None]
    ) -> None:
        self._view, self._desk, self._runner, self._scheduler, self._call = view, desk, runner, scheduler, call
        self.wanted = Wanted()
        self._rows: dict[str, StuckRow] = {}
        self._people: dict[str, Person | None] = {}
        self._asked: set[str] = set()
        self._seen: StuckList | None = None
        self._chosen = ""
        self._list_id = str(uuid.uuid4())
        self._serial = self._looks = 0
        self._standing: Standing | None = None
        self._busy = ""
        self._look_failed = False
        self._shown = False
        self._stop_watch: Callable[[], None] = _nothing
        self._stop_settle: Callable[[], None] = _nothing

    # coming and going

    def show(self) -> None:
        """The screen is there: the list is read, and the look behind the desk watched."""
        self._shown = True
        self._standing = self._desk.standing
        self._looks = self._standing.serial
        self._show_looking()
        self.look()
        self._watch()

    def hide(self) -> None:
        """Another screen is there: nothing more is asked."""
        self._shown = False
        self._stop_watch()
        self._stop_settle()

    def close(self) -> None:
        """Another role: whoever was listed is forgotten."""
        self.hide()
        self._serial += 1
        self._rows, self._people, self._seen = {}, {}, None
        self._view.show_detail(None)
        self._view.show_rows((), "")

    # the list

    def narrow(self, **fields: object) -> None:
        self.wanted = replace(self.wanted, **fields)  # type: ignore[arg-type]  # the names are the filter's own fields
        self.look()

    def look(self) -> None:
        self._serial += 1
        serial, wanted = self._serial, self.wanted
        self._runner.run(lambda: self._desk.look(wanted), lambda done: self._looked(serial, done))

    def _looked(self, serial: int, done: Done[StuckList]) -> None:
        if serial != self._serial:
            return
        if done.error is not None:
            self._look_failed = True
            self._view.show_trouble(done.error.message)
            return
        if self._look_failed:
            self._look_failed = False
            self._view.show_trouble("")
        seen = self._seen = done.result()
        self._rows = {row.id: row for row in seen.rows}
        self._asked = {row_id for row_id, person in self._people.items() if person is not None}
        self._view.show_filters(seen, self.wanted)
        self._view.show_head(words.head(seen), words.foot(seen))
        self._view.show_empty(*(words.nothing_here(seen, self._desk.standing) if not seen.rows else ("", "")))
        if self._chosen not in self._rows:
            self._chosen = seen.rows[0].id if seen.rows else ""
        self._view.show_rows(tuple(self._row(row) for row in seen.rows), self._chosen)
        self._show_detail()

    def in_view(self, ids: Collection[str]) -> None:
        """These rows can be seen: once the list stands still, their names are asked for, all of them on record at once."""
        self._stop_settle()
        if any(i not in self._asked for i in ids):
            self._stop_settle = self._scheduler.after(SETTLE_MS, lambda: self._name(ids))

    def _name(self, ids: Collection[str]) -> None:
        wanted = tuple(i for i in ids if i in self._rows and i not in self._asked)
        if not wanted:
            return
        self._asked.update(wanted)
        self._runner.run(lambda: self._desk.people(wanted, self._list_id), lambda done: self._named(wanted, done))

    def _named(self, wanted: Collection[str], done: Done[Mapping[str, Person]]) -> None:
        if done.error is not None:
            self._asked.difference_update(wanted)
            self._view.show_trouble(done.error.message)
            return
        people = done.result()
        self._people |= {i: people.get(i, Person(words.NOT_NAMED)) for i in wanted}
        self._view.change_rows([self._row(self._rows[i]) for i in wanted if i in self._rows])
        if self._chosen in wanted:
            self._show_detail()

    def choose(self, row_id: str) -> None:
        if row_id != self._chosen:
            self._chosen = row_id
            self._view.show_note(False)
        self._show_detail()

    # work on the chosen row

    def claim(self) -> None:
        self._act(self._desk.claim, "It is yours now.")

    def release(self) -> None:
        self._act(self._desk.release, "It is back on the list for everybody.")

    def ask_note(self) -> None:
        if self._chosen:
            self._view.show_note(True)

    def drop_note(self) -> None:
        self._view.show_note(False)

    def finish(self, note: str) -> None:
        row_id = self._chosen
        if row_id and self._take(row_id):
            self._runner.run(lambda: self._desk.finish(row_id, note), lambda done: self._finished(row_id, done))

    def open(self) -> None:
        """A call about the person of the chosen row."""
        row_id = self._chosen
        if row_id and self._take(row_id):
            self._runner.run(lambda: self._desk.open_from(row_id), lambda done: self._opened(row_id, done))

    # the look through the area

    def look_again(self) -> None:
        """Asks for a new look; while one runs, ends it."""
        if self._desk.standing.running:
            self._desk.stop()
        else:
            self._desk.again()
            self._view.tell("The area will be looked through.")

    def _watch(self) -> None:
        if not self._shown:
            return
        standing = self._desk.standing
        if standing != self._standing:
            self._standing = standing
            self._show_looking()
            if standing.serial != self._looks:
                self._looks = standing.serial
                self.look()
        self._stop_watch = self._scheduler.after(WATCH_MS, self._watch)

    def _show_looking(self) -> None:
        standing = self._standing or Standing()
        share = standing.done / standing.total if standing.total else 0.0
        self._view.show_looking(words.looking(standing), share, words.looked(standing))

    # inside

    def _take(self, row_id: str) -> bool:
        """One act at a time; what stood against the one before is not said any more."""
        if self._busy:
            return False
        self._busy = row_id
        self._view.show_trouble("")
        return True

    def _act(self, act: Callable[[str], StuckRow], told: str) -> None:
        row_id = self._chosen
        if row_id and self._take(row_id):
            self._runner.run(lambda: act(row_id), lambda done: self._acted(done, told))

    def _acted(self, done: Done[StuckRow], told: str) -> None:
        self._busy = ""
        if done.error is not None:
            self._refused(done.error)
            return
        self._put(done.result())
        self._view.tell(told)

    def _put(self, row: StuckRow) -> None:
        if row.id in self._rows:
            self._rows[row.id] = row
            self._view.change_rows([self._row(row)])
            self._show_detail()

    def _finished(self, row_id: str, done: Done[StuckRow]) -> None:
        self._busy = ""
        if done.error is not None and done.error.field == "note":
            self._view.show_note(True, done.error.message)
        elif done.error is not None:
            self._view.show_note(False)
            self._refused(done.error)
        else:
            self._view.show_note(False)
            self._view.tell("Done. Should it still be so in two weeks, it comes back with your note.")
            self._go_on_from(row_id)
            self.look()

    def _go_on_from(self, row_id: str) -> None:
        """The keyboard goes to the row after the one that leaves the list."""
        ids = list(self._rows)
        at = ids.index(row_id) if row_id in self._rows else -1
        after = ids[at + 1 : at + 2] or ids[max(0, at - 1) : at]
        if self._chosen == row_id and after:
            self._chosen = after[0]

    def _opened(self, row_id: str, done: Done[CallStart]) -> None:
        self._busy = ""
        if done.error is not None:
            self._refused(done.error)
        elif self._shown and self._chosen == row_id:
            self._call(done.result().number)

    def _refused(self, error: HelpdeskError) -> None:
        """Said, and the list read anew: somebody else was at it."""
        self._view.show_trouble(error.message)
        self.look()

    def _row(self, row: StuckRow) -> Row:
        return row_of(row, self._people.get(row.id))

    def _show_detail(self) -> None:
        chosen = self._rows.get(self._chosen)
        self._view.show_detail(detail_of(chosen, self._people.get(chosen.id)) if chosen is not None else None)


def _nothing() -> None:
    return
