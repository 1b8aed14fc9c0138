"""A service that keeps failing is left alone, answered for at once, and asked again; one slow person closes it for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.doors import DOORS, Door
from tests.faults.fault_area import fault_area
from tests.faults.fault_matrix import SHORT_S, Cell, Seen, seen_of
from tests.faults.fault_table import unplain
from tests.faults.ground import HEALTHY_S, OTHER, SLOW, Ground, gatekeeper, ground, source_of, stopped, ticket

LEFT_ALONE = "has not answered several times"
COOL_DOWN_S = 0.5
AT_ONCE_S = 0.4
WITH_A_BREAKER = [d for d in DOORS if not d.only_person and not d.only_route and not d.signs_in]
ABOUT_A_PERSON = [
    d
    for d in DOORS
    if d.asked in ("source", "gate") and d.name not in ("GP Connect, appointments", "GP Connect, directory", "BaRS, what is offered")
]


@pytest.fixture(scope="module")
def on() -> Iterator[Ground]:
    with ground() as made:
        yield made


def good(seen: Seen) -> bool:
    return seen.state in ("fresh", "accepted")


@pytest.mark.parametrize("door", WITH_A_BREAKER, ids=lambda d: d.name)
def test_after_its_failures_it_answers_at_once_and_comes_back(door: Door, on: Ground) -> None:
    cell = Cell(door, "500")
    told = {"timeout_s": HEALTHY_S, "breaker_failures": 2, "breaker_cool_down_s": COOL_DOWN_S}
    with ExitStack() as stack:
        address, _trusts, server = on.faulty(door, "500", stack)
        connector = door.connect(address, told, on.beside)
        seen = [seen_of(cell, connector, on) for _ in range(3)]
        assert LEFT_ALONE in seen[-1].message
        assert not unplain(seen[-1].message)
        asked, started = server.requests.total(), time.monotonic()
        again = seen_of(cell, connector, on)
        took = time.monotonic() - started
        if LEFT_ALONE in again.message:
            assert (took < AT_ONCE_S, server.requests.total()) == (True, asked)
        server.fault = None
        ends = time.monotonic() + 10
        while not good(seen_of(cell, connector, on)) and time.monotonic() < ends:
            threading.Event().wait(0.05)
        assert good(seen_of(cell, connector, on))


@pytest.mark.parametrize("door", ABOUT_A_PERSON, ids=lambda d: d.name)
def test_one_slow_person_closes_it_for_nobody(door: Door, on: Ground) -> None:
    """At default settings: somebody with eight booking references, whom the service cannot answer about, looked up twice."""
    with stopped(door.serve(fault_area(door.connector, "hang", SLOW))) as server:
        connector = door.connect(server.address, {"timeout_s": SHORT_S}, on.beside)
        if door.asked == "gate":
            keeper = gatekeeper(connector, kept=False)
            states = [keeper.look(number).answer.state.value for number in (SLOW, SLOW, OTHER)]
        else:
            source = source_of(door, connector, SHORT_S)
            asks = on.enquiry(source)
            states = [asks.ask(ticket(number, references=8), source.info).state.value for number in (SLOW, SLOW, OTHER)]
    assert states == ["unavailable", "unavailable", "fresh"]
