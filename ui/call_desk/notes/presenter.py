"""What the handler writes and how the call ended: each word is kept as it is typed, codes are proposed and can be changed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Protocol

from helpdesk.calls.model import CallDraft, Choice, Disposition, Dispositions
from helpdesk.errors import HelpdeskError
from helpdesk.tasks import Done, TaskRunner
from ui.call_desk.current import CurrentCall
from ui.call_desk.saver import SaveState
from ui.call_desk.services import CallDesk

FIELDS = tuple(f.name for f in fields(Disposition))


class NotesView(Protocol):
    def show_notes(self, text: str) -> None:
        """Puts words into the notes: for a new or a resumed call."""

    def show_choices(self, choices: Dispositions) -> None: ...

    def show_disposition(self, disposition: Disposition, proposed: frozenset[str]) -> None:
        """The codes as they would be saved; those named in `proposed` nobody has chosen yet."""

    def show_error(self, field: str, message: str) -> None:
        """Said at the field ("" for the whole); an empty message takes it away."""

    def show_saving(self, state: SaveState) -> None: ...


class NotesPresenter:
    """Codes chosen by hand always win over those proposed."""

    def __init__(self, view: NotesView, desk: CallDesk, choices: Dispositions, current: CurrentCall, runner: TaskRunner) -> None:
        self._view, self._desk, self._choices, self._current, self._runner = view, desk, choices, current, runner
        self._chosen = self._proposed = Disposition()
        self._asked = 0
        view.show_choices(choices)

    def open(self, draft: CallDraft) -> None:
        """A call begins, or one that was not finished goes on: its own notes and codes."""
        self._chosen, self._proposed = draft.disposition, Disposition()
        self._view.show_notes(draft.notes)
        self._clear_errors()
        self._show()

    def typed(self, text: str) -> None:
        self._current.change(notes=text)
        self._view.show_error("notes", "")

    def add(self, line: str) -> None:
        """One more line below what was written, unless it stands there."""
        before = self._current.notes
        if line not in before:
            text = f"{before.rstrip()}\n{line}".lstrip()
            self._current.change(notes=text)
            self._view.show_notes(text)

    def chosen(self, field: str, code: str) -> None:
        """A code was chosen by hand; "" leaves it open again."""
        self._chosen = replace(self._chosen, **{field: code})
        if not code:
            self._proposed = replace(self._proposed, **{field: ""})
        self._current.change(disposition=self._chosen)
        self._view.show_error(field, "")
        self._show()

    def choose_ending(self, next_action: str, outcome: str) -> None:
        """Sets the next action (F8, F10) and, where nobody has chosen an outcome, the one that goes with it."""
        if _one_of(self._choices.next_actions, next_action):
            self.chosen("next_action", next_action)
        if not self._chosen.outcome and _one_of(self._choices.outcomes, outcome):
            self.chosen("outcome", outcome)

    def propose(self) -> None:
        """Asks for codes for the fields still empty, from what was done so far."""
        draft = self._current.draft
        if draft is None:
            return

        self._asked += 1
        asked = self._asked

        def then(done: Done[Disposition]) -> None:
            if asked == self._asked and done.error is None and draft.id == self._current.call_id:
                self._proposed = self._known(done.result())
                self._show()

        self._runner.run(lambda: self._desk.propose(draft), then)

    def disposition(self) -> Disposition:
        """As it would be saved now."""
        return Disposition(**{name: getattr(self._chosen, name) or getattr(self._proposed, name) for name in FIELDS})

    def refused(self, error: HelpdeskError) -> str:
        """Says at its field what stands against saving; returns that field, "" when it has none."""
        known = {*FIELDS, "notes"}
        field = error.field if error.field in known else ""
        self._clear_errors()
        self._view.show_error(field or "", error.message)
        return field or ""

    def show_saving(self, state: SaveState) -> None:
        self._view.show_saving(state)

    def _known(self, proposed: Disposition) -> Disposition:
        """A proposed code that is not on the list would be invisible, so it is not taken."""
        return replace(
            proposed,
            reason=_one_of(self._choices.reasons, proposed.reason),
            outcome=_one_of(self._choices.outcomes, proposed.outcome),
            next_action=_one_of(self._choices.next_actions, proposed.next_action),
            caller_type=_one_of(self._choices.caller_types, proposed.caller_type),
        )

    def _clear_errors(self) -> None:
        for name in ("", "notes", *FIELDS):
            self._view.show_error(name, "")

    def _show(self) -> None:
        proposed = frozenset(n for n in FIELDS if not getattr(self._chosen, n) and getattr(self._proposed, n))
        self._view.show_disposition(self.disposition(), proposed)


def _one_of(choices: tuple[Choice, ...], code: str) -> str:
    return code if any(c.code == code for c in choices) else ""
