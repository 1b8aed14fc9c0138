"""NHS England's own MESH sandbox as a server of this test: signed requests, real HTTP, with a certificate where asked."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.mesh.client import MeshMailbox
from connectors.mesh.settings import MeshSettings
from helpdesk.clock import SystemClock
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.authority import Authority

OURS, THEIRS, WORKFLOW = "X26ABC2", "X26ABC1", "TEST_WORKFLOW"
SECRETS = {"shared_key": "TestKey", "mailbox_password": "password"}
_UP_S = 60


@dataclass(frozen=True)
class Sandbox:
    """`store` is where it keeps its messages."""

    address: str
    store: Path
    ca_file: Path | None = None
    client: Path | None = None

    def sender(self) -> Any:
        """Somebody else's mailbox, with NHS England's own client."""
        mesh_client = pytest.importorskip("mesh_client", reason="mesh-client is not installed")
        cert = (str(self.client),) if self.client else None
        verify = str(self.ca_file) if self.ca_file else None
        return mesh_client.MeshClient(self.address, THEIRS, "password", shared_key=b"TestKey", cert=cert, verify=verify)

    def mailbox(self, secrets: Mapping[str, str] = SECRETS, **settings: Any) -> MeshMailbox:
        told = {"base_url": self.address, "mailbox": OURS, "workflows": (WORKFLOW,), "ca_file": self.ca_file}
        context = ConnectorContext("mesh", "MESH", "XICB", SystemClock(), secrets.__getitem__, "NerveCentreHelpdesk/1.0")
        return MeshMailbox(MeshSettings(**{**told, "client_certificate": self.client, **settings}), context)

    def status_of(self, message: str) -> str:
        held = json.loads((self.store / OURS / "in" / f"{message}.json").read_text(encoding="utf-8"))
        return str(held["events"][0]["status"] if held.get("events") else held["status"])


@contextmanager
def mesh_sandbox(folder: Path, *, authority: Authority | None = None) -> Iterator[Sandbox]:
    """Its store is a folder of this test. With an `authority` it speaks https and wants a client certificate."""
    pytest.importorskip("mesh_sandbox", reason="mesh-sandbox is not installed")
    store = folder / "store"
    store.mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "uvicorn", "mesh_sandbox.api:app", "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    ca = client = None
    if authority is not None:
        ca, here, client = authority.file, authority.signed("here"), authority.signed("client")
        words += ["--ssl-keyfile", str(here), "--ssl-certfile", str(here), "--ssl-ca-certs", str(ca), "--ssl-cert-reqs", "2"]
    told = {"AUTH_MODE": "full", "STORE_MODE": "file", "SHARED_KEY": "TestKey", "MAILBOXES_DATA_DIR": str(store), "ENV": "local"}
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(words, env=os.environ | told, stdout=log, stderr=log, cwd=folder) as server,
    ):
        try:
            scheme = "https" if authority else "http"
            made = Sandbox(f"{scheme}://127.0.0.1:{port}", store, ca, client)
            _wait_for(lambda: _is_up(made), server, folder / "server.log")
            yield made
        finally:
            server.terminate()


def _is_up(sandbox: Sandbox) -> bool:
    try:
        return requests.get(
            f"{sandbox.address}/health",
            timeout=2,
            verify=str(sandbox.ca_file) if sandbox.ca_file else True,
            cert=str(sandbox.client) if sandbox.client else None,
        ).ok
    except requests.RequestException:
        return False


_LOOK_S = 0.1
"""How long its end is waited for before its door is tried again."""


def _wait_for(up: Callable[[], bool], server: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + _UP_S
    while not up():
        if server.poll() is not None or time.monotonic() > ends:
            pytest.fail(f"the MESH sandbox did not start: {log.read_text(errors='replace')[-2000:]}")
        with suppress(subprocess.TimeoutExpired):
            server.wait(_LOOK_S)
