"""Beside the check: who is on the line, what they may be told, and what to do when the check fails."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from helpdesk.callers.model import CallerKind
from ui.call_desk.verification import words
from ui.call_desk.verification.presenter import Checking
from ui.call_desk.verification.proxy_form import ProxyForm
from ui.keys import Act, KeyMap
from ui.theme.theme import current
from ui.widgets.arrange import column, empty, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.choice import Segmented, Tick
from ui.widgets.fields import Choose
from ui.widgets.icon import Icon
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label, Paragraph
from ui.widgets.line_field import LineField

KINDS = (
    (CallerKind.PATIENT.value, "Patient"),
    (CallerKind.SOMEONE_ELSE.value, "Someone else"),
    (CallerKind.PROFESSIONAL.value, "Professional"),
)
REACHED, NOT_REACHED = "What this caller may be told now:", "Nothing until Status is reached."


class VerifySide(QWidget):
    """`caller_is(CallerKind, authority, sensitive)`, `glass_asked(str)` with the reason, `proxy_said(name, fact)`."""

    caller_is = Signal(object, str, bool)
    glass_asked = Signal(str)
    proxy_said = Signal(str, str)

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self._kind = Segmented("Who is on the line", KINDS)
        self._authority = Choose("Authority", placeholder="None yet: an identity alone is not enough")
        self._authority.set_choices(tuple(words.AUTHORITY.items()))
        self._sensitive = Tick("Sensitive services are included")
        self.proxy = ProxyForm()
        self._whose = column(self._authority, self._sensitive, self.proxy, gap=6)
        self._told = Paragraph(NOT_REACHED, "small", "text2")
        self._tell = QGridLayout()
        self._tell.setVerticalSpacing(current().space(6))
        self.glass = Button("Break glass", "ghost", key=keys.cap(Act.BREAK_GLASS), height=32)
        self.reason = LineField("Why the record must be seen without a check", placeholder="Reviewed by the privacy officer")
        self.see = Button("See the record, tell nothing", "secondary", icon="hidden")
        self._reason = column(self.reason, self.see, gap=8)
        column(
            Card(row(Label("Who is on the line", "heading"), None, KeyCap(keys.cap(Act.WHO_RINGS))), self._kind, self._whose, gap=10),
            Card(Label("What you may tell", "heading"), self._told, self._tell, gap=8),
            Card(
                row(Icon("shield"), Label("If the check fails", "heading"), None, self.glass, gap=8),
                Paragraph(words.IF_IT_FAILS, "heading", "text"),
                self._reason,
                gap=8,
            ),
            gap=12,
            into=self,
        )
        self._kind.chosen.connect(self._changed)
        self._authority.picked.connect(self._changed)
        self._sensitive.clicked.connect(self._changed)
        self.glass.activated.connect(self.open_glass)
        self.see.activated.connect(self._ask_glass)
        self.reason.entered.connect(self._ask_glass)
        self.proxy.said.connect(self.proxy_said)
        self._reason.hide()

    def show_checking(self, checking: Checking) -> None:
        self._kind.set_value(checking.caller.value)
        self._whose.setVisible(checking.caller is CallerKind.SOMEONE_ELSE)
        self._authority.set_choices(tuple(words.authorities(checking.authority).items()))
        self._authority.set_value(checking.authority)
        self._sensitive.setChecked(checking.sensitive)
        self._sensitive.setVisible(bool(checking.authority) and checking.authority not in words.NHS_PROXY)
        self._told.set_text(REACHED if checking.reached else NOT_REACHED)
        empty(self._tell)
        for number, (what, allowed) in enumerate(checking.may_tell):
            mark = Icon("done", "ok", 16) if allowed else Icon("ban", "bad_text", 16)
            line = row(mark, Label(what, "small"), None, gap=6)
            line.setAccessibleName(f"{what}: {'may be told' if allowed else 'not'}")
            self._tell.addWidget(line, number // 2, number % 2)

    def focus_caller(self) -> None:
        """The keyboard to who is on the line; arrow keys choose."""
        self._kind.focus_chosen()

    def open_glass(self) -> None:
        """Breaking the glass begins with its reason."""
        self._reason.show()
        self.reason.line.setFocus()

    def show_glass_error(self, message: str) -> None:
        self._reason.show()
        self.reason.set_error(message)

    def clear_reason(self) -> None:
        self.reason.set_text("")
        self.reason.set_error("")
        self._reason.hide()

    def _changed(self) -> None:
        kind = CallerKind(self._kind.value() or CallerKind.PATIENT.value)
        authority = self._authority.value() if kind is CallerKind.SOMEONE_ELSE else ""
        self.caller_is.emit(kind, authority, bool(authority) and self._sensitive.isChecked())

    def _ask_glass(self) -> None:
        self.reason.set_error("")
        self.glass_asked.emit(self.reason.text())
