"""The servers of `bench sources`, in a process of their own: what they do takes nothing from the program that is measured."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from helpdesk.errors import ConnectorUnavailable
from helpdesk.lazy import load
from helpdesk.practice.model import Area
from helpdesk.practice.serving import serve

_STARTS_IN_S = 60.0
_ENDS_IN_S = 10.0


@dataclass(frozen=True)
class PacedSource:
    """One system: its stub, the requests that take `delay_ms` (the others are answered at once), and how large each bundle
    is. Requests of one look-up that take the delay are sent side by side, so that the whole look-up takes it once."""

    instance: str
    kind: str
    label: str
    delay_ms: int
    slow: tuple[str, ...]
    entries: int = 0
    entry_bytes: int = 0
    settings: Mapping[str, Any] | None = None


class PacedServers:
    """`addresses` by instance."""

    def __init__(self, pipe: Any, addresses: Mapping[str, str]) -> None:
        self._pipe = pipe
        self.addresses = addresses

    def bytes_of(self, instance: str) -> int:
        """How many bytes its slow replies have, each counted once."""
        self._pipe.send(instance)
        size: int = self._pipe.recv()
        return size


@contextmanager
def serving(area: Area, stubs: Mapping[str, str], sources: Sequence[PacedSource]) -> Iterator[PacedServers]:
    """The running servers. `stubs` names each stub's entry. Raises ConnectorUnavailable where they do not start."""
    apart = multiprocessing.get_context("spawn")
    here, there = apart.Pipe()
    process = apart.Process(target=_serve, args=(there, area, dict(stubs), tuple(sources)), name="bench-servers", daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(_STARTS_IN_S):
            raise ConnectorUnavailable("The servers to be measured against did not start.")
        try:
            addresses: Mapping[str, str] = here.recv()
        except EOFError:
            raise ConnectorUnavailable("The servers to be measured against did not start.") from None
        yield PacedServers(here, addresses)
    finally:
        here.close()
        process.join(_ENDS_IN_S)
        if process.is_alive():
            process.terminate()


def _serve(pipe: Any, area: Area, stubs: Mapping[str, str], sources: Sequence[PacedSource]) -> None:
    """Until whoever started it closes the pipe, or is no more."""
    with serve(area, stubs) as served:
        pace = load("connectors.stub_pace:pace")
        sent = {s.instance: pace(served.servers[s.instance], s.slow, s.delay_ms / 1000, s.entries, s.entry_bytes) for s in sources}
        pipe.send(served.addresses)
        try:
            while True:
                pipe.send(sent[pipe.recv()]())
        except EOFError:
            return
