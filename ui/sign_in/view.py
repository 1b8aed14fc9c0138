"""The sign-in screen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.icon import Icon
from ui.widgets.label import Label, Paragraph
from ui.widgets.line_field import LineField
from ui.widgets.strip import Strip

FIRST = "This desk is new. Make its first account: it manages staff, and more accounts are added with it."
AGAIN = "Sign in with your own account; every call and every look carries your name."


class SignInPage(QWidget):
    """`submitted(login, name, password, password again)` on Enter or the button."""

    submitted = Signal(str, str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.login, self.name = LineField("Login"), LineField("Your name")
        self.password, self.again = LineField("Password"), LineField("Password again")
        for secret in (self.password, self.again):
            secret.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._title = Label("Sign in", "screen")
        self._words = Paragraph(AGAIN, "small", "text2")
        self._trouble = Strip("bad", "")
        self._trouble.hide()
        self.button = Button("Sign in", "primary", icon="arrow", key="Enter")
        fields = (self.login, self.name, self.password, self.again)
        head = row(Icon("shield", "accent", 24), self._title, None, gap=12)
        card = Card(head, self._words, self._trouble, *fields, row(None, self.button), gap=14, around=24)
        card.setFixedWidth(current().px(440))
        column(None, row(None, card, None), None, None, into=self)
        self._fields = {"login": self.login, "name": self.name, "password": self.password}
        self.button.activated.connect(self._send)
        for field in fields:
            field.entered.connect(self._send)
        self.show_first(False)

    def show_first(self, first: bool) -> None:
        self.name.setVisible(first)
        self.again.setVisible(first)
        self._title.setText("First account" if first else "Sign in")
        self._words.set_text(FIRST if first else AGAIN)
        self.button.set_words("Make the account" if first else "Sign in")

    def show_waiting(self, on: bool) -> None:
        self.button.set_blocked("Signing in…" if on else "")

    def show_error(self, field: str, message: str) -> None:
        if field in self._fields:
            self._fields[field].set_error(message)
            if message:
                self._fields[field].setFocus()
        else:
            self._trouble.set_words(message)
            self._trouble.setVisible(bool(message))

    def clear_password(self) -> None:
        self.password.set_text("")
        self.again.set_text("")

    def _send(self) -> None:
        if not self.button.blocked:
            self.submitted.emit(self.login.text(), self.name.text(), self.password.text(), self.again.text())
