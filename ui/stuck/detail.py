"""One row in full: who, what is wrong and how it is known, whose turn it is, what to propose, and what was done before."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from helpdesk.queue.gaps import HIGH, MEDIUM
from ui.stuck import words
from ui.stuck.rows import Detail
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.card import Card, Rule
from ui.widgets.chip import Chip, Tone
from ui.widgets.flow import Flow
from ui.widgets.label import Label, Paragraph
from ui.widgets.line_field import LineField
from ui.widgets.scroll import Scroll

_TONES: dict[int, Tone] = {HIGH: "bad", MEDIUM: "warn"}
Part = Literal["evidence", "turn", "hand_off", "before"]


class DetailPane(Card):
    """`noted(str)` the note of what was done, `left` when it is not wanted after all."""

    noted = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(around=0, gap=0)
        self._beside = True
        self._chips = Flow(gap=6)
        self._name, self._where = Paragraph("", "title"), Paragraph("", "small", "text2")
        self._since = Paragraph("", "small_medium", "text2")
        self._parts: dict[Part, Paragraph] = {part: Paragraph("") for part in ("evidence", "turn", "hand_off", "before")}
        self._before = Label("Done before", "caption_strong", "text2")
        self.note = LineField("What was done", placeholder="Rang bookings, they will write to her")
        self._save, self._leave = Button("Done", "primary", icon="check"), Button("Not yet", "ghost")
        self._note_card = Card(self.note, row(self._save, self._leave, None, gap=8), ground="sunken", gap=8, around=12)
        self._content = self._build()
        self.body.addWidget(Scroll(self._content))
        self._note_card.hide()
        self.note.entered.connect(self.noted)
        self._save.activated.connect(lambda: self.noted.emit(self.note.text()))
        self._leave.activated.connect(self.left)
        self.setAccessibleName("The chosen row in full")

    def _build(self) -> QWidget:
        p = self._parts
        return column(
            self._chips,
            self._name,
            self._where,
            self._note_card,
            Rule(),
            Label("Evidence", "caption_strong", "text2"),
            p["evidence"],
            self._since,
            Rule(),
            Label("Suggested", "caption_strong", "text2"),
            p["hand_off"],
            p["turn"],
            self._before,
            p["before"],
            None,
            gap=8,
            around=16,
        )

    def show_detail(self, detail: Detail | None) -> None:
        self._content.setVisible(detail is not None)
        if detail is None:
            self.close_note()
            return
        shown = detail.row
        severity = Chip(words.SEVERITIES[shown.severity], _TONES.get(shown.severity, "neutral"), "warning", bold=True)
        died = [Chip("Reported or confirmed dead", "neutral", "info")] if shown.died else []
        self._chips.set_items([severity, Chip(f"{shown.what} {shown.since}", "plain"), *died])
        self._name.set_text(shown.name or words.NAMED_LATER)
        self._where.set_text(shown.where)
        self._since.set_text(detail.since)
        for part, text in (("evidence", detail.evidence), ("turn", detail.turn), ("hand_off", detail.hand_off), ("before", detail.before)):
            self._parts[part].set_text(text)  # type: ignore[index]  # the names are the parts
        for widget in (self._before, self._parts["before"]):
            widget.setVisible(bool(detail.before))
        self._fit()

    def set_beside(self, beside: bool) -> None:
        """Beside the list it scrolls alone; below it, it is as high as it needs."""
        self._beside = beside
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = self._content.layout()
        if layout is not None:
            layout.activate()
        self.setMinimumHeight(0 if self._beside else self._content.sizeHint().height() + 2)

    def open_note(self, trouble: str) -> None:
        """The keyboard goes to the note; what was typed stays with what stands against it."""
        if not self._note_card.isVisible():
            self.note.set_text("")
        self._note_card.show()
        self._fit()
        self.note.set_error(trouble)
        self.note.setFocus()

    def close_note(self) -> None:
        self._note_card.hide()
        self.note.set_text("")
        self.note.set_error("")
        self._fit()

    @property
    def noting(self) -> bool:
        return not self._note_card.isHidden()
