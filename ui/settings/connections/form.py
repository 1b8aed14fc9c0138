"""The form of one connection: its notice, its settings in groups, its secrets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from helpdesk.desk.connections import NAME, SIGN_IN, Form, FormField, Group, Secrets
from ui.settings.connections.model import Shown, Typed
from ui.settings.connections.rows import Beside, FieldRow, NameRow, SecretRow
from ui.theme.theme import current
from ui.widgets.arrange import column, empty, row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Label, Paragraph
from ui.widgets.scroll import Scroll
from ui.widgets.strip import Strip

TITLES = {
    Group.SOURCE: "At this desk",
    Group.CONNECTION: "Connection",
    Group.SIGN_IN: "Sign-in",
    Group.SERVICE: "This service",
    Group.ADVANCED: "Times and limits",
}
WIDEST = 860


class FormPane(QWidget):
    """`edited` carries what stands in the form after each change by hand."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._content = QWidget()
        self._content.setMaximumWidth(current().px(WIDEST))
        self._body = QVBoxLayout(self._content)
        self._body.setContentsMargins(0, 0, current().space(12), current().space(16))
        self._body.setSpacing(current().space(12))
        self.area = Scroll(row(self._content, gap=0, centred=False))
        column(self.area, into=self)
        self._rows: dict[str, FieldRow | NameRow | SecretRow] = {}
        self._wrong: QWidget | None = None
        self._more: Button | None = None
        self._folded: QWidget | None = None

    def show_form(self, shown: Shown) -> None:
        """Draws it anew, from its top; what was typed stands over what is kept."""
        self.clear()
        form = shown.form
        self._body.addWidget(_head(form, shown.told))
        if form.notice:
            self._body.addWidget(Strip("info", "Before it may be used", form.notice))
        for group in Group:
            rows = self._group(form, shown.typed, group)
            if rows and group is Group.ADVANCED:
                self._fold(rows)
            elif rows:
                self._body.addWidget(Card(Label(TITLES[group], "heading"), *rows, gap=2, around=(14, 18)))
        self._body.addStretch(1)
        self._fit_sign_in()
        self.area.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        """Nothing of the former form stays, least of all a secret."""
        for line in self._rows.values():
            if isinstance(line, SecretRow):
                line.line.setText("")
        self._rows, self._more, self._folded, self._wrong = {}, None, None, None
        empty(self._body)

    def typed(self) -> Typed:
        name = self._rows.get(NAME)
        secrets = [r for r in self._rows.values() if isinstance(r, SecretRow)]
        return Typed(
            name=name.line.text() if isinstance(name, NameRow) else "",
            values={r.name: r.text() for r in self._rows.values() if isinstance(r, FieldRow)},
            secrets=Secrets({r.name: r.text() for r in secrets if r.text()}, frozenset(r.name for r in secrets if r.forgets)),
        )

    def show_error(self, field: str, message: str) -> bool:
        """Whether there is such a field; then it has the keyboard and is in sight."""
        found = self._rows.get(field) or self._rows.get(f"secret {field}")
        if found is None:
            return False
        found.set_error(message)
        found.setVisible(True)
        if self._folded is not None and self._folded.isAncestorOf(found):
            self._unfold(True)
        found.inner.setFocus()
        self._wrong = found
        self._bring_into_sight()
        return True

    def clear_errors(self) -> None:
        self._wrong = None
        for line in self._rows.values():
            line.set_error("")

    def error_at(self, field: str) -> str:
        return self._rows[field].error()

    def row(self, field: str) -> Beside:
        return self._rows[field]

    def _group(self, form: Form, typed: Typed, group: Group) -> list[QWidget]:
        made: list[FieldRow | NameRow | SecretRow] = []
        if form.new and group is Group.SOURCE:
            made.append(self._keep(NAME, NameRow(typed.name or form.instance)))
        made += [self._keep(f.name, FieldRow(f, _value(f, typed))) for f in form.fields if f.group is group]
        if group is Group.SIGN_IN:
            for secret in form.secrets:
                text, forget = typed.secrets.keep.get(secret.name, ""), secret.name in typed.secrets.forget
                made.append(self._keep(f"secret {secret.name}", SecretRow(secret, text, forget)))
        return list(made)

    def _keep(self, name: str, made: FieldRow | NameRow | SecretRow) -> FieldRow | NameRow | SecretRow:
        self._rows[name] = made
        made.edited.connect(self._say)
        return made

    def _fold(self, rows: Sequence[QWidget]) -> None:
        """Seldom needed, so out of sight until it is asked for."""
        self._more = Button(TITLES[Group.ADVANCED], "quiet", icon="down")
        self._folded = Card(*rows, gap=2, around=(14, 18))
        self._folded.hide()
        self._more.activated.connect(lambda: self._unfold(self._folded is not None and self._folded.isHidden()))
        self._body.addWidget(row(self._more, None))
        self._body.addWidget(self._folded)

    def _unfold(self, on: bool) -> None:
        if self._folded is not None and self._more is not None:
            self._folded.setVisible(on)
            self._more.set_words(TITLES[Group.ADVANCED], "up" if on else "down")

    def take_keyboard(self) -> None:
        """To the first field."""
        if self._rows:
            next(iter(self._rows.values())).inner.setFocus()

    def _fit_sign_in(self) -> None:
        """What does not belong to the chosen way of signing in is out of sight, unless something stands in it."""
        chosen = self._rows.get(SIGN_IN)
        way = chosen.text() if isinstance(chosen, FieldRow) else ""
        for line in self._rows.values():
            if isinstance(line, FieldRow) and line.field.only_with:
                line.setVisible(way in line.field.only_with or line.text() != line.field.default or bool(line.error()))

    def _bring_into_sight(self) -> None:
        """The whole of the field that is wrong, with its sentence; also once what stands above has taken its room."""
        if self._wrong is not None:
            self.area.ensureWidgetVisible(self._wrong, 0, current().space(8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bring_into_sight()

    def _say(self) -> None:
        self._fit_sign_in()
        self.edited.emit(self.typed())


def _value(field: FormField, typed: Typed) -> str:
    return typed.values.get(field.name, field.value)


def _head(form: Form, told: str) -> QWidget:
    name = Label(form.label, "title")
    kind = Paragraph(form.kind_name if form.new else f"{form.kind_name}, “{form.instance}” in the configuration", "small", "text2")
    gives = Paragraph(form.provides, "small", "text2")
    lines: list[QWidget] = [row(name, None), kind, gives]
    if told:
        lines.append(Paragraph(told, "small", "text2"))
    return column(*lines, gap=2)
