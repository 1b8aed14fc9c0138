"""Safe connections cannot be made less safe: who is trusted, how old a TLS is taken, and who we say we are."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.http import Transport
from connectors.http_settings import HttpSettings
from connectors.stub_routes import Route, StubReply
from connectors.stub_server import StubServer
from helpdesk.errors import ConnectorRejected, ConnectorUnavailable
from helpdesk.registry.contract import ConnectorContext


def openssl(folder: Path, *arguments: str) -> None:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed: it makes the certificates of these tests")
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, and certificates it signed: for this computer, for another name, for a client, and one that is past."""
    folder = tmp_path_factory.mktemp("certificates")
    new = ("req", "-newkey", "rsa:2048", "-nodes")
    openssl(folder, *new, "-x509", "-days", "2", "-subj", "/CN=Practice CA", "-keyout", "ca.key", "-out", "ca.pem")
    for name, subject, days in (
        ("here", "IP:127.0.0.1", "2"),
        ("other", "DNS:example.org", "2"),
        ("client", "DNS:desk", "2"),
        ("past", "IP:127.0.0.1", "-1"),
    ):
        (folder / "names").write_text(f"subjectAltName={subject}\n", encoding="ascii")
        openssl(folder, *new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        sign = ("x509", "-req", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days, "-extfile", "names")
        openssl(folder, *sign, "-in", f"{name}.csr", "-out", f"{name}.crt")
        (folder / f"{name}.pem").write_bytes((folder / f"{name}.crt").read_bytes() + (folder / f"{name}.key").read_bytes())
    return folder


@pytest.fixture
def serve(certificates: Path) -> Iterator[Callable[..., StubServer]]:
    """A server with that certificate; its context may be changed before it starts."""
    made: list[StubServer] = []

    def make(name: str, change: Callable[[ssl.SSLContext], None] = lambda _context: None) -> StubServer:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / f"{name}.pem")
        change(context)
        made.append(StubServer([Route("GET", "/Patient/{id}", lambda _request: StubReply(200, {}))], tls=context))
        return made[-1]

    yield make
    for server in made:
        server.stop()


def status(address: str, context: ConnectorContext, **settings: Any) -> int:
    transport = Transport(HttpSettings(base_url=address, timeout_s=5, **settings), context)
    try:
        return transport.get_json("/Patient/1").status
    finally:
        transport.close()


def test_an_authority_named_in_the_settings_is_trusted(
    serve: Callable[..., StubServer], certificates: Path, context: ConnectorContext
) -> None:
    assert status(serve("here").address, context, ca_file=certificates / "ca.pem") == 200


def test_an_unknown_authority_is_not(
    serve: Callable[..., StubServer], certificates: Path, context: ConnectorContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("here")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "ca.pem"))
    with pytest.raises(ConnectorUnavailable, match="safe connection"):
        status(server.address, context)
    assert not server.requests


@pytest.mark.parametrize("name", ["other", "past"])
def test_a_certificate_for_another_name_or_past_its_time_is_refused(
    name: str, serve: Callable[..., StubServer], certificates: Path, context: ConnectorContext
) -> None:
    with pytest.raises(ConnectorUnavailable, match="safe connection"):
        status(serve(name).address, context, ca_file=certificates / "ca.pem")


def old_only(context: ssl.SSLContext) -> None:
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_before_1_2_is_refused(serve: Callable[..., StubServer], certificates: Path, context: ConnectorContext) -> None:
    server = serve("here", old_only)
    with pytest.raises(ConnectorUnavailable, match="safe connection"):
        status(server.address, context, ca_file=certificates / "ca.pem")
    assert not server.requests


def test_our_own_certificate_is_shown_when_it_is_asked_for(
    serve: Callable[..., StubServer], certificates: Path, context: ConnectorContext
) -> None:
    def ask(server_context: ssl.SSLContext) -> None:
        server_context.verify_mode = ssl.CERT_REQUIRED
        server_context.load_verify_locations(certificates / "ca.pem")

    server = serve("here", ask)
    trust = {"ca_file": certificates / "ca.pem"}
    assert status(server.address, context, client_certificate=certificates / "client.pem", **trust) == 200
    with pytest.raises(ConnectorUnavailable):
        status(server.address, context, **trust)
    assert server.requests["GET /Patient/{id}"] == 1


@pytest.mark.parametrize("setting", ["ca_file", "client_certificate"])
def test_a_certificate_file_that_cannot_be_read_is_said(setting: str, tmp_path: Path, context: ConnectorContext) -> None:
    (tmp_path / "broken.pem").write_text("no certificate", encoding="ascii")
    for name in ("broken.pem", "missing.pem"):
        with pytest.raises(ConnectorRejected, match="certificate file"):
            status("https://127.0.0.1:1", context, **{setting: tmp_path / name})
