"""What stands where there is nothing yet: still being asked, or truly empty."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.paint import box, write
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.icon import Icon
from ui.widgets.label import Paragraph

SHOWN_AFTER_MS = 150


class Skeleton(QWidget):
    """Two grey bars and "Asking …, 1 sec". Invisible for the first 150 ms, so that a quick answer shows no flicker."""

    def __init__(self, asked: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked, self._seconds, self._seen = asked, 0, False
        self._appear = QTimer(self)
        self._appear.setSingleShot(True)
        self._appear.setInterval(SHOWN_AFTER_MS)
        self._appear.timeout.connect(self._reveal)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._count)
        self.setFixedHeight(current().px(48))
        self.setMinimumWidth(current().px(240))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def start(self, asked: str) -> None:
        """Begins to wait for whoever is asked."""
        self._asked, self._seconds, self._seen = asked, 0, False
        self.show()
        self._appear.start()
        self._tick.start()
        self._name()

    def stop(self) -> None:
        """The answer is there: hides."""
        self._appear.stop()
        self._tick.stop()
        self._seen = False
        self.hide()

    @property
    def revealed(self) -> bool:
        return self._seen

    def words(self) -> str:
        return f"Asking {self._asked}, {self._seconds} sec" if self._seconds else f"Asking {self._asked}"

    def _reveal(self) -> None:
        self._seen = True
        self.update()

    def _count(self) -> None:
        self._seconds += 1
        self._name()
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(self.words())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._seen:
            return
        painter = QPainter(self)
        theme = current()
        wide = theme.width_of(self.words(), "small")
        room = self.width() - wide - theme.px(60)
        box(painter, QRect(0, theme.px(8), room * 2 // 3, theme.px(14)), theme.px(4), "hover")
        box(painter, QRect(0, theme.px(30), room, theme.px(10)), theme.px(4), "hover")
        left = self.width() - wide - theme.px(4)
        icons.paint(painter, left - theme.px(24), (self.height() - theme.px(16)) / 2, "refresh", "text2", 16)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        write(painter, QRect(left, 0, wide + 4, self.height()), self.words())


class EmptyState(QWidget):
    """What is true, and what it does not mean."""

    def __init__(self, fact: str, meaning: str = "", *, icon: str = "nothing", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fact = Paragraph(fact, "strong")
        self._meaning = Paragraph(meaning, "small", "text2")
        words = column(self._fact, self._meaning, gap=0)
        row(Icon(icon, "text2", 24), (words, 1), gap=12, around=(4, 0), into=self)
        self.set_words(fact, meaning)

    def set_words(self, fact: str, meaning: str = "") -> None:
        self._fact.set_text(fact)
        self._meaning.set_text(meaning)
        self._meaning.setVisible(bool(meaning))
        self.setAccessibleName(f"{fact} {meaning}".strip())
