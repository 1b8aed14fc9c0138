"""What a setting is typed into, for each type of setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from helpdesk.desk.connections import FieldType, FormField
from ui.theme import icons
from ui.theme.paint import write
from ui.theme.theme import current
from ui.widgets.arrange import row
from ui.widgets.button import Button
from ui.widgets.choice import Segmented
from ui.widgets.fields import PLAIN, Choose, Line, paint_frame
from ui.widgets.notes_field import NotesField

SIDE_BY_SIDE = 3
LETTERS = 36
"""So many choices, of so many letters, stand beside one another; more are a list."""
SHORT = 140
YES_NO = (("yes", "Yes"), ("no", "No"))
Edited = Callable[..., None]


@dataclass(frozen=True)
class Control:
    """`holder` goes into the form, `inner` takes the keyboard; `read` gives what stands in it."""

    holder: QWidget
    inner: QWidget
    read: Callable[[], str]
    set_bad: Callable[[bool], None]


def control_of(field: FormField, value: str, edited: Edited) -> Control:
    match field.type:
        case FieldType.YES_NO:
            return _segments(field.title, YES_NO, value, edited)
        case FieldType.CHOICE if len(field.choices) <= SIDE_BY_SIDE and sum(len(words) for _, words in field.choices) <= LETTERS:
            return _segments(field.title, field.choices, value, edited)
        case FieldType.CHOICE:
            return _choose(field, value, edited)
        case FieldType.LINES | FieldType.TABLE:
            return _several(field, value, edited)
        case FieldType.FILE:
            return _file(field, value, edited)
        case _:
            line = _line(field, value, edited)
            if field.type in (FieldType.WHOLE, FieldType.NUMBER):
                line.setFixedWidth(current().px(SHORT))
            return Control(row(line, None) if line.maximumWidth() < SHORT * 4 else line, line, line.text, line.set_bad)


def _line(field: FormField, value: str, edited: Edited) -> Line:
    line = Line(spoken=field.title)
    line.setText(value)
    line.setCursorPosition(0)
    line.textEdited.connect(edited)
    return line


def _segments(title: str, choices: tuple[tuple[str, str], ...], value: str, edited: Edited) -> Control:
    made = Segmented(title, choices)
    made.set_value(value)
    made.chosen.connect(edited)
    return Control(row(made, None), made, made.value, _nothing)


def _choose(field: FormField, value: str, edited: Edited) -> Control:
    words = dict(field.choices)
    made = PlainChoose(field.title, placeholder=words.get("", "Choose one"))
    made.set_choices([choice for choice in field.choices if choice[0]])
    made.set_value(value)
    made.picked.connect(edited)
    return Control(made, made, made.value, made.set_bad)


def _several(field: FormField, value: str, edited: Edited) -> Control:
    made = NotesField(field.title, placeholder="name = value" if field.type is FieldType.TABLE else "One on each line")
    made.set_text(value)
    made.edited.connect(edited)
    return Control(made, made.edit, made.text, _nothing)


def _file(field: FormField, value: str, edited: Edited) -> Control:
    line = _line(field, value, edited)
    button = Button("Choose…", "secondary")
    button.setAccessibleName(f"Choose {field.title}")

    def pick() -> None:
        folder = field.name == "folder"
        found = (
            QFileDialog.getExistingDirectory(line, field.title, line.text())
            if folder
            else QFileDialog.getOpenFileName(line, field.title, line.text())[0]
        )
        if found:
            line.setText(found)
            edited()

    button.activated.connect(pick)
    return Control(row((line, 1), button), line, line.text, line.set_bad)


def _nothing(_bad: bool) -> None:
    """The sentence beside it says enough."""


class PlainChoose(Choose):
    """A list whose label stands beside it."""

    def __init__(self, label: str, *, placeholder: str) -> None:
        super().__init__(label, placeholder=placeholder)
        self.setFixedHeight(current().px(PLAIN))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        paint_frame(self, painter, self._bad)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text"))
        write(painter, self.rect().adjusted(theme.px(12), 0, -theme.px(34), 0), self.currentText())
        icons.paint(painter, self.width() - theme.px(28), (self.height() - theme.px(16)) / 2, "down", "text2", 16)
