"""What the list is narrowed to: kind, provider, specialty, age, severity, and whose."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from helpdesk.desk.stuck import Choice, StuckList, Wanted
from helpdesk.queue.gaps import Whose
from ui.stuck import words
from ui.theme.theme import current
from ui.widgets.arrange import row
from ui.widgets.choice import Segmented
from ui.widgets.fields import Choose

WHOSE = ((Whose.ALL.value, "All"), (Whose.UNCLAIMED.value, "Nobody's"), (Whose.MINE.value, "Mine"))
ONE_ROW_FROM = 1000


class Filters(QWidget):
    """`narrowed(name, value)`: one field of the filter and its new value, as text."""

    narrowed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.kind = Choose("What is wrong", placeholder="Anything")
        self.provider = Choose("Provider", placeholder="All")
        self.specialty = Choose("Specialty", placeholder="All")
        self.days = Choose("For how long", placeholder="Any time")
        self.severity = Choose("Severity", placeholder="Any")
        self.whose = Segmented("Whose", WHOSE)
        self.whose.set_value(Whose.ALL.value)
        self.fields = {
            "kind": self.kind,
            "provider": self.provider,
            "specialty": self.specialty,
            "days": self.days,
            "severity": self.severity,
        }
        first = row((self.kind, 1), (self.provider, 1), (self.specialty, 1), gap=8)
        second = row((self.days, 4), (self.severity, 3), self.whose, gap=8)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(current().space(8))
        self._rows.addWidget(first, 5)
        self._rows.addWidget(second, 4)
        for name, field in self.fields.items():
            field.picked.connect(lambda value, name=name: self.narrowed.emit(name, value))
        self.whose.chosen.connect(lambda value: self.narrowed.emit("whose", value))

    def show_choices(self, seen: StuckList, wanted: Wanted) -> None:
        """Every value with how many it has; what is chosen stays."""
        self.kind.set_choices([(c.key, f"{words.kind(c.key)} ({c.count:,})") for c in seen.kinds])
        self.provider.set_choices(_counted(seen.providers))
        self.specialty.set_choices(_counted(seen.specialties))
        self.days.set_choices(words.AGES)
        at_least = ((3, "High only"), (2, "Medium and high"))
        self.severity.set_choices([(str(key), words_) for key, words_ in at_least])
        self.kind.set_value(wanted.kind)
        self.provider.set_value(wanted.provider)
        self.specialty.set_value(wanted.specialty)
        self.days.set_value(str(wanted.days or ""))
        self.severity.set_value(str(wanted.severity or ""))
        self.whose.set_value(wanted.whose.value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() / current().scale < ONE_ROW_FROM
        self._rows.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


def _counted(choices: tuple[Choice, ...]) -> list[tuple[str, str]]:
    return [(c.key, f"{c.words or 'Not recorded'} ({c.count:,})") for c in choices if c.key]


def typed(name: str, value: str) -> object:
    """A field's value as the filter takes it."""
    if name in ("days", "severity"):
        return int(value or 0)
    return Whose(value) if name == "whose" else value
