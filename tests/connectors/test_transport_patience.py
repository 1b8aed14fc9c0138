"""What stands before a service: repeats, the circuit breaker, the allowance, and whoever has given up waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest

from connectors import repeats
from connectors.calls import Failed, Raw
from connectors.errors_http import raise_for
from connectors.http import Transport
from connectors.http_settings import HttpSettings
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import ConnectorUnavailable
from helpdesk.registry.allowance import TokenBuckets
from helpdesk.registry.contract import FREE, Allowance, ConnectorContext
from helpdesk.tasks import Errand
from tests.connectors.conftest import FixedClock

LEFT_ALONE = "has not answered several times"


class Service:
    """Gives the replies it is told, one after the other, the last one for ever, and keeps the request ids."""

    def __init__(self, *replies: str | StubReply) -> None:
        self.replies = list(replies)
        self.ids: list[str] = []
        self._lock = threading.Lock()
        self._next: StubReply = StubReply(200, {})
        routes = [Route(method, "/x", self._answer, self._fault) for method in ("GET", "POST")]
        self.server = StubServer(routes)

    @property
    def asked(self) -> int:
        return len(self.ids)

    def _fault(self, request: StubRequest) -> str | None:
        with self._lock:
            self.ids.append(request.headers["X-Request-ID"])
            told = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(told, str):
            return told
        self._next = told
        return None

    def _answer(self, _request: StubRequest) -> StubReply:
        return self._next


OK = StubReply(200, {})


@pytest.fixture
def service() -> Iterator[Callable[..., Service]]:
    made: list[Service] = []

    def make(*replies: str | StubReply) -> Service:
        made.append(Service(*replies))
        return made[-1]

    yield make
    for each in made:
        each.server.stop()


def asks(service: Service, allowance: Allowance = FREE, **settings: Any) -> Transport:
    context = ConnectorContext("pds", "PDS", "XICB", FixedClock(), lambda _name: "", allowance=allowance)
    return Transport(HttpSettings.model_validate({"base_url": service.server.address, **settings}), context)


def soon(status: int, seconds: str) -> StubReply:
    return StubReply(status, {}, {"Retry-After": seconds})


@pytest.mark.parametrize("first", ["reset", soon(503, "0"), soon(429, "0")], ids=["reset", "503", "429"])
def test_what_may_be_repeated_is_with_the_same_request_id(first: str | StubReply, service: Callable[..., Service]) -> None:
    told = service(first, first, OK)
    assert asks(told).get_json("/x").status == 200
    assert (told.asked, len(set(told.ids))) == (3, 1)


@pytest.mark.parametrize(
    ("reply", "settings"),
    [
        (soon(503, "60"), {}),
        (StubReply(503, {}), {}),
        (StubReply(429, {}), {}),
        (StubReply(500, {}), {}),
        (soon(500, "0"), {}),
        (soon(503, "0"), {"retries": 0}),
        ("hang", {"timeout_s": 0.3}),
    ],
    ids=["not in time", "no time named", "429 bare", "500", "500 with a time", "not allowed", "no answer"],
)
def test_what_is_not_asked_again(reply: str | StubReply, settings: dict[str, Any], service: Callable[..., Service]) -> None:
    told = service(reply)
    with pytest.raises(ConnectorUnavailable):
        raise_for(asks(told, **settings).get_json("/x"), "PDS")
    assert told.asked == 1


def test_a_moment_that_is_named_is_waited_for(service: Callable[..., Service]) -> None:
    told = service(soon(503, "1"), OK)
    started = time.monotonic()
    assert asks(told).get_json("/x").status == 200
    assert time.monotonic() - started >= 1


def test_sending_is_repeated_only_where_that_is_harmless(service: Callable[..., Service]) -> None:
    once, again = service(soon(503, "0"), OK), service(soon(503, "0"), OK)
    assert asks(once).post_json("/x", {}).status == 503
    assert asks(again).post_json("/x", {}, repeatable=True).status == 200
    assert (once.asked, again.asked) == (1, 2)


def test_pauses_grow_are_spread_and_have_a_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    now = FixedClock().now()
    drawn: list[tuple[float, float]] = []
    monkeypatch.setattr(repeats.random, "uniform", lambda low, high: drawn.append((low, high)) or high)
    down = Failed(ConnectorUnavailable(""), again=True, down=True)
    assert [repeats.pause_s(down, tried, now) for tried in (0, 1, 2, 9)] == [0.1, 0.2, 0.4, 2.0]
    assert {low for low, _ in drawn} == {0}
    assert repeats.pause_s(Raw(503, {"Retry-After": "7"}, b""), 0, now) == 7.1
    assert repeats.pause_s(Failed(ConnectorUnavailable(""), down=True), 0, now) is None


def fails(transport: Transport) -> str:
    with pytest.raises(ConnectorUnavailable) as caught:
        raise_for(transport.get_json("/x"), "PDS")
    return caught.value.message


@pytest.mark.parametrize("fault", ["500", "reset", "hang"])
def test_a_service_that_does_not_answer_is_left_alone(fault: str, service: Callable[..., Service]) -> None:
    told = service(fault)
    transport = asks(told, breaker_failures=3, timeout_s=0.2, retries=0)
    assert all(LEFT_ALONE not in fails(transport) for _ in range(3))
    assert LEFT_ALONE in fails(transport)
    assert told.asked == 3


def test_after_the_cool_down_one_question_tries_and_an_answer_opens_it_again(service: Callable[..., Service]) -> None:
    told = service("500")
    transport = asks(told, breaker_failures=2, breaker_cool_down_s=0.2)
    for _ in range(2):
        fails(transport)
    while LEFT_ALONE in fails(transport):
        threading.Event().wait(0.02)
    assert told.asked == 3
    assert LEFT_ALONE in fails(transport)
    told.replies = [OK]
    ends = time.monotonic() + 5
    answered = False
    while not answered and time.monotonic() < ends:
        try:
            answered = transport.get_json("/x").status == 200
        except ConnectorUnavailable:
            threading.Event().wait(0.02)
    assert answered
    told.replies = ["500"]
    assert LEFT_ALONE not in fails(transport)


def test_only_one_question_tries(service: Callable[..., Service]) -> None:
    told = service("500")
    transport = asks(told, breaker_failures=1, breaker_cool_down_s=0.05, timeout_s=0.5)
    fails(transport)
    told.replies = ["hang"]
    threading.Event().wait(0.06)
    with ThreadPoolExecutor(8) as pool:
        words = list(pool.map(lambda _n: fails(transport), range(8)))
    assert told.asked == 2
    assert sum(LEFT_ALONE in w for w in words) == 7


@pytest.mark.parametrize(
    "reply", [StubReply(404, {}), StubReply(403, {}), StubReply(429, {}), "broken"], ids=["404", "403", "429", "broken"]
)
def test_an_answer_we_do_not_like_is_an_answer(reply: str | StubReply, service: Callable[..., Service]) -> None:
    told = service(reply)
    transport = asks(told, breaker_failures=2)
    for _ in range(4):
        with pytest.raises(Exception, match="PDS") as caught:
            raise_for(transport.get_json("/x"), "PDS")
        assert LEFT_ALONE not in str(caught.value)
    assert told.asked == 4


def test_failures_must_be_in_a_row_and_may_be_without_end(service: Callable[..., Service]) -> None:
    now_and_then = service("500", OK, "500", OK, "500")
    transport = asks(now_and_then, breaker_failures=2)
    for _ in range(2):
        fails(transport)
        transport.get_json("/x")
    assert LEFT_ALONE not in fails(transport)
    never = asks(service("500"), breaker_failures=0)
    assert all(LEFT_ALONE not in fails(never) for _ in range(10))


def test_questions_run_side_by_side() -> None:
    all_there = threading.Barrier(10)

    def answer(_request: StubRequest) -> StubReply:
        all_there.wait(2)
        return OK

    server = StubServer([Route("GET", "/x", answer)])
    settings = HttpSettings(base_url=server.address, timeout_s=5, retries=0)
    transport = Transport(settings, ConnectorContext("pds", "PDS", "XICB", FixedClock(), lambda _name: ""))
    try:
        with ThreadPoolExecutor(10) as pool:
            assert [reply.status for reply in pool.map(lambda _n: transport.get_json("/x"), range(10))] == [200] * 10
    finally:
        server.stop()


def test_too_many_questions_at_once_are_told_so(service: Callable[..., Service]) -> None:
    told = service(OK)
    transport = asks(told, TokenBuckets(2), timeout_s=0.2)
    assert [transport.get_json("/x").status for _ in range(2)] == [200, 200]
    assert "busy" in fails(transport)
    assert told.asked == 2


def test_a_repeat_takes_a_turn_too(service: Callable[..., Service]) -> None:
    told = service("reset", "reset", OK)
    assert "busy" in fails(asks(told, TokenBuckets(2), timeout_s=0.3))
    assert told.asked == 2


def test_a_search_that_is_given_up_drops_what_is_queued(service: Callable[..., Service]) -> None:
    told = service(OK)
    transport = asks(told, TokenBuckets(1), timeout_s=30)
    transport.get_json("/x")
    errand = Errand()

    def search(_n: int) -> str:
        with errand.running():
            return fails(transport)

    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(search, n) for n in range(8)]
        started = time.monotonic()
        errand.give_up()
        assert all("nobody waits" in w.result(timeout=10) for w in waiting)
    assert time.monotonic() - started < 3
    assert told.asked == 1
    assert transport.get_json("/x").status == 200


def test_a_pause_before_a_repeat_is_dropped_too(service: Callable[..., Service]) -> None:
    told = service(soon(503, "20"))
    transport = asks(told, timeout_s=30)
    errand = Errand()
    with errand.running(), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(copy_context().run, fails, transport)
        while not told.asked:
            threading.Event().wait(0.01)
        errand.give_up()
        assert "nobody waits" in waiting.result(timeout=5)
