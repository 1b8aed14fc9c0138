"""What the tests of several connectors share: who asks, a server that gives one reply, and where published examples lie."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.registry.contract import ConnectorContext

S = TypeVar("S", bound=StubServer)
Keep = Callable[[S], S]


@dataclass
class SetClock:
    """Shows the moment it was set to."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def asking(instance: str, label: str, clock: SetClock) -> ConnectorContext:
    return ConnectorContext(instance, label, "XICB", clock, secret=lambda name: name, user_agent="NerveCentreHelpdesk/1.0")


def keeping() -> Iterator[Keep[Any]]:
    """For a fixture: takes servers in and stops them all at the end."""
    with ExitStack() as stack:

        def keep(server: S) -> S:
            stack.callback(server.stop)
            return server

        yield keep


class Replies(StubServer):
    """Gives the reply told for each route ("GET /Patient"), and keeps what it was asked in `seen`."""

    def __init__(self, replies: Mapping[str, StubReply]) -> None:
        self.seen: list[StubRequest] = []
        super().__init__([Route(*name.split(" ", 1), self._answering(reply)) for name, reply in replies.items()])

    def _answering(self, reply: StubReply) -> Callable[[StubRequest], StubReply]:
        def answer(request: StubRequest) -> StubReply:
            self.seen.append(request)
            return reply

        return answer


class OneReply(Replies):
    """Gives one and the same reply to every request of those routes."""

    def __init__(self, reply: StubReply, *routes: str) -> None:
        super().__init__(dict.fromkeys(routes, reply))


def published(path: str) -> Any:
    """A file of the published specifications; the test is skipped where they are not at hand."""
    beside = Path(__file__).resolve().parents[3]
    folders = [Path(os.environ["NHS_SPECS"])] if "NHS_SPECS" in os.environ else sorted(beside.glob("*/nhs-specs"))
    for folder in folders:
        if (folder / path).is_file():
            return json.loads((folder / path).read_text(encoding="utf-8"))
    pytest.skip(f"the published specifications are not here: set NHS_SPECS to the folder that holds {path}")


def published_names(folder: str, pattern: str) -> list[str]:
    """The files of one folder of the published specifications, as `published` takes them; skipped like it where absent."""
    beside = Path(__file__).resolve().parents[3]
    tops = [Path(os.environ["NHS_SPECS"])] if "NHS_SPECS" in os.environ else sorted(beside.glob("*/nhs-specs"))
    found = next((top for top in tops if (top / folder).is_dir()), None)
    if found is None:
        pytest.skip(f"the published specifications are not here: set NHS_SPECS to the folder that holds {folder}")
    return sorted(str(path.relative_to(found)) for path in (found / folder).glob(pattern))
