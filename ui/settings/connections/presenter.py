"""The settings of connections: what is chosen, what is typed and not yet kept, and the one test under way."""

from __future__ import annotations

from dataclasses import replace

from helpdesk.clock import Clock
from helpdesk.desk.connections import Connection, Connections, Form, Kind, Listing, Tried
from helpdesk.tasks import Done, Errand, TaskRunner
from ui.settings.connections.model import ConnectionsView, Row, Shown, Typed
from ui.settings.connections.words import AT_THE_FIELD, REMOVED, SAVED, STOPPED, history, row_of

CONFIRM = "Its settings and its secrets on this computer go. Press Remove again to do it."
WAIT = "Wait until it is kept."


class ConnectionsPresenter:
    """Every slow thing is done by the runner; an answer for a form that is no longer on screen changes nothing there."""

    def __init__(self, view: ConnectionsView, connections: Connections, runner: TaskRunner, clock: Clock) -> None:
        self._view, self._connections, self._runner, self._clock = view, connections, runner, clock
        self._listing: Listing | None = None
        self._form: Form | None = None
        self._chosen = ""
        self._drafts: dict[str, Shown] = {}
        self._errand: Errand | None = None
        self._asked = 0
        self._busy = self._sure = self._gone = False

    def start(self) -> None:
        self._view.show_loading("the connections")
        self._ready()
        self._read()

    def close(self) -> None:
        """Another role: a test under way is given up."""
        self._asked += 1
        if self._errand is not None:
            self._errand.give_up()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return self._listing.kinds if self._listing else ()

    @property
    def unsaved(self) -> bool:
        """Whether something is typed and not kept."""
        return bool(self._drafts)

    # choosing

    def choose(self, instance: str) -> None:
        """The form of that connection, with what was typed in it before and not kept."""
        if self._form is not None and self._form.instance == instance:
            return
        self._leave()
        self._open(None, instance)
        if instance in self._drafts:
            self._show(self._drafts[instance])
            return
        asked = self._asked
        self._runner.run(lambda: self._connections.form(instance), lambda done: self._came(asked, done))

    def add(self) -> None:
        """What can be added is shown."""
        self._leave()
        self._open(None)
        self._view.show_kinds(self.kinds)
        self._rows()

    def add_kind(self, kind: str) -> None:
        self._leave()
        asked = self._asked
        self._runner.run(lambda: self._connections.new_form(kind), lambda done: self._came(asked, done))

    def _open(self, form: Form | None, chosen: str = "") -> None:
        """While the chosen one is being read no button acts on the one before."""
        self._form, self._chosen = form, form.instance if form else chosen
        self._ready()

    def _leave(self) -> None:
        """Whatever was asked for the form on screen is not for the next one."""
        self._stop()
        self._confirm(False)
        for clear in (self._view.show_told, self._view.show_testing):
            clear("")
        self._view.show_tested(None)
        self._view.clear_errors()

    def _came(self, asked: int, done: Done[Form]) -> None:
        if asked != self._asked:
            return
        if done.error is not None:
            self._view.show_error("", done.error.message)
            return
        form = done.result()
        self._show(Shown(form, Typed(form.instance, form.values)))

    def _show(self, shown: Shown) -> None:
        self._open(shown.form)
        connection = self._connection(shown.form.instance)
        told = history(connection, self._clock.now()) if connection else ""
        self._view.show_form(replace(shown, told=told))
        if connection is not None and connection.trouble:
            self._view.show_error("", connection.trouble)
        self._rows()

    # typing, keeping

    def edited(self, typed: Typed) -> None:
        if self._form is None:
            return
        self._confirm(False)
        self._view.show_told("")
        form = self._form
        same = not form.new and dict(typed.values) == form.values and not typed.secrets.forget and not any(typed.secrets.keep.values())
        if same:
            self._drafts.pop(form.instance, None)
        else:
            self._drafts[form.instance] = Shown(form, typed)
        self._rows()

    def undo(self) -> None:
        """What was typed and not kept is let go; a new one that was never kept goes altogether."""
        form = self._form
        if form is None or self._busy:
            return
        self._drafts.pop(form.instance, None)
        self._leave()
        self._open(None)
        first = next((c.instance for c in (self._listing.connections if self._listing else ())), "")
        if form.new and not first:
            self.add()
        else:
            self.choose(first if form.new else form.instance)

    def save(self, typed: Typed) -> None:
        form = self._form
        if form is None or self._busy:
            return
        self._leave()
        self._busy = True
        self._ready()
        name = typed.name.strip() if form.new else form.instance

        def keep() -> Form:
            return self._connections.save(name, form.kind, typed.values, typed.secrets, new=form.new)

        self._runner.run(keep, lambda done: self._kept(form, done))

    def _kept(self, form: Form, done: Done[Form]) -> None:
        self._busy = False
        here = self._form is form
        if done.error is not None:
            if here:
                self._view.show_error(done.error.field or "", done.error.message)
        else:
            self._drafts.pop(form.instance, None)
            saved = done.result()
            if here:
                self._show(Shown(saved, Typed(saved.instance, saved.values)))
                self._view.show_told(SAVED)
            self._read()
        self._ready()

    def remove(self) -> None:
        """Pressed once it says what that means, pressed again it is done."""
        form = self._form
        if form is None or form.new or self._busy:
            return
        if not self._sure:
            self._confirm(True)
            return
        self._leave()
        self._busy = True
        self._ready()
        self._runner.run(lambda: self._connections.remove(form.instance), lambda done: self._removed(form, done))

    def _removed(self, form: Form, done: Done[None]) -> None:
        self._busy = False
        if done.error is not None:
            self._view.show_error("", done.error.message)
        else:
            self._drafts.pop(form.instance, None)
            if self._form is form:
                self._open(None)
            self._gone = True
            self._read()
        self._ready()

    def _confirm(self, sure: bool) -> None:
        self._sure = sure
        self._view.show_confirm(CONFIRM if sure else "")

    # testing

    def test(self, typed: Typed) -> None:
        """Asks with what is typed; pressed while one is under way, that one is stopped."""
        form = self._form
        if form is None or self._busy:
            return
        if self._errand is not None:
            self._stop()
            self._view.show_told(STOPPED)
            return
        self._leave()
        errand = self._errand = Errand()
        asked, name = self._asked, typed.name.strip() if form.new else form.instance
        self._view.show_testing(typed.values.get("label") or form.label)

        def ask() -> Tried:
            with errand.running():
                return self._connections.test(name, form.kind, typed.values, typed.secrets)

        self._runner.run(ask, lambda done: self._tested(asked, done))

    def _tested(self, asked: int, done: Done[Tried]) -> None:
        if asked != self._asked:
            return
        self._errand = None
        self._view.show_testing("")
        if done.error is not None:
            self._view.show_error(done.error.field or "", done.error.message)
            return
        tested = done.result()
        self._view.show_tested(tested)
        if tested.field:
            self._view.show_error(tested.field, AT_THE_FIELD.get(tested.stage, tested.message))
        self._read()

    def _stop(self) -> None:
        self._asked += 1
        if self._errand is not None:
            self._errand.give_up()
            self._errand = None
        self._view.show_testing("")

    # the list

    def _read(self) -> None:
        self._runner.run(self._connections.listing, self._listed)

    def _listed(self, done: Done[Listing]) -> None:
        self._view.show_loading("")
        if done.error is not None:
            self._view.show_error("", done.error.message)
            return
        first = self._listing is None
        self._listing = done.result()
        self._view.show_around(self._listing.broken, self._listing.where)
        self._rows()
        gone, self._gone = self._gone, False
        if self._form is None and (first or gone):
            self.choose(self._listing.connections[0].instance) if self._listing.connections else self.add()
        if gone:
            self._view.show_told(REMOVED)

    def _rows(self) -> None:
        now = self._clock.now()
        rows = tuple(row_of(c, now, draft=c.instance in self._drafts) for c in (self._listing.connections if self._listing else ()))
        new = [s.form for s in self._drafts.values() if s.form.new] + ([self._form] if self._form is not None and self._form.new else [])
        fresh = {form.instance: Row(form.instance, form.label, form.provides, "New", "plus", "quiet", "not saved") for form in new}
        self._view.show_rows((*rows, *fresh.values()), self._chosen)

    def _connection(self, instance: str) -> Connection | None:
        return next((c for c in (self._listing.connections if self._listing else ()) if c.instance == instance), None)

    def _ready(self) -> None:
        nothing = "Choose a connection first." if self._form is None else WAIT if self._busy else ""
        fixed = nothing or ("" if self._form and self._form.removable else "It belongs to the practice area, or is not kept yet.")
        self._view.show_ready(nothing, nothing, fixed)
