"""A tiny area made by hand, and connectors on real loopback servers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from connectors.pds import stub as pds_stub
from connectors.pds.client import Pds
from connectors.pds.settings import PdsSettings
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.practice.model import Area
from helpdesk.registry.contract import ConnectorContext
from tests.connectors.tiny_area import NOW, tiny_area


class FixedClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="session")
def area() -> Area:
    return tiny_area()


@pytest.fixture
def context() -> ConnectorContext:
    return ConnectorContext("pds", "PDS", "XICB", FixedClock(), lambda _name: "")


@pytest.fixture
def stub(area: Area) -> Iterator[StubServer]:
    server = pds_stub.serve(area)
    yield server
    server.stop()


@pytest.fixture
def pds_at(context: ConnectorContext) -> Callable[..., Pds]:
    """A PDS connector on that address."""

    def make(address: str, **settings: Any) -> Pds:
        return Pds(PdsSettings(base_url=address, **settings), context)

    return make


@pytest.fixture
def pds(stub: StubServer, pds_at: Callable[..., Pds]) -> Pds:
    return pds_at(stub.address)


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger of the process at its most talkative, as a support engineer might set them."""
    for name in ("", "urllib3", "urllib3.connectionpool", "requests", "connectors"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


class Replies:
    """A server that gives the same reply to everything, and keeps what it was asked."""

    def __init__(self, body: Any, status: int) -> None:
        self.seen: list[StubRequest] = []
        self._reply = StubReply(status, body)
        paths = ("/Patient/{id}", "/Patient/{id}/RelatedPerson", "/Patient")
        self._server = StubServer([Route("GET", path, self._answer) for path in paths])
        self.address = self._server.address

    def _answer(self, request: StubRequest) -> StubReply:
        self.seen.append(request)
        return self._reply

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def replies() -> Iterator[Callable[..., Replies]]:
    made: list[Replies] = []

    def make(body: Any, status: int = 200) -> Replies:
        made.append(Replies(body, status))
        return made[-1]

    yield make
    for server in made:
        server.stop()
