"""The window: its frame, the places where screens go, and the cards that come over them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui.keys import Act, KeyMap
from ui.shell.action_bar import ActionBar
from ui.shell.banner import PatientBanner
from ui.shell.call_bar import CallBar
from ui.shell.keys_card import KeysCard
from ui.shell.navigation import Navigation
from ui.shell.overlay import Overlay
from ui.shell.practice_band import band_for
from ui.shell.safety_card import SafetyCard
from ui.theme import icons
from ui.theme.theme import current
from ui.widgets.arrange import empty
from ui.widgets.strip import Strip, StripTone
from ui.widgets.toast import Toast

TITLE = "Nerve Centre"
RAIL_BELOW = 1280
USUAL = QSize(1440, 900)
TITLE_BAR = 40


class MainWindow(QMainWindow):
    """`screen_asked(str)` when a screen is chosen in the navigation; `may_close` is asked before the window goes. The title, which
    other programs can read, never holds anything about a patient."""

    screen_asked = Signal(str)
    search_asked = Signal()

    def __init__(self, keys: KeyMap, profile: str = "live") -> None:
        super().__init__()
        self.keys = keys
        self.may_close: Callable[[], bool] = lambda: True
        self.setWindowTitle(TITLE)
        self.setWindowIcon(icons.icon("headset", "accent", 32))
        self.setMinimumSize(1024, 660)  # a screen of 1024x700, less the bar of its window manager
        self.resize(USUAL)
        self.band = band_for(profile)
        self.call_bar = CallBar(keys)
        self.banner = PatientBanner()
        self.navigation = Navigation(keys)
        self.body = QStackedWidget()
        self.action_bar = ActionBar()
        self._notices = QVBoxLayout()
        self._notices.setContentsMargins(0, 0, 0, 0)
        self._build()
        self.toast = Toast(self._frame)
        self.toast.resized.connect(self._place_toast)
        self.safety = SafetyCard(self._frame)
        self.keys_card = KeysCard(keys, self._frame)
        self._shortcuts: list[QShortcut] = []
        self._wire()

    def open_on_screen(self) -> None:
        """Shows the window at its usual size, or filling a screen that has no room for it and its title bar."""
        room = self.screen().availableGeometry().size()
        small = room.width() <= USUAL.width() or room.height() <= USUAL.height() + TITLE_BAR
        if small and room.width() >= self.minimumWidth():
            self.showMaximized()
        else:
            self.show()

    def _build(self) -> None:
        frame = self._frame = QWidget()
        frame.setObjectName("frame")
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addLayout(self._notices)
        centre.addWidget(self.body, 1)
        middle.addLayout(centre, 1)
        whole = QVBoxLayout(frame)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (self.band, self.call_bar, self.banner):
            if part is not None:
                whole.addWidget(part)
        whole.addLayout(middle, 1)
        whole.addWidget(self.action_bar)
        self.setCentralWidget(frame)

    def _wire(self) -> None:
        self.banner.follow(self.call_bar.safety)
        self.call_bar.safety_asked.connect(self.open_safety)
        self.call_bar.search_asked.connect(self.search_asked)
        self.navigation.chosen.connect(self._chosen)
        for card in self._cards:
            card.opened.connect(self._card_opened)
            card.closed.connect(self._card_closed)
        self.bind(Act.SAFETY, self.open_safety, always=True)
        self.bind(Act.KEYS, self.open_keys)
        self.bind(Act.CALL_DESK, self._ask_call_desk)
        self.bind(Act.STAFF, self.call_bar.open_menu)

    @property
    def _cards(self) -> tuple[Overlay, ...]:
        return (self.safety, self.keys_card)

    @property
    def card_open(self) -> bool:
        """Whether a card lies over the body."""
        return any(card.isVisible() for card in self._cards)

    def bind(self, act: Act, call: Callable[[], None], *, always: bool = False) -> None:
        """Gives an act its keys in the whole window. While a card is open only what is `always` answers."""
        key = self.keys[act]
        for sequence in (key.key, *key.also):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(call)
            if not always:
                self._shortcuts.append(shortcut)
                shortcut.setEnabled(not self.card_open)

    def add_screen(self, screen: QWidget) -> int:
        """Puts a screen into the body and says its number."""
        return self.body.addWidget(screen)

    def show_screen(self, screen: QWidget, navigation_id: str = "call_desk", *, banner: bool = True) -> None:
        """Without the banner where several people stand on the screen. Source: NHS Common User Interface, patient banner."""
        self.banner.setVisible(banner)
        self.body.setCurrentWidget(screen)
        self.navigation.show_chosen(navigation_id)

    def show_notice(self, fact: str, sentence: str = "", tone: StripTone = "warn") -> None:
        """One strip above the screen; an empty fact takes it away."""
        empty(self._notices)
        space = current().space
        self._notices.setContentsMargins(*((space(16), space(12), space(16), 0) if fact else (0, 0, 0, 0)))
        if fact:
            self._notices.addWidget(Strip(tone, fact, sentence))

    def tell(self, fact: str, sentence: str = "") -> None:
        """A toast: something was done. Never for danger, and never the only trace of a failure."""
        self.toast.tell(fact, sentence)

    def open_safety(self) -> None:
        """The 999 / 111 card, over whatever is there."""
        self.keys_card.close_card()
        self.safety.open_card(self.call_bar.pill.words()[2])

    def open_keys(self) -> None:
        self.keys_card.open_card()

    def _ask_call_desk(self) -> None:
        self.screen_asked.emit("call_desk")

    def _chosen(self, screen_id: str) -> None:
        if screen_id == "keys":
            self.open_keys()
        else:
            self.screen_asked.emit(screen_id)

    def _card_opened(self) -> None:
        self._below(False)
        self._place_cards()

    def _card_closed(self) -> None:
        if not self.card_open:
            self._below(True)

    def _below(self, enabled: bool) -> None:
        """What a card covers neither takes keys nor clicks."""
        for part in (self.navigation, self.body, self.action_bar, self.call_bar.search):
            part.setEnabled(enabled)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(enabled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.navigation.set_rail(self.width() / current().scale < RAIL_BELOW)
        self._place_cards()
        self._place_toast()

    def _place_cards(self) -> None:
        """Cards leave the bar and the banner in sight. Source: NHS Common User Interface, PAB-0013."""
        frame = self._frame
        layout = frame.layout()
        if layout is not None:
            layout.activate()
        above = self.call_bar if self.banner.isHidden() else self.banner
        top = above.geometry().bottom() + 1
        for card in self._cards:
            card.setGeometry(QRect(0, top, frame.width(), frame.height() - top))

    def _place_toast(self) -> None:
        frame = self._frame
        toast = self.toast
        bottom = frame.height() - self.action_bar.height()
        toast.move(frame.width() - toast.width() - current().px(4), bottom - toast.height() - current().px(2))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close():
            super().closeEvent(event)
        else:
            event.ignore()
