"""Every connector under every fault: the state of design section 5, in time, in plain words, others unharmed, nothing told."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import connectors
from connectors.http import Transport
from connectors.http_settings import HttpSettings
from connectors.stub_faults import FAULTS as SHOWN
from helpdesk.errors import ConnectorUnavailable
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.conftest import FixedClock
from tests.connectors.tiny_area import JANE
from tests.faults.canaries import listening
from tests.faults.doors import CANARIES, DOORS, KEY, NO_HTTP
from tests.faults.fault_matrix import MOST_MB, Cell, Report, cells, run
from tests.faults.fault_table import BIG, FAULTS, TLS, unplain
from tests.faults.ground import Ground, ground
from tests.faults.printed import LINES

MOST_S = 75
WANTED = {
    *("hang", "drip", "drip_head", "reset", "half_open", "broken", "wrong_types", "empty", "outcome", "huge", "gzip_bomb", "redirect"),
    *("401", "403", "404", "408", "409", "412", "422", "425", "429", "429_bare", "500", "503"),
    *("tls_other_authority", "tls_other_name", "tls_plain_text"),
}


@pytest.fixture(scope="module")
def report() -> Report:
    made = run(cells())
    LINES.extend(made.lines())
    return made


@pytest.fixture(scope="module")
def on() -> Iterator[Ground]:
    with ground() as made:
        yield made


def test_every_connector_and_every_fault_is_in_it() -> None:
    """A connector that asks over HTTP and has no door here fails; so does a fault that a stub shows and the table leaves out."""
    folders = Path(str(connectors.__file__)).parent.glob("*/manifest.toml")
    known = {tomllib.loads(path.read_text(encoding="utf-8"))["id"] for path in folders}
    assert {d.connector for d in DOORS} | NO_HTTP == known
    assert set(FAULTS) >= WANTED
    assert set(SHOWN) | set(TLS) == set(FAULTS)


@pytest.mark.parametrize("fault", ["500", "reset", *BIG])
def test_one_door_alone(fault: str) -> None:
    """A part of the matrix that is over in a second."""
    alone = run([Cell(d, fault) for d in DOORS if d.name == "ODS, one organisation"])
    assert (alone.failures, alone.leaks, len(alone.verdicts)) == ([], [], 1)


@pytest.mark.timeout(300)
def test_every_cell_is_as_the_table_says(report: Report) -> None:
    assert report.failures == []
    assert len(report.verdicts) == len(cells())


def test_no_token_key_identifier_or_postcode_is_told(report: Report) -> None:
    assert sorted(set(report.leaks)) == []
    assert report.looked > len(report.verdicts)


def test_it_is_over_soon_and_fills_no_memory(report: Report) -> None:
    assert min(report.seconds, report.busy_s) < MOST_S
    assert report.peak_mb < MOST_MB
    assert {v.cell.fault for v in report.verdicts} >= set(BIG)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "PDS timed out.",
        "PDS answered with HTTP 503.",
        "PDS is not available",
        "PDS is not available. Max retries exceeded.",
        "PDS cannot be reached at http://127.0.0.1.",
        "PDS holds nobody with 9000000114.",
        "PDS: ConnectionError(reset by peer).",
    ],
)
def test_words_that_are_not_plain_are_found(words: str) -> None:
    assert unplain(words)


def test_what_leaks_is_found(on: Ground) -> None:
    """In a log line however deep the logger, in an error under an error, in a repr of what lies within."""
    with listening(CANARIES) as listener:
        logging.getLogger("urllib3.connectionpool").debug("GET %s", "nothing")
        logging.getLogger("connectors.deep.within").debug("asked with %s", KEY)
        assert len(listener.leaks) == 1
        error = ConnectorUnavailable("PDS is not available.")
        error.__cause__ = OSError(f"GET /Patient/{JANE}")
        listener.look_at_error(error, "an error")
        assert len(listener.leaks) == 2
        context = ConnectorContext("pds", "PDS", KEY, FixedClock(), lambda _name: "")
        listener.look_at_reprs(Transport(HttpSettings(base_url="http://127.0.0.1:1"), context), "a repr")
        assert len(listener.leaks) == 3


@pytest.mark.parametrize("fault", ["redirect", "500", "outcome", "wrong_types"])
def test_a_reply_that_quotes_what_was_asked_is_not_shown_by_its_repr(fault: str, on: Ground) -> None:
    """The canaries were there: the service gives them back."""
    with ExitStack() as stack:
        address, _trusts, _server = on.faulty(DOORS[0], fault, stack)
        settings = HttpSettings(base_url=address, sign_in="api_key")
        transport = Transport(settings, ConnectorContext("pds", "PDS", "XICB", FixedClock(), lambda _name: KEY))
        reply = transport.get_json(f"/Patient/{JANE}")
        told = f"{reply.body} {reply.headers}"
        assert str(JANE) in told or fault == "500"
        assert not any(canary in repr(reply) for canary in CANARIES)
