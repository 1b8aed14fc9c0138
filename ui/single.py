"""One window per data folder: a second start hands over what it was asked and goes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 700
LONGEST = 4096
_PHONE = re.compile(r"[0-9+() -]{3,24}")


def name_for(folder: Path) -> str:
    """The name of the folder's own meeting place; nothing of the path can be read from it."""
    return f"nerve-centre-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:20]}"


def hand_over(folder: Path, message: dict[str, str]) -> bool:
    """Whether a window of this folder is open and has been given the message."""
    socket = QLocalSocket()
    socket.connectToServer(name_for(folder))
    if not socket.waitForConnected(WAIT_MS):
        return False
    socket.write(json.dumps(message).encode() + b"\n")
    given = socket.waitForBytesWritten(WAIT_MS)
    socket.disconnectFromServer()
    return given


def phone_in(message: object) -> str:
    """The number in a message of the telephone system, or "" when there is none that could be one."""
    number = message.get("from", "") if isinstance(message, dict) else ""
    return number.strip() if isinstance(number, str) and _PHONE.fullmatch(number.strip()) else ""


class OneWindow(QObject):
    """Listens for later starts. `called(phone)` for each; the number is empty when only the window was wanted."""

    def __init__(self, folder: Path, called: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._called = called
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        name = name_for(folder)
        if not self._server.listen(name):
            QLocalServer.removeServer(name)
            self._server.listen(name)

    @property
    def listening(self) -> bool:
        return self._server.isListening()

    def close(self) -> None:
        self._server.close()

    def _meet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._take(socket)

    def _read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._take(socket)

    def _take(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > LONGEST:
            socket.abort()
            return
        while socket.canReadLine():
            try:
                message = json.loads(bytes(socket.readLine().data()).decode())
            except (UnicodeDecodeError, json.JSONDecodeError):
                continue
            self._called(phone_in(message))
