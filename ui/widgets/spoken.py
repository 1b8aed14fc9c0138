"""Words for the caller: sentences in large type, each followed by a small "why?" that opens its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from ui.theme.fonts import Style
from ui.theme.paint import Centre, ring, write
from ui.theme.theme import current

WHY = "why?"


class _Why(QPushButton):
    def __init__(self, number: int, sentence: str, parent: QWidget) -> None:
        super().__init__(WHY, parent)
        self.number = number
        self.setAccessibleName(f"Why: {sentence}")
        self.setCheckable(True)
        theme = current()
        self.setFixedSize(theme.width_of(WHY, "small") + theme.px(14), theme.px(22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        if self.hasFocus():
            ring(painter, self.rect(), theme.px(6), "card")
        painter.setFont(theme.font("small_medium" if self.isChecked() or self.underMouse() else "small"))
        painter.setPen(theme.colour("accent_text"))
        write(painter, self.rect(), WHY, Centre)


class Spoken(QLabel):
    """Several sentences as one running text of plain words. `why(int, bool)` carries the number of the sentence whose
    evidence is wanted (or no longer wanted). Numbers stay with the word after them, and "why?" with its sentence."""

    why = Signal(int, bool)

    def __init__(
        self, sentences: Sequence[str] = (), *, style: Style = "say", explained: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style: Style = style
        self._explained = explained
        self._sentences: tuple[str, ...] = ()
        self._links: list[_Why] = []
        self._lines: list[list[tuple[float, str]]] = []
        self._places: list[QPoint] = []
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(current().font(style))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_sentences(sentences)

    def show_sentences(self, sentences: Sequence[str]) -> None:
        for link in self._links:
            link.hide()
            link.setParent(None)
            link.deleteLater()
        self._sentences = tuple(sentences)
        self._links = [_Why(number, words, self) for number, words in enumerate(sentences)] if self._explained else []
        for link in self._links:
            link.clicked.connect(self._asked)
            link.show()
        self.setText(" ".join(sentences))
        self._fit()

    @property
    def links(self) -> tuple[QPushButton, ...]:
        """The "why?" of each sentence, in order."""
        return tuple(self._links)

    def close_why(self) -> None:
        """Unpresses every "why?"."""
        for link in self._links:
            link.setChecked(False)

    def _asked(self) -> None:
        link = self.sender()
        if isinstance(link, _Why):
            self.why.emit(link.number, link.isChecked())

    def _flow(self, width: int) -> tuple[list[list[tuple[float, str]]], list[QPoint]]:
        """The words of each line with their x, and where each "why?" stands, at that width."""
        metrics = QFontMetrics(self.font())
        blank, line = metrics.horizontalAdvance(" "), current().line(self._style)
        lines: list[list[tuple[float, str]]] = [[]]
        places: list[QPoint] = []
        x = 0.0
        for number, sentence in enumerate(self._sentences):
            words = sentence.split(" ")
            link = self._links[number] if self._links else None
            for index, word in enumerate(words):
                wide = metrics.horizontalAdvance(word)
                tail = link.width() + blank // 2 if link is not None and index == len(words) - 1 else 0
                if x and x + wide + tail > width:
                    lines.append([])
                    x = 0.0
                lines[-1].append((x, word))
                x += wide + blank
            if link is not None:
                top = (len(lines) - 1) * line + (line - link.height()) // 2 + current().px(1)
                places.append(QPoint(round(x - blank / 2), top))
                x += link.width()
        return lines, places

    def heightForWidth(self, width: int) -> int:
        return len(self._flow(width)[0]) * current().line(self._style)

    def sizeHint(self) -> QSize:
        return QSize(current().px(320), self.heightForWidth(self.width() or current().px(320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(160), current().line(self._style))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._lines, self._places = self._flow(self.width())
        for link, place in zip(self._links, self._places, strict=True):
            link.move(place)
        height = max(1, len(self._lines)) * current().line(self._style)
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        painter.setFont(self.font())
        painter.setPen(theme.colour("text"))
        metrics, line = QFontMetrics(self.font()), theme.line(self._style)
        base = (line + metrics.ascent() - metrics.descent()) / 2
        for number, pieces in enumerate(self._lines):
            for x, word in pieces:
                painter.drawText(QPointF(x, number * line + base), word)
