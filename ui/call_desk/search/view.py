"""The search: one box, what was understood, and the people found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from helpdesk.patients.model import Fact, FactKind
from ui.call_desk.search.found_model import FoundModel
from ui.call_desk.search.presenter import Found
from ui.call_desk.search.row_delegate import RowDelegate
from ui.keys import Act, KeyMap
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.flow import Flow
from ui.widgets.icon import Icon
from ui.widgets.label import Label, Paragraph
from ui.widgets.search_field import SearchField
from ui.widgets.states import EmptyState
from ui.widgets.strip import Strip

ICONS = {
    FactKind.NAME: "person",
    FactKind.BORN: "calendar",
    FactKind.BORN_YEAR: "calendar",
    FactKind.POSTCODE: "pin",
    FactKind.PHONE: "phone",
    FactKind.EMAIL: "mail",
}
HINT = (
    "Type anything the caller says",
    "Name, date of birth, postcode, phone, NHS or hospital number, booking reference, in any order. "
    "A star stands for the rest of a name: smi*.",
)
LOOK_ALIKE = ("Some of these people look alike", "Ask for the day and month of birth, then for the first line of the address.")


class PeopleList(QListView):
    """`chosen(int)` on Enter or a double click; nothing is chosen beforehand. `left_up` from the first row."""

    chosen = Signal(int)
    left_up = Signal()

    def __init__(self, model: FoundModel) -> None:
        super().__init__()
        self.setModel(model)
        self._delegate = RowDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("People found")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)
        self.doubleClicked.connect(self._clicked)

    def enter(self) -> None:
        """The keyboard comes down from the box, to the first row."""
        if self.model().rowCount():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.setCurrentIndex(self.model().index(0, 0))

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    def full_height(self) -> int:
        """What all rows together need."""
        return sum(self.sizeHintForRow(n) for n in range(self.model().rowCount()))

    def sizeHint(self) -> QSize:
        return QSize(current().px(400), self.full_height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(200), current().px(100))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at.isValid():
            self.chosen.emit(at.row())
        elif event.key() == Qt.Key.Key_Up and at.row() <= 0:
            self.clearSelection()
            self.left_up.emit()
        else:
            super().keyPressEvent(event)


class SearchPage(QWidget):
    """Signals say what the handler did; `show_…` what is so."""

    typed = Signal(str)
    entered = Signal()
    wider = Signal()
    removed = Signal(object)
    chosen = Signal(int)

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self.box = SearchField()
        self._chips = Flow(gap=8)
        self._trouble = Paragraph("", "small", "bad_text")
        self._trouble_row = row(Icon("wrong", "bad_text", 16), (self._trouble, 1), gap=6)
        self._alike = Strip("warn", *LOOK_ALIKE)
        self.model = FoundModel(self)
        self.people = PeopleList(self.model)
        self._list = Card(self.people, around=1, gap=0)
        self._empty = EmptyState(*HINT, icon="search")
        self._empty_card = Card(self._empty, around=16)
        self._note = Paragraph("", "small", "text2")
        self.wider_button = Button("Ask PDS wider: names that sound alike", "secondary", icon="search", key=keys.cap(Act.ASK_WIDER))
        self._foot = Label("Everyone listed here is written to the audit", "caption", "text2")
        column(
            self.box,
            self._trouble_row,
            self._chips,
            self._alike,
            (self._list, 20),
            self._empty_card,
            self._note,
            row(self.wider_button, None, self._foot),
            None,
            gap=10,
            around=(4, 2, 8, 2),
            into=self,
        )
        self.box.edited.connect(self.typed)
        self.box.cleared.connect(lambda: self.typed.emit(""))
        self.box.asked.connect(lambda _text: self.entered.emit())
        self.box.left_down.connect(self.people.enter)
        self.people.left_up.connect(self.box.setFocus)
        self.people.chosen.connect(self.chosen)
        self.wider_button.activated.connect(self.wider)
        self.show_found(Found())
        self.show_understood((), "")

    def show_text(self, text: str) -> None:
        self.box.setText(text)  # also when it is the same: what was typed before can then not be brought back

    def show_understood(self, facts: Sequence[Fact], problem: str) -> None:
        chips: list[QWidget] = [Label("Understood as", "small", "text2")] if facts else []
        for fact in facts:
            chip = Chip(fact.shown, "info", ICONS.get(fact.kind, "note"), removable=True)
            chip.removed.connect(lambda fact=fact: self.removed.emit(fact))
            chips.append(chip)
        self._chips.set_items(chips)
        self._chips.setVisible(bool(facts))
        self._say_trouble(problem)

    def show_asking(self, words: str) -> None:
        self.box.set_answer(words)
        self._say_trouble("")

    def show_found(self, found: Found) -> None:
        self.model.set_rows(found.rows)
        if not found.rows and self.people.hasFocus():
            self.box.setFocus()
        self._list.setMaximumHeight(self.people.full_height() + 4)
        self.box.set_answer(found.words)
        self._list.setVisible(bool(found.rows))
        self._alike.setVisible(any(r.look_alike for r in found.rows))
        self._empty_card.setVisible(not found.rows)
        self._foot.setVisible(bool(found.rows))
        self.wider_button.setVisible(found.wider)
        self._note.set_text(found.note)
        self._note.setVisible(bool(found.note))
        if not found.rows:
            self._empty.set_words(*(_nobody(found) if found.words else HINT))

    def show_trouble(self, message: str) -> None:
        self._say_trouble(message)

    def _say_trouble(self, message: str) -> None:
        self._trouble.set_text(message)
        self._trouble_row.setVisible(bool(message))
        self.box.setAccessibleDescription(message)

    def focus_box(self) -> None:
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()


def _nobody(found: Found) -> tuple[str, str]:
    if found.words.startswith("Nobody"):
        ask = "check the spelling and the date, then ask PDS wider." if found.wider else "Enter asks PDS; check the spelling and the date."
        return found.words.split(":")[0], f"This does not mean that there is no such person: {ask}"
    title = found.words.rpartition(". ")[0] or found.words
    return title, "Too many to list. Add a first name, a date of birth or the start of the postcode."
