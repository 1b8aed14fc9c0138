"""The parts of the signposting screen: one card in the list, and one channel that may be ticked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy

from helpdesk.signposting.model import Channel
from ui.theme import icons
from ui.theme.paint import box, outline, write
from ui.theme.theme import current

ICONS = {
    Channel.SMS.value: "message",
    Channel.APP.value: "message",
    Channel.EMAIL.value: "mail",
    Channel.LETTER.value: "print",
    Channel.READ_ALOUD.value: "speak",
}
_RIGHT = Qt.TextElideMode.ElideRight


class CardButton(QPushButton):
    """One card: its title, its summary, and why it is offered."""

    def __init__(self, title: str, summary: str, reason: str, *, chosen: bool) -> None:
        super().__init__(title)
        self._summary, self._reason, self._chosen = summary, reason, chosen
        self.setAccessibleName(". ".join(part for part in (title, summary, reason) if part))
        self.setToolTip(summary)
        self.setFixedHeight(current().px(72 if reason else 56))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_chosen(self, chosen: bool) -> None:
        self._chosen = chosen
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(120), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = current(), current().px
        if self._chosen or self.underMouse():
            painter.fillRect(self.rect(), theme.colour("accent_soft" if self._chosen else "hover"))
        if self._chosen:
            painter.fillRect(QRect(0, 0, px(4), self.height()), theme.colour("accent"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), theme.colour("edge"))
        room = self.width() - px(28)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text"))
        write(painter, QRect(px(15), px(8), room, px(20)), self.text())
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        write(painter, QRect(px(15), px(29), room, px(18)), painter.fontMetrics().elidedText(self._summary, _RIGHT, room))
        if self._reason:
            painter.setFont(theme.font("caption"))
            write(painter, QRect(px(15), px(49), room, px(16)), painter.fontMetrics().elidedText(self._reason, _RIGHT, room))
        if self.hasFocus():
            outline(painter, self.rect().adjusted(1, 1, -1, -1), px(6))


class ChannelTick(QCheckBox):
    """One way to give the card. Where it does not fit this person it cannot be ticked, and says why."""

    def __init__(self, channel: str, words: str, allowed: bool, why: str, preview: str) -> None:
        super().__init__(words)
        self.channel, self.preview, self._why = channel, preview, why
        self.setEnabled(allowed)
        self.setAccessibleName(f"{words}: {why}" if why else words)
        self.setFixedHeight(current().px(44))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(current().px(300), self.height())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = current(), current().px
        on, can = self.isChecked(), self.isEnabled()
        box(painter, self.rect(), px(6), "accent_soft" if on else "card", "accent" if on else "edge", 2 if on else 1)
        mark = QRect(px(14), px(13), px(18), px(18))
        box(painter, mark, px(4), "accent" if on else "card", "accent" if on else "field_edge", 1.5)
        if on:
            icons.paint(painter, mark.x() + px(2), mark.y() + px(2), "check", "on_accent", 14)
        icons.paint(painter, px(44), px(12), ICONS.get(self.channel, "send"), "text" if can else "text3")
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text" if can else "text3"))
        write(painter, QRect(px(74), 0, px(120), self.height()), self.text())
        icons.paint(painter, px(170), px(14), "done" if can else "ban", "ok" if can else "bad_text", 16)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        room = self.width() - px(204)
        write(painter, QRect(px(192), 0, room, self.height()), painter.fontMetrics().elidedText(self._why, _RIGHT, room))
        if self.hasFocus():
            outline(painter, self.rect(), px(7))
