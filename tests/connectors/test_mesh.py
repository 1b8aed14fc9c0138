"""The MESH connector over real HTTP against its stub: what it signs, what it takes, what it leaves, and where it goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.mesh.authorisation import Signer
from connectors.mesh.client import MeshMailbox
from connectors.mesh.settings import MeshSettings
from connectors.mesh.stub import MAILBOX, STUB_KEY, STUB_PASSWORD, WORKFLOW, MeshStub
from connectors.stub_routes import Route, StubReply, StubRequest
from helpdesk.clock import SystemClock
from helpdesk.errors import ConnectorAuthFailed, ConnectorRejected, ConnectorUnavailable
from helpdesk.registry.contract import ConnectorContext
from helpdesk.spool import Spool
from tests.connectors.loopback import SetClock
from tests.connectors.tiny_area import NOW

SECRETS = {"shared_key": STUB_KEY, "mailbox_password": STUB_PASSWORD}
DATA = b"".join(b"%d,row\r\n" % n for n in range(30_000))
PART = "GET /messageexchange/{mailbox}/inbox/{message}/{part}"


@pytest.fixture
def stub() -> Iterator[MeshStub]:
    server = MeshStub()
    yield server
    server.stop()


@pytest.fixture
def mailbox_at(stub: MeshStub) -> Callable[..., MeshMailbox]:
    def make(secrets: Mapping[str, str] = SECRETS, **settings: Any) -> MeshMailbox:
        told = {"base_url": stub.address, "mailbox": MAILBOX, "workflows": (WORKFLOW,), "retries": 0, **settings}
        return MeshMailbox(MeshSettings(**told), _context(secrets))

    return make


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def _context(secrets: Mapping[str, str]) -> ConnectorContext:
    return ConnectorContext("mesh", "MESH", "XICB", SystemClock(), secrets.__getitem__, "NerveCentreHelpdesk/1.0")


def change(stub: MeshStub, name: str, answer: Callable[[StubRequest, StubReply], StubReply]) -> None:
    """What a route of the stub answers, changed on its way."""

    def wrapped(route: Route) -> Route:
        return replace(route, answer=lambda request: answer(request, route.answer(request))) if route.name == name else route

    stub.behind(wrapped)


def read(mailbox: MeshMailbox, message: str, spool: Spool) -> bytes:
    with mailbox.fetch(message, spool).file.open("rb") as file:
        return file.read()


def test_a_signature_is_what_the_nhs_client_makes_of_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    mesh_client = pytest.importorskip("mesh_client", reason="mesh-client is not installed")
    context = replace(_context(SECRETS), clock=SetClock(NOW))
    ours = Signer(MAILBOX, context).headers()["Authorization"]
    mailbox, nonce, count, at, _ = ours.removeprefix("NHSMESH ").split(":")
    theirs = mesh_client.AuthTokenGenerator(STUB_KEY.encode(), mailbox, STUB_PASSWORD)
    theirs._nonce, theirs._nonce_count = nonce, int(count)
    monkeypatch.setattr(mesh_client.dt, "datetime", type("At", (), {"now": staticmethod(lambda _zone: NOW)}))
    assert theirs.generate_token() == ours
    assert at == f"{NOW:%Y%m%d%H%M}"


def test_no_signature_goes_out_twice() -> None:
    signer = Signer(MAILBOX, _context(SECRETS))
    assert len({signer.headers()["Authorization"] for _ in range(50)}) == 50


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", ["", "two\nlines", "naïve"])
def test_a_secret_that_is_not_whole_is_said(mailbox_at: Callable[..., MeshMailbox], name: str, value: str) -> None:
    with pytest.raises(ConnectorAuthFailed, match=f"The {name.replace('_', ' ')} kept on this computer for MESH is not whole"):
        mailbox_at({**SECRETS, name: value}).check()


def test_the_nhs_client_reads_our_stub_as_we_do(stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], spool: Spool) -> None:
    mesh_client = pytest.importorskip("mesh_client", reason="mesh-client is not installed")
    held = stub.mailbox.put("list.csv", DATA, parts=3)
    with mesh_client.MeshClient(stub.address, MAILBOX, STUB_PASSWORD, shared_key=STUB_KEY.encode()) as theirs:
        theirs.handshake()
        assert theirs.list_messages() == list(mailbox_at().arrived()) == [held.id]
        assert theirs.retrieve_message(held.id).read() == DATA == read(mailbox_at(), held.id, spool)
        theirs.acknowledge_message(held.id)
    assert held.acknowledged


def test_what_was_interrupted_goes_on_where_it_ended(stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], spool: Spool) -> None:
    held, broken = stub.mailbox.put("list.csv", DATA, parts=4), [True]
    change(stub, PART, lambda request, reply: StubReply(503) if request.values["part"] == "3" and broken[0] else reply)
    mailbox = mailbox_at()
    for _ in range(2):
        with pytest.raises(ConnectorUnavailable):
            mailbox.fetch(held.id, spool)
    broken[0] = False
    assert read(mailbox, held.id, spool) == DATA
    assert stub.requests["GET /messageexchange/{mailbox}/inbox/{message}"] == 1
    assert stub.requests[PART] == 1 + 2 + 2


def test_a_part_cut_off_on_the_way_is_none(stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], spool: Spool, tmp_path: Path) -> None:
    held = stub.mailbox.put("list.csv", DATA, parts=2)
    change(stub, PART, lambda _request, reply: replace(reply, body=reply.data[: len(reply.data) // 2]))
    with pytest.raises(ConnectorUnavailable, match="could not be understood"):
        mailbox_at().fetch(held.id, spool)
    assert len(list((tmp_path / "spool").iterdir())) == 1


@pytest.mark.parametrize(
    "header", [{"Mex-Chunk-Range": "3:9"}, {"Mex-Chunk-Range": "1:2"}, {"Mex-MessageID": "ANOTHER"}, {"Mex-Chunk-Range": "2:3"}]
)
def test_another_part_than_was_asked_for_is_none(
    stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], spool: Spool, header: dict[str, str]
) -> None:
    held = stub.mailbox.put("list.csv", DATA, parts=2)
    change(stub, PART, lambda _request, reply: replace(reply, headers={**reply.headers, **header}))
    with pytest.raises(ConnectorUnavailable, match="could not be understood"):
        mailbox_at().fetch(held.id, spool)


def test_a_file_that_is_not_what_its_sender_counted_is_fetched_anew(
    stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], spool: Spool, tmp_path: Path
) -> None:
    held = stub.mailbox.put("list.csv", DATA, parts=2)
    held.checksum, right = "ab" * 32, held.checksum
    mailbox = mailbox_at()
    with pytest.raises(ConnectorUnavailable, match="could not be understood"):
        mailbox.fetch(held.id, spool)
    assert list((tmp_path / "spool").iterdir()) == []
    held.checksum = f"SHA256: {right.upper()}"
    assert read(mailbox, held.id, spool) == DATA
    held.checksum = "to be announced"
    assert read(mailbox, held.id, spool) == DATA


def test_what_is_no_file_for_us_is_left(stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], spool: Spool, tmp_path: Path) -> None:
    report = stub.mailbox.put("", b"", kind="REPORT")
    other = stub.mailbox.put("list.csv", DATA, workflow="OTHER")
    for message, words in ((report, "a report about a message"), (other, "another workflow")):
        with pytest.raises(ConnectorRejected, match=words):
            mailbox_at().fetch(message.id, spool)
    assert list((tmp_path / "spool").iterdir()) == []
    assert mailbox_at().arrived() == (report.id,)


def test_a_file_longer_than_is_taken_ends(stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], spool: Spool, tmp_path: Path) -> None:
    held = stub.mailbox.put("list.csv", b"a" * 3_000_000, parts=2)
    with pytest.raises(ConnectorUnavailable, match="too large"):
        mailbox_at(largest_mb=1).fetch(held.id, spool)
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize("body", [[], {}, {"messages": None}, {"messages": ["../x"]}, {"messages": [7]}, {"messages": [], "links": 7}])
def test_an_inbox_of_another_shape_is_none(stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], body: Any) -> None:
    change(stub, "GET /messageexchange/{mailbox}/inbox", lambda _request, reply: replace(reply, body=body))
    with pytest.raises(ConnectorUnavailable, match="could not be understood"):
        mailbox_at().arrived()


def test_an_inbox_without_an_end_ends(stub: MeshStub, mailbox_at: Callable[..., MeshMailbox]) -> None:
    name = "GET /messageexchange/{mailbox}/inbox"
    change(stub, name, lambda _r, reply: replace(reply, body={"messages": ["A"], "links": {"next": "/x?continue_from=0"}}))
    assert mailbox_at(rate_per_s=1000).arrived() == ("A",)
    assert stub.requests[name] == 20


def test_neither_secrets_nor_a_files_name_are_logged(
    stub: MeshStub, mailbox_at: Callable[..., MeshMailbox], spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    held = stub.mailbox.put("SMITH 9000000009.csv", DATA, parts=2)
    mailbox = mailbox_at()
    delivery = mailbox.fetch(held.id, spool)
    mailbox.acknowledge(held.id)
    stub.refuses = True
    with pytest.raises(ConnectorAuthFailed) as refused:
        mailbox.check()
    told = f"{caplog.text} {delivery!r} {mailbox!r} {refused.value!r}"
    assert not any(word in told for word in (STUB_KEY, STUB_PASSWORD, "SMITH", "9000000009", "NHSMESH"))


@pytest.mark.parametrize(
    "wrong",
    [{"mailbox": "X26/../.."}, {"mailbox": ""}, {"workflows": ()}, {"workflows": ("a b",)}, {"base_url": "http://mesh.example.org"}],
)
def test_settings_that_would_lead_astray_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MeshSettings(**{"base_url": "https://mesh.example.org", "mailbox": MAILBOX, "workflows": (WORKFLOW,), **wrong})
