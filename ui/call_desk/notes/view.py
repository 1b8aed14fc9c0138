"""Notes and wrap-up: what was said, and how the call ended."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from helpdesk.calls.model import Choice, Disposition, Dispositions
from ui.call_desk.notes.presenter import FIELDS
from ui.call_desk.saver import SaveState
from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets.arrange import column, row
from ui.widgets.card import Card
from ui.widgets.choice import Segmented
from ui.widgets.fields import Choose
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, Label, Paragraph
from ui.widgets.notes_field import NotesField

LABELS = {"reason": "Reason", "outcome": "Outcome", "next_action": "Next action", "caller_type": "Caller"}
RUNG_GP = (("yes", "Yes"), ("no", "No"), ("not_asked", "Not asked"))


_MARKS: dict[str, tuple[str, Role]] = {"failing": ("warning", "bad_text"), "saved": ("done", "ok"), "saving": ("clock", "text2")}
_TWO_COLUMNS = 420
"""Under this width the four lists stand one below another, so that what is chosen can be read."""


class NotesCard(Card):
    """`typed(str)` at each change of the notes, `chosen(field, code)` when a code was chosen by hand."""

    typed = Signal(str)
    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(around=(12, 16), gap=8)
        self._refused: dict[str, str] = {}
        self._mark = Icon("done", "ok", 16)
        self._saved = Label("", "small", "text2", right=True)
        self._failed = Paragraph("", "small_medium", "bad_text")
        self.notes = NotesField("Notes", placeholder="What was said. Saved as you type.", lines=2)
        self.fields = {name: Choose(label) for name, label in LABELS.items()}
        self.rung_gp = Segmented("Would you have rung your GP?", RUNG_GP, height=32)
        self._errors = Paragraph("", "small", "bad_text")
        self._error_row = row(Icon("wrong", "bad_text", 16), (self._errors, 1), gap=6)
        self._proposed = Elided("", "caption")
        self._grid = QGridLayout()
        self._columns = 0
        self._wrap_up = self._fields()
        self._lay_out(2)
        self.add(row(Label("Notes and wrap-up", "title"), None, self._mark, self._saved, gap=6))
        for item in (self._failed, self.notes, self._error_row, self._wrap_up):
            self.add(item)
        self.notes.edit.setMinimumHeight(current().line("body") * 2)
        self.notes.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.notes.edited.connect(lambda: self.typed.emit(self.notes.text()))
        for name, field in self.fields.items():
            field.picked.connect(lambda code, name=name: self.chosen.emit(name, code))
        self.rung_gp.chosen.connect(lambda code: self.chosen.emit("would_have_rung_gp", code))
        self.show_saving(SaveState())
        self.show_error("", "")

    def _fields(self) -> QWidget:
        grid = self._grid
        grid.setSpacing(current().space(8))
        asked = row(Label("Would have rung GP?", "small", "text2"), None, self.rung_gp, gap=8)
        return column(grid, self._proposed, asked, gap=6)

    def _lay_out(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, field in enumerate(self.fields.values()):
            self._grid.addWidget(field, number // columns, number % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(2 if event.size().width() >= current().px(_TWO_COLUMNS) else 1)

    def set_short(self, short: bool) -> None:
        """Only the notes, as long as the call has not got to its end."""
        self._wrap_up.setVisible(not short)

    def show_notes(self, text: str) -> None:
        self.notes.set_text(text)

    def show_choices(self, choices: Dispositions) -> None:
        self.fields["reason"].set_choices([(c.code, c.words, c.group) for c in choices.reasons])
        self.fields["outcome"].set_choices(_pairs(choices.outcomes))
        self.fields["next_action"].set_choices(_pairs(choices.next_actions))
        self.fields["caller_type"].set_choices(_pairs(choices.caller_types))

    def show_disposition(self, disposition: Disposition, proposed: frozenset[str]) -> None:
        for name, field in self.fields.items():
            field.set_value(getattr(disposition, name))
            mark = ", proposed" if name in proposed else ""
            field.setAccessibleName(f"{LABELS[name]}{mark}")
            field.setToolTip(field.words() if field.value() else "")
        self.rung_gp.set_value(disposition.would_have_rung_gp)
        words = ", ".join(LABELS[name].lower() if name in LABELS else "GP question" for name in FIELDS if name in proposed)
        self._proposed.setText(f"Proposed: {words}" if words else "")
        self._proposed.setVisible(bool(words))

    def show_error(self, field: str, message: str) -> None:
        if field in self.fields:
            self.fields[field].set_bad(bool(message))
            self.fields[field].setAccessibleDescription(message)
        self._refused[field] = message
        said = message or next((m for m in self._refused.values() if m), "")
        self._errors.set_text(said)
        self._error_row.setVisible(bool(said))
        if message:
            self.set_short(False)

    def show_saving(self, state: SaveState) -> None:
        icon, role = _MARKS["failing" if state.failing else "saved" if state.words.startswith("Saved") else "saving"]
        self._mark.set_icon(icon, role)
        self._mark.setVisible(bool(state.words))
        self._saved.setText("" if state.failing else state.words)
        self._failed.set_text(state.words if state.failing else "")
        self._failed.setVisible(state.failing)

    def lock(self, on: bool) -> None:
        """While the call is being saved nothing can be typed into it."""
        self.notes.edit.setReadOnly(on)
        for field in (*self.fields.values(), self.rung_gp):
            field.setEnabled(not on)


def _pairs(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(c.code, c.words) for c in choices]
