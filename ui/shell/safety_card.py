"""999, 111 and 111 option 2: one key away from everywhere, and working with every service down."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPainterPath, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.shell import safety_content
from ui.shell.overlay import Overlay
from ui.shell.safety_content import SafetyContent, SafetyRoute
from ui.theme.paint import Centre, box, write
from ui.theme.theme import current
from ui.theme.tokens import Role
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.fields import Line
from ui.widgets.flow import Flow
from ui.widgets.icon import Icon
from ui.widgets.label import KeyValue, Label, Paragraph

_HEADS: tuple[Role, ...] = ("crisis_999", "crisis_111", "crisis_111_2")


class RouteHead(QWidget):
    """The coloured head of one route: the number large, when it is right, and its key."""

    def __init__(self, route: SafetyRoute, key: str, ground: Role) -> None:
        super().__init__()
        self._route, self._key = route, key
        self._ground: Role = ground
        self.setFixedHeight(current().px(72))
        self.setAccessibleName(f"{route.number}: {route.when}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = current(), current().px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(0, 0, self.width(), self.height() + px(16)), px(8), px(8))
        painter.setClipRect(self.rect())
        painter.fillPath(shape, theme.colour(self._ground))
        painter.setPen(theme.colour("on_crisis"))
        narrow = self.width() < theme.width_of(self._route.number, "figure") + px(150)
        style = "screen" if narrow else "figure"
        painter.setFont(theme.font("screen" if narrow else "figure"))
        write(painter, QRect(px(20), 0, self.width(), self.height()), self._route.number)
        left = px(20) + theme.width_of(self._route.number, "screen" if style == "screen" else "figure") + px(14)
        painter.setFont(theme.font("strong"))
        words = QRect(left, 0, self.width() - left - px(52), self.height())
        write(painter, words, self._route.when, int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap))
        cap = QRect(self.width() - px(44), (self.height() - px(24)) // 2, px(24), px(24))
        box(painter, cap, px(4), None, "on_crisis", 1.2)
        painter.setPen(theme.colour("on_crisis"))
        write(painter, cap, self._key, Centre)


class Quote(QWidget):
    """Words to say to the caller, with a line at their left."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = Paragraph(words, "crisis_say")
        column(self.words, around=(0, 0, 0, 16), into=self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        px = current().px
        box(QPainter(self), QRectF(0, px(2), px(3), self.height() - px(4)), px(1.5), "accent_mid")


class SafetyCard(Overlay):
    """`route_used(str)` carries the id of the route a caller took: "999", "111" or "111_option_2". Ctrl+1 to Ctrl+3 say so
    from anywhere in the card; 1 to 3 move to a route while the keyboard is in no field. What is typed here stays until
    `clear`."""

    route_used = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._content = safety_content.load()
        self.place = Line(spoken="Where they are", placeholder="Where they are", height=40)
        self.number = Line(spoken="The number they are on", placeholder="Their number", height=40)
        self.close_button = Button("Close", "ghost", key="Esc")
        self.acts: dict[str, Button] = {}
        self._quotes: list[Quote] = []
        super().__init__(self._build(self._content), self._content.title, width=1160, parent=parent)
        self.close_button.activated.connect(self.close_card)
        for index, route in enumerate(self._content.routes):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{index + 1}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.acts[route.id].click)
            self.acts[route.id].activated.connect(self._used)

    def open_card(self, number: str = "") -> None:
        """Shows the card with the keyboard in the field for where they are; `number` is the one that rang."""
        if number and not self.number.text():
            self.number.setText(number)
        self.open(self.place)

    def clear(self) -> None:
        """Forgets what was typed and which routes were used: a new call begins."""
        self.place.setText("")  # unlike clear(), it leaves nothing to bring back
        self.number.setText("")
        for route in self._content.routes:
            self.acts[route.id].set_words(route.act)

    def where(self) -> str:
        """Where the caller said they are, and on what number, in words for the notes; "" when nothing was typed."""
        place, number = self.place.text().strip(), self.number.text().strip()
        return f"Where they are: {place}" + (f", on {number}" if number else "") if place else ""

    def _used(self) -> None:
        pressed = self.sender()
        for route in self._content.routes:
            if self.acts[route.id] is pressed:
                self.acts[route.id].set_words(route.done)
                self.route_used.emit(route.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = event.key() - int(Qt.Key.Key_1)
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and 0 <= index < len(self._content.routes) and not isinstance(QApplication.focusWidget(), QLineEdit):
            self.acts[self._content.routes[index].id].setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a small window the words to say are set smaller, so that the three buttons stay in sight."""
        small = self.height() < current().px(640) or self.width() < current().px(1160)
        for quote in self._quotes:
            quote.words.set_style("say" if small else "crisis_say")
        super().resizeEvent(event)

    def _build(self, content: SafetyContent) -> QWidget:
        title = Label(content.title, "screen")
        head = row(
            Icon("warning", "bad_text", 24),
            title,
            None,
            Chip("Works with every system down", "neutral", "done", height=28),
            self.close_button,
            gap=10,
        )
        cards = QWidget()
        side = QHBoxLayout(cards)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(current().space(16))
        for index, route in enumerate(content.routes):
            side.addWidget(self._route_card(route, index), 1)
        return column(head, self._ask(content), cards, _deaf(content), _also(content), gap=12, around=(10, 24, 8, 24))

    def _ask(self, content: SafetyContent) -> QWidget:
        words = column(Paragraph(content.ask, "strong"), Paragraph(content.ask_note, "small", "text2"), gap=0)
        self.place.setMinimumWidth(current().px(220))
        self.number.setFixedWidth(current().px(170))
        line = row(Icon("pin", "text"), (words, 3), (self.place, 2), self.number, gap=12, centred=False)
        return Card(line, around=(10, 16), ground="sunken")

    def _route_card(self, route: SafetyRoute, index: int) -> Card:
        act = Button(route.act, "danger" if index == 0 else "secondary", icon="check", key=f"Ctrl {index + 1}", height=40)
        self.acts[route.id] = act
        inner = QWidget()
        body = QVBoxLayout(inner)
        space = current().space
        body.setContentsMargins(space(20), space(12), space(20), space(16))
        body.setSpacing(space(8))
        body.addWidget(Label("Say", "small_strong", "text2"))
        quote = Quote(route.say)
        self._quotes.append(quote)
        body.addWidget(quote)
        body.addStretch(1)
        body.addSpacing(space(4))
        body.addWidget(act)
        return Card(RouteHead(route, str(index + 1), _HEADS[index]), (inner, 1), around=0, gap=0)


def _deaf(content: SafetyContent) -> QWidget:
    parts: list[QWidget] = []
    for route in content.deaf_routes:
        name = KeyValue("", route.name, value_style="strong")
        parts.append(column(row(name, Label(route.how, "small"), None, gap=8), Label(route.note, "caption", "text2"), gap=0))
    flow = Flow(gap=28, line_gap=6)
    flow.set_items(parts)
    return Card(row(Icon("hand", "text"), Label(content.deaf_title, "strong"), 8, (flow, 1), gap=12), around=(8, 16), ground="sunken")


def _also(content: SafetyContent) -> QWidget:
    lines: list[QWidget] = [Label("Also", "small_strong", "text2")]
    lines += [KeyValue(name, number, value_style="small_strong", gap=6) for name, number in content.also]
    flow = Flow(gap=20)
    flow.set_items(lines, [Label(content.rule, "small_strong")])
    return flow
