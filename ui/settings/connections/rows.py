"""One line of the form: what the setting is called and means, and beside it where it is typed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QLineEdit, QWidget

from helpdesk.desk.connections import FormField, SecretField
from ui.settings.connections.controls import control_of
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.choice import Tick
from ui.widgets.fields import Line
from ui.widgets.icon import Icon
from ui.widgets.label import Label, Paragraph

BESIDE_FROM = 560
"""From this width on the words stand beside the control, else above it."""
MOST_BYTES = 64 * 1024
KEPT, NOT_KEPT, GOES = ("Kept", "ok", "lock"), ("Not kept", "neutral", "nothing"), ("Goes when saved", "warn", "warning")


class Beside(QWidget):
    """Words at the left, the control at the right; under one another where there is little room. `edited` by hand;
    `inner` takes the keyboard."""

    edited = Signal()

    def __init__(self, title: str, description: str, extra: str = "", note: str = "") -> None:
        super().__init__()
        head = row(Label(title, "medium"), *([Label(extra, "small", "text2")] if extra else []), None, gap=8)
        words: list[QWidget] = [head]
        self._about = Paragraph(description, "small", "text2")
        if description:
            words.append(self._about)
        if note:
            lock = column(Icon("lock", "text2", 16), None)
            words.append(row(lock, (Paragraph(note, "small", "text2"), 1), gap=6, centred=False))
        self._words = column(*words, None, gap=2)
        self._sentence = Paragraph("", "small", "bad_text")
        self._error = row(Icon("wrong", "bad_text", 16), (self._sentence, 1), gap=6, centred=False)
        self._error.hide()
        self._spoken = " ".join(part for part in (description, note) if part)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, current().space(6), 0, current().space(6))
        self._box.setSpacing(current().space(6))

    def put(self, control: QWidget, inner: QWidget) -> None:
        self.inner = inner
        self._box.addWidget(self._words, 2)
        self._box.addWidget(column(control, self._error, None, gap=4), 3)
        inner.setAccessibleDescription(self._spoken)

    def set_error(self, sentence: str) -> None:
        self._sentence.set_text(sentence)
        self._error.setVisible(bool(sentence))
        self.inner.setAccessibleDescription(f"Error: {sentence}" if sentence else self._spoken)

    def error(self) -> str:
        return self._sentence.text()

    def _say(self, *_told: object) -> None:
        """Each control tells something of its own, which is read from it later."""
        self.edited.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= current().px(BESIDE_FROM)
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._box.setSpacing(current().space(20 if beside else 6))


class FieldRow(Beside):
    def __init__(self, field: FormField, value: str) -> None:
        super().__init__(field.title, field.description, "needed" if field.required else "", field.note)
        self.field, self.name = field, field.name
        self._control = control_of(field, value, self._say)
        self.put(self._control.holder, self._control.inner)

    def text(self) -> str:
        return self._control.read()

    def set_error(self, sentence: str) -> None:
        super().set_error(sentence)
        self._control.set_bad(bool(sentence))


class NameRow(Beside):
    """What a new connection is called for ever."""

    def __init__(self, name: str) -> None:
        super().__init__("Name", "In the configuration and in the audit: small letters, digits and _. It stays for ever.", "needed")
        self.line = Line(spoken="Name")
        self.line.setText(name)
        self.line.textEdited.connect(self.edited)
        self.put(self.line, self.line)

    def set_error(self, sentence: str) -> None:
        super().set_error(sentence)
        self.line.set_bad(bool(sentence))


class SecretRow(Beside):
    """Write-only: what is kept is never shown; an empty line leaves it as it is."""

    def __init__(self, secret: SecretField, typed: str, forget: bool) -> None:
        super().__init__(secret.title, secret.trouble or "In this computer's key store only. It is never shown again.")
        self.name, self._kept = secret.name, secret.kept
        self.line = Line(spoken=secret.title, placeholder="Type or paste to replace it" if secret.kept else "Type or paste it")
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.line.setText(typed)
        self.state = Chip("", "neutral")
        self.forget = Tick("Forget it", spoken=f"Forget the {secret.title} that is kept")
        self.forget.setChecked(forget)
        if not secret.kept:
            self.forget.hide()
        from_file = Button("From a file…", "secondary")
        from_file.setAccessibleName(f"{secret.title} from a file")
        under = row(self.state, self.forget, None, gap=12)
        self.put(column(row((self.line, 1), from_file), under, gap=6), self.line)
        self.line.textEdited.connect(self._changed)
        self.forget.toggled.connect(self._changed)
        from_file.activated.connect(self._pick)
        self._show()

    def text(self) -> str:
        return self.line.text()

    @property
    def forgets(self) -> bool:
        return self._kept and self.forget.isChecked() and not self.text()

    def set_error(self, sentence: str) -> None:
        super().set_error(sentence)
        self.line.set_bad(bool(sentence))

    def _pick(self) -> None:
        found = QFileDialog.getOpenFileName(self, "A file that holds the secret")[0]
        if not found:
            return
        try:
            with Path(found).open("rb") as file:
                self.line.setText(file.read(MOST_BYTES).decode("utf-8").strip())
        except (OSError, UnicodeDecodeError):
            self.set_error("This file cannot be read as text. Choose another one.")
            return
        self.set_error("")
        self._changed()

    def _changed(self) -> None:
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        words, tone, icon = GOES if self.forgets else KEPT if self._kept else NOT_KEPT
        if self.text():
            words, tone, icon = "Kept when saved", "info", "lock"
        self.state.set_state(words, tone, icon)  # type: ignore[arg-type]  # one of the tones above
