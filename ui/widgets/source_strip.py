"""The sources of a patient's facts, each with one of its five states, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from helpdesk.answers import Answer, SourceState
from helpdesk.clock import london_day, london_time
from ui.theme import icons
from ui.theme.paint import outline, write
from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets.arrange import empty
from ui.widgets.card import Card
from ui.widgets.icon import IconButton

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ASKING = "asking"
WORDS: dict[str, tuple[str, str, Role]] = {
    SourceState.FRESH: ("Fresh", "done", "ok"),
    SourceState.STALE: ("Stale", "clock", "warn_text"),
    SourceState.UNAVAILABLE: ("Unavailable", "unplugged", "bad_text"),
    SourceState.NOT_PERMITTED: ("Not permitted", "lock", "text2"),
    SourceState.NOTHING_HELD: ("Nothing held", "nothing", "text2"),
    ASKING: ("Asking", "refresh", "text2"),
}
"""The word, icon and icon colour of each state; "asking" is no answer yet."""


@dataclass(frozen=True)
class SourceLine:
    """One source as it is shown. `state` is a SourceState's value or "asking"; `as_at` words; `message` a sentence."""

    label: str
    state: str
    as_at: str = ""
    message: str = ""


def as_at_words(moment: date | datetime | None, now: datetime) -> str:
    """When facts were true, briefly: 10:42 today, 2d for an older answer, 15-Nov-2026 for a list's date."""
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return f"{moment.day:02}-{MONTHS[moment.month - 1]}-{moment.year}"
    days = (london_day(now) - london_day(moment)).days
    return f"{london_time(moment):%H:%M}" if days <= 0 else f"{days}d"


def line_of(answer: Answer[object], now: datetime) -> SourceLine:
    """How an answer is shown."""
    told = answer.state in (SourceState.FRESH, SourceState.STALE, SourceState.NOTHING_HELD)
    message = f"{answer.message} You can {answer.remedy}." if answer.remedy and answer.message else answer.message
    return SourceLine(answer.label, answer.state.value, as_at_words(answer.as_at, now) if told else "", message)


def _natural(line: SourceLine) -> int:
    """The width one source needs."""
    theme = current()
    below = theme.px(44) + theme.width_of(WORDS[line.state][0], "small_strong")
    below += theme.width_of(line.as_at, "caption") + theme.px(6) if line.as_at else 0
    return max(below, theme.px(24) + theme.width_of(line.label, "small_medium"))


class _Source(QWidget):
    """One source: its name above, the state's icon and bold word, and quietly since when."""

    def __init__(self, line: SourceLine, last: bool) -> None:
        super().__init__()
        self._last = last
        self.setFixedHeight(current().px(52))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_line(line)

    def show_line(self, line: SourceLine) -> None:
        self.line = line
        word = WORDS[line.state][0]
        self.natural = _natural(line)
        self.setMinimumWidth(self.natural)
        as_at = f", {line.as_at}" if line.as_at else ""
        self.setAccessibleName(f"{line.label}: {word}{as_at}. {line.message}".strip())
        self.setToolTip(line.message)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.natural, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        word, icon, role = WORDS[self.line.state]
        left, px = theme.px(12), theme.px
        painter.setFont(theme.font("small_medium"))
        painter.setPen(theme.colour("text2"))
        write(painter, QRect(left, px(7), self.width(), px(18)), self.line.label)
        icons.paint(painter, left - px(1), px(27), icon, role, 16)
        painter.setFont(theme.font("small_strong"))
        painter.setPen(theme.colour("text"))
        write(painter, QRect(left + px(20), px(26), self.width(), px(18)), word)
        if self.line.as_at:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("text2"))
            x = left + px(26) + theme.width_of(word, "small_strong")
            write(painter, QRect(x, px(26), self.width(), px(18)), self.line.as_at)
        if not self._last:
            painter.fillRect(QRect(self.width() - 1, px(10), 1, self.height() - px(20)), theme.colour("edge"))
        if self.hasFocus():
            outline(painter, self.rect().adjusted(1, 1, -2, -1), px(6))


class _Counts(QWidget):
    """How many sources are in each state, for a narrow window: 2 fresh, 1 stale."""

    def __init__(self, lines: Sequence[SourceLine]) -> None:
        super().__init__()
        self.setFixedHeight(current().px(36))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_lines(lines)

    def show_lines(self, lines: Sequence[SourceLine]) -> None:
        found = [(state, sum(line.state == state for line in lines)) for state in WORDS]
        self._parts = [(WORDS[state], count) for state, count in found if count]
        self.setAccessibleName("Sources: " + ", ".join(f"{count} {word[0].lower()}" for word, count in self._parts))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        painter.setFont(theme.font("caption_medium"))
        x = theme.px(12)
        for (word, icon, role), count in self._parts:
            text = f"{count} {word.lower()}"
            icons.paint(painter, x, (self.height() - theme.px(16)) / 2, icon, role, 16)
            painter.setPen(theme.colour("text"))
            write(painter, QRect(x + theme.px(20), 0, self.width(), self.height()), text)
            x += theme.px(20) + theme.width_of(text, "caption_medium") + theme.px(13)


_IN_ROW = 3
_MOST_IN_THREES = 6
_MOST_ODD = 4
_AS_THEY_ARE = (SourceState.FRESH, SourceState.NOTHING_HELD)


class SourceStrip(Card):
    """Fed with SourceLines, or with Answers and the present moment. Where one row has no room for all names they stand in
    two rows of three; where those have none either, it folds to counts that can be opened out, and under them, where there
    is room, stand those that cannot be taken as they are: asking, stale, unavailable or not permitted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(around=0, gap=0, parent=parent)
        self._lines: tuple[SourceLine, ...] = ()
        self._open = False
        self._mode = ""
        self._shown: tuple[str, ...] = ()
        self._sources: list[_Source] = []
        self._counts: _Counts | None = None
        self.setAccessibleName("Sources")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[SourceLine]) -> None:
        """Sources that stand where they stood are changed in place: the keyboard stays on them."""
        self._lines = tuple(lines)
        self._build()

    def show_answers(self, answers: Sequence[Answer[object]], now: datetime, asking: Sequence[str] = ()) -> None:
        """`asking` are the labels of sources that have not answered yet."""
        still = [SourceLine(label, ASKING) for label in asking]
        self.show_lines([*(line_of(answer, now) for answer in answers), *still])

    @property
    def lines(self) -> tuple[SourceLine, ...]:
        return self._lines

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(200), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._build()

    def _build(self) -> None:
        needs = [_natural(line) for line in self._lines]
        wide = sum(needs) <= self.width()
        in_row = _IN_ROW if _IN_ROW * max(needs, default=0) <= self.width() else 2
        threes = not wide and in_row == _IN_ROW and len(needs) <= _MOST_IN_THREES
        odd = [line for line in self._lines if line.state not in _AS_THEY_ARE]
        brief = 0 < len(odd) <= _MOST_ODD and 2 * max(needs, default=0) <= self.width()
        mode = "wide" if wide else "threes" if threes else ("open" if self._open else "brief" if brief else "folded")
        shown = odd if mode == "brief" else [] if mode == "folded" else list(self._lines)
        where = (f"{mode} {in_row}", *(line.label for line in shown))
        if where == self._shown and self._mode == mode:
            self._change(shown)
            return
        self._mode, self._shown = mode, where
        self._lay(mode, shown, in_row)

    def _change(self, shown: Sequence[SourceLine]) -> None:
        for source, line in zip(self._sources, shown, strict=True):
            if source.line != line:
                source.show_line(line)
        if self._counts is not None:
            self._counts.show_lines(self._lines)

    def _lay(self, mode: str, shown: Sequence[SourceLine], in_row: int) -> None:
        empty(self.body)
        self._counts = None
        self._sources = []
        if mode in ("open", "folded", "brief"):
            self.body.addLayout(self._folded())
        if mode == "wide":
            self._sources = [_Source(line, index == len(shown) - 1) for index, line in enumerate(shown)]
            side = QHBoxLayout()
            side.setSpacing(0)
            for source in self._sources:
                side.addWidget(source, source.natural)
            self.body.addLayout(side)
        elif shown:
            columns = _IN_ROW if mode == "threes" else in_row
            ends = [(n + 1) % columns == 0 or n == len(shown) - 1 for n in range(len(shown))]
            self._sources = [_Source(line, end) for line, end in zip(shown, ends, strict=True)]
            self.body.addLayout(_rows(self._sources, columns))
        self.updateGeometry()

    def _folded(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, current().px(6), 0)
        self._counts = _Counts(self._lines)
        top.addWidget(self._counts, 1)
        button = IconButton("up" if self._open else "down", "Fold the sources" if self._open else "Show every source", size=28)
        button.clicked.connect(self._toggle)
        top.addWidget(button)
        return top

    def _toggle(self) -> None:
        self._open = not self._open
        self._mode = ""
        self._build()


def _rows(sources: Sequence[_Source], columns: int) -> QVBoxLayout:
    """The sources so many to a row, all of one width."""
    rows = QVBoxLayout()
    rows.setSpacing(0)
    for start in range(0, len(sources), columns):
        side = QHBoxLayout()
        side.setSpacing(0)
        row = sources[start : start + columns]
        for source in row:
            side.addWidget(source, 1)
        if len(row) < columns:
            side.addStretch(columns - len(row))
        rows.addLayout(side)
    return rows
