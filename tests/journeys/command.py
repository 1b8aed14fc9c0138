"""The command `helpdesk` as somebody outside runs it: a process of its own, in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import identifiers_in

COMMAND = (sys.executable, "-m", "helpdesk.cli")
_NOT_PASSED_ON = ("HELPDESK_", "XDG_", "PYTHON_KEYRING_BACKEND", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "DBUS_SESSION")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, which is one JSON document on one line and nothing else."""
        assert self.out.endswith("\n"), self
        assert self.out.count("\n") == 1, self
        return json.loads(self.out)

    @property
    def problem(self) -> str:
        """The one line it wrote about what is wrong."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self
        assert lines[0].startswith("helpdesk: "), self
        return lines[0].removeprefix("helpdesk: ")


class Terminal:
    """Runs commands without a terminal, without a key store and with nothing of this machine's settings. No identifier
    of a test person may ever stand on standard error."""

    def __init__(self, home: Path, **env: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_PASSED_ON)}
        self.home = home
        self.env = {**kept, "HOME": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", **env}

    def run(self, *words: str, stdin: str = "", env: Mapping[str, str] | None = None, timeout_s: float = 60) -> Ran:
        ran = subprocess.run(
            [*COMMAND, *words],
            input=stdin,
            env={**self.env, **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            start_new_session=True,
        )
        assert not identifiers_in(ran.stderr), "an identifier on standard error"
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    @contextmanager
    def serving(self, *words: str, env: Mapping[str, str] | None = None) -> Iterator[tuple[subprocess.Popen[str], Any]]:
        """`practice serve` as it runs, with what it announced."""
        process = subprocess.Popen(
            [*COMMAND, "practice", "serve", "--people", "200", *words],
            env={**self.env, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()
            process.communicate()


def owner_only(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path
