"""The token buckets: never more than the rate and one second's worth, in the order of asking, and none for who has gone."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpdesk.registry.allowance import TokenBuckets


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_twenty_threads_never_get_more_than_the_rate_and_one_burst() -> None:
    clock = Hands()
    buckets = TokenBuckets(5, clock)
    given: list[float] = []
    stop = threading.Event()

    def work(_n: int) -> None:
        while not stop.is_set():
            if buckets.take("pds", 0.5, stop.is_set):
                given.append(clock.at)

    with ThreadPoolExecutor(20) as pool:
        for n in range(20):
            pool.submit(work, n)
        try:
            for step in range(40):
                clock.at += 0.25
                allowed = int(5 + 5 * 0.25 * (step + 1))
                ends = time.monotonic() + 0.5
                while len(given) < allowed and time.monotonic() < ends:
                    threading.Event().wait(0.005)
                assert len(given) <= allowed
        finally:
            stop.set()
    for at in given:
        assert sum(at <= other < at + 1 for other in given) <= 10
    assert len(given) >= 50


def test_a_service_has_a_bucket_of_its_own_and_a_rate_of_its_own() -> None:
    buckets = TokenBuckets(1, Hands())
    buckets.limit("slow", 3)
    buckets.limit("slow", 2)
    assert [buckets.take("a", 0), buckets.take("a", 0), buckets.take("b", 0)] == [True, False, True]
    assert [buckets.take("slow", 0) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("rate", [0.5, 1, 5])
def test_no_turn_in_time_is_said_at_once(rate: float) -> None:
    clock = Hands()
    buckets = TokenBuckets(rate, clock)
    while buckets.take("pds", 0):
        pass
    assert not buckets.take("pds", 0.9 / rate)
    clock.at += 1 / rate
    assert buckets.take("pds", 0)


def test_who_asked_first_is_first() -> None:
    clock = Hands()
    buckets = TokenBuckets(1, clock)
    buckets.take("pds", 0)
    order: list[int] = []
    threads = []

    def work(n: int) -> None:
        assert buckets.take("pds", 60)
        order.append(n)

    for n in range(4):
        threads.append(threading.Thread(target=work, args=(n,)))
        threads[-1].start()
        while len(buckets._buckets["pds"].waiting) < n + 1:
            threading.Event().wait(0.005)
    for n in range(4):
        clock.at += 1
        while len(order) < n + 1:
            threading.Event().wait(0.005)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3]


def test_who_has_gone_takes_no_turn_and_those_behind_move_up() -> None:
    clock = Hands()
    buckets = TokenBuckets(1, clock)
    buckets.take("pds", 0)
    gone = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(buckets.take, "pds", 60, gone.is_set)
        while not buckets._buckets["pds"].waiting:
            threading.Event().wait(0.005)
        second = pool.submit(buckets.take, "pds", 60)
        gone.set()
        assert first.result(timeout=5) is False
        clock.at += 1
        assert second.result(timeout=5) is True
