"""The MESH connector against NHS England's own sandbox and client library, over real HTTP and HTTPS."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.errors import ConnectorAuthFailed, ConnectorUnavailable
from helpdesk.spool import Spool
from tests.connectors.authority import new_authority
from tests.connectors.mesh_server import SECRETS, WORKFLOW, Sandbox, mesh_sandbox

pytestmark = pytest.mark.timeout(180)
LIST = b"a,b\r\n" + b"".join(b"%d,%s\r\n" % (n, os.urandom(40).hex().encode()) for n in range(3000))


@pytest.fixture(scope="module", params=["http", "https"])
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp(request.param)
    authority = new_authority(folder) if request.param == "https" else None
    with mesh_sandbox(folder / "sandbox", authority=authority) as made:
        yield made


def test_the_handshake_lets_us_in(sandbox: Sandbox) -> None:
    sandbox.mailbox().check()


@pytest.mark.parametrize("wrong", SECRETS)
def test_a_wrong_secret_is_said_in_plain_words(sandbox: Sandbox, wrong: str) -> None:
    with pytest.raises(ConnectorAuthFailed, match="did not accept the mailbox"):
        sandbox.mailbox({**SECRETS, wrong: "another"}).check()


def test_without_our_certificate_nothing_is_asked(sandbox: Sandbox) -> None:
    if not sandbox.address.startswith("https"):
        pytest.skip("certificates are shown over https only")
    with pytest.raises(ConnectorUnavailable):
        sandbox.mailbox(client_certificate=None).check()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("parts", [1, 3])
def test_what_the_nhs_client_sends_arrives_byte_by_byte(sandbox: Sandbox, tmp_path: Path, parts: int, packed: bool) -> None:
    mailbox, spool = sandbox.mailbox(), Spool(tmp_path / "spool")
    with sandbox.sender() as sender:
        message = sender.send_message(
            "X26ABC2", LIST, max_chunk_size=len(LIST) // parts + 1, compress=packed, workflow_id=WORKFLOW, filename="list 2026-11-15.csv"
        )
    assert message in mailbox.arrived()
    delivery = mailbox.fetch(message, spool)
    with delivery.file.open("rb") as file:
        assert file.read() == LIST
    assert delivery.name == "list 2026-11-15.csv"
    assert len(list((tmp_path / "spool").iterdir())) == parts
    mailbox.acknowledge(message)
    assert message not in mailbox.arrived()
    mailbox.acknowledge(message)


def test_a_file_that_was_packed_before_it_was_sent_opens_as_what_is_inside(sandbox: Sandbox, tmp_path: Path) -> None:
    mailbox = sandbox.mailbox()
    data = gzip.compress(LIST)
    with sandbox.sender() as sender:
        message = sender.send_message("X26ABC2", data, max_chunk_size=len(data) // 2 + 1, workflow_id=WORKFLOW, compressed="Y")
    delivery = mailbox.fetch(message, Spool(tmp_path / "spool"))
    with delivery.file.open("rb") as file:
        assert file.read() == LIST
    mailbox.acknowledge(message)


def test_other_workflows_stay_where_they_are(sandbox: Sandbox) -> None:
    with sandbox.sender() as sender:
        message = sender.send_message("X26ABC2", b"other", workflow_id="TEST_WORKFLOW2")
    assert message not in sandbox.mailbox().arrived()
    assert message in sandbox.mailbox(workflows=("TEST_WORKFLOW2",)).arrived()


def test_more_messages_than_a_page_are_all_found(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.mesh.client._AT_ONCE", 10)
    mailbox = sandbox.mailbox()
    with sandbox.sender() as sender:
        sent = {sender.send_message("X26ABC2", b"x", workflow_id=WORKFLOW) for _ in range(23)}
    assert sent <= set(mailbox.arrived())
    assert json.dumps(mailbox.arrived())
