"""Prism, a mock server that somebody else wrote: it checks each request against the specification by itself.

Only `make contract` starts it. It is installed by npm into build/prism, pinned, and is no part of the program."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.contract.messages import Reply

WANTED = "CONTRACT_PRISM" in os.environ
PACKAGE, VERSION = "@stoplight/prism-cli", "5.14.2"
"""The last one that runs on Node 18 and 20."""
_HOME = Path(__file__).resolve().parents[2] / "build" / "prism"
_BIN = _HOME / "node_modules" / PACKAGE / "dist" / "index.js"
_START_S = 60.0
_VALIDATION = "application/problem+json"


class NoPrism(Exception):
    """Prism cannot be run here; the text says why."""


def install() -> None:
    """Puts the pinned Prism into build/prism, unless it is there. Raises NoPrism."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NoPrism("Prism needs Node and npm, which are not on this machine: install nodejs and npm, or set CONTRACT=optional.")
    if _installed() == VERSION:
        return
    _HOME.mkdir(parents=True, exist_ok=True)
    (_HOME / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", f"{PACKAGE}@{VERSION}"]
    ran = subprocess.run(command, cwd=_HOME, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NoPrism(
            f"npm could not install Prism {VERSION} ({' '.join(ran.stderr.split())[-200:]}); try again, or set CONTRACT=optional."
        )


def _installed() -> str:
    manifest = _BIN.parents[1] / "package.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"]) if manifest.is_file() else ""


@contextmanager
def mocking(document: Any, folder: Path) -> Iterator[str]:
    """Prism on that document, until the end of the block: its address. Raises NoPrism where it does not come up."""
    source, log = folder / "specification.json", folder / "prism.log"
    source.write_text(json.dumps(document), encoding="utf-8")
    port = _free_port()
    command = ["node", str(_BIN), "mock", "--errors", "--host", "127.0.0.1", "--port", str(port), str(source)]
    with log.open("wb") as words:
        child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT)
    try:
        _until_it_listens(child, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def violations(reply: Reply) -> list[str]:
    """What Prism found wrong with the request that it answers. What it finds wrong with its own mock reply, made from the
    document's examples, is not ours."""
    if reply.content_type.split(";")[0].strip() != _VALIDATION:
        return []
    problem = json.loads(reply.body)
    found = [(v.get("location", ()), v.get("message", "")) for v in problem.get("validation", ())]
    if not found:
        return [f"{problem.get('title', '')}: {problem.get('detail', '')}"]
    return [f"{'/'.join(map(str, place))}: {words}" for place, words in found if place[:1] != ["response"]]


def _until_it_listens(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + _START_S
    while time.monotonic() < ends and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                child.wait(0.1)
        else:
            return
    raise NoPrism(f"Prism did not start: {log.read_text(encoding='utf-8', errors='replace')[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
