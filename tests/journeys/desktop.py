"""A real desktop for the real program: Xvfb, a window manager, a private D-Bus, keys by xdotool, words by AT-SPI."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

TOOLS = ("Xvfb", "openbox", "xdotool", "dbus-daemon", "import")
_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_TEXT = "org.a11y.atspi.Text"
_SHOWING = 25
TITLE = "^Nerve Centre"


def missing() -> list[str]:
    """The tools that are not on this machine; `make test` installs them."""
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    return absent if any(Path(p).exists() for p in _LAUNCHERS) else [*absent, "at-spi2-core"]


@dataclass(frozen=True)
class Node:
    """One accessible object as a screen reader would find it."""

    role: str
    name: str
    text: str
    showing: bool


class Desktop:
    """One virtual screen. Everything it started ends with `close`."""

    def __init__(self, home: Path, size: str = "1440x900") -> None:
        self._running: list[subprocess.Popen[Any]] = []
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        read, write = os.pipe()
        self._start(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"], pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as told:
            display = told.readline().strip()
        self.env = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "AT_SPI_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS")}
        self.env |= {"DISPLAY": f":{display}", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
        bus = self._start(["dbus-daemon", "--session", "--print-address", "--nofork"], stdout=subprocess.PIPE, text=True)
        assert bus.stdout is not None
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        self._start(["openbox"])
        self._start([next(p for p in _LAUNCHERS if Path(p).exists()), "--launch-immediately"])

    def _start(self, command: list[str], **more: Any) -> subprocess.Popen[Any]:
        env = getattr(self, "env", None)
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=env, **more)
        self._running.append(process)
        return process

    def program(self, *words: str, log: Path) -> subprocess.Popen[bytes]:
        """Starts the desk; what it writes goes to `log`."""
        with log.open("ab") as file:
            process = subprocess.Popen([sys.executable, "-m", "helpdesk.cli", *words], env=self.env, stdout=file, stderr=file)
        self._running.append(process)
        return process

    def wait_for_window(self) -> str:
        window = self._xdotool("search", "--sync", "--onlyvisible", "--name", TITLE).splitlines()[-1]
        self._xdotool("windowactivate", "--sync", window)
        return window

    def key(self, *keys: str) -> None:
        self._xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        self._xdotool("type", "--delay", "15", text)

    def _xdotool(self, *words: str) -> str:
        ran = subprocess.run(["xdotool", *words], env=self.env, check=True, capture_output=True, text=True, timeout=60)
        return ran.stdout.strip()

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", str(path)], env=self.env, check=True, timeout=60)

    def nodes(self) -> list[Node]:
        """Every accessible object of the program, as they stand now."""
        with _Reader(self.env["DBUS_SESSION_BUS_ADDRESS"]) as reader:
            return list(reader.walk())

    def words(self) -> str:
        """Everything that is showing, one object a line."""
        return "\n".join(f"{n.name} {n.text}".strip() for n in self.nodes() if n.showing)

    def wait_for(self, what: str | Callable[[str], bool], *, timeout_s: float = 30) -> str:
        """Until the words stand on the screen (or the condition holds of them); returns all words. Fails with them."""
        end, words = time.monotonic() + timeout_s, ""
        while time.monotonic() < end:
            words = self.words()
            if what in words if isinstance(what, str) else what(words):
                return words
        raise AssertionError(f"Not on the screen in {timeout_s} s: {what!r}. There is:\n{words}")

    def close(self) -> None:
        for process in reversed(self._running):
            if process.poll() is None:
                process.terminate()
        for process in self._running:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def kill(process: subprocess.Popen[Any]) -> None:
    """As a crash or a power cut would end it."""
    process.send_signal(signal.SIGKILL)
    process.wait()


class _Reader:
    """Reads the accessibility tree over D-Bus."""

    def __init__(self, session: str) -> None:
        self._session = open_dbus_connection(session)
        self._bus: DBusConnection | None = None

    def __enter__(self) -> _Reader:
        address = self._ask(self._session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
        self._bus = open_dbus_connection(address[0].split(",guid")[0])
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        if self._bus is not None:
            self._bus.close()

    def walk(self) -> Iterator[Node]:
        root = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        todo = list(self._call(*root, _ACCESSIBLE, "GetChildren") or [])
        while todo:
            where = tuple(todo.pop(0))
            node = self._node(*where)
            if node is None:
                continue
            yield node
            if not (node.showing or node.role in ("application", "frame")):
                continue  # what is not showing holds nothing that is
            children = self._call(*where, _ACCESSIBLE, "GetChildren") or []
            todo[:0] = [tuple(c) for c in children]

    def _node(self, bus: str, path: str) -> Node | None:
        role = self._call(bus, path, _ACCESSIBLE, "GetRoleName")
        if role is None:
            return None
        state = self._call(bus, path, _ACCESSIBLE, "GetState") or [0, 0]
        if not state[0] & (1 << _SHOWING):
            return Node(str(role), "", "", showing=False)
        name = self._property(bus, path, _ACCESSIBLE, "Name") or ""
        length = self._property(bus, path, _TEXT, "CharacterCount")
        text = self._call(bus, path, _TEXT, "GetText", "ii", (0, length)) if length else ""
        return Node(str(role), str(name), str(text or ""), bool(state[0] & (1 << _SHOWING)))

    def _property(self, bus: str, path: str, interface: str, name: str) -> Any:
        held = self._call(bus, path, "org.freedesktop.DBus.Properties", "Get", "ss", (interface, name))
        return held[1] if held else None

    def _call(self, bus: str, path: str, interface: str, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        assert self._bus is not None
        reply = self._ask(self._bus, bus, path, interface, method, signature, body)
        return reply[0] if reply else None

    @staticmethod
    def _ask(
        connection: DBusConnection,
        bus: str,
        path: str,
        interface: str,
        method: str,
        signature: str | None = None,
        body: tuple[Any, ...] = (),
    ) -> Any:
        """The reply's body, or None where the object is gone or has no such interface."""
        message = new_method_call(DBusAddress(path, bus_name=bus, interface=interface), method, signature, body)
        reply = connection.send_and_get_reply(message, timeout=10)
        return None if reply.header.message_type.name == "error" else reply.body
