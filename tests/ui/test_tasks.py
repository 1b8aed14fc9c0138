"""Work on the pool comes back on the window's thread, and bugs reach the hook without a value."""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

import pytest

from helpdesk.errors import ConnectorUnavailable
from helpdesk.tasks import Done
from ui.excepthook import SENTENCE, BugHook
from ui.tasks import PoolRunner, QtScheduler


@pytest.fixture
def runner(qapp: object) -> Any:
    made = PoolRunner()
    yield made
    made.close()


def test_work_is_done_elsewhere_and_answered_here(runner: PoolRunner, qtbot: Any) -> None:
    threads: list[threading.Thread] = []
    answers: list[Done[int]] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 42

    def then(done: Done[int]) -> None:
        threads.append(threading.current_thread())
        answers.append(done)

    runner.run(work, then)
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers[0].result() == 42
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()


def test_a_foreseen_error_comes_back_as_the_answer(runner: PoolRunner, qtbot: Any) -> None:
    answers: list[Done[None]] = []

    def work() -> None:
        raise ConnectorUnavailable("The service did not answer.")

    runner.run(work, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert isinstance(answers[0].error, ConnectorUnavailable)


def test_a_bug_in_the_work_reaches_the_hook_and_not_the_answer(runner: PoolRunner, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[tuple[type[BaseException], threading.Thread]] = []
    answers: list[Done[None]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: caught.append((kind, threading.current_thread())))

    def work() -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions():
        monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: caught.append((kind, threading.current_thread())))
        runner.run(work, answers.append)
        qtbot.waitUntil(lambda: len(caught) == 1)
    assert caught == [(ZeroDivisionError, threading.main_thread())]
    assert answers == []


def test_many_sources_are_asked_side_by_side(runner: PoolRunner, qtbot: Any) -> None:
    together = threading.Barrier(12, timeout=10)
    answers: list[Done[int]] = []
    for _ in range(12):
        runner.run(together.wait, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 12)
    assert all(answer.error is None for answer in answers)


def test_a_closed_runner_delivers_nothing_and_does_not_wait(qapp: object, qtbot: Any) -> None:
    runner, go = PoolRunner(threads=1), threading.Event()
    answers: list[object] = []
    ended = threading.Event()

    def work() -> None:
        go.wait(10)
        ended.set()

    runner.run(work, answers.append)
    runner.run(work, answers.append)
    runner.close()
    go.set()
    assert ended.wait(10)
    later: list[bool] = []
    scheduler = QtScheduler()
    scheduler.after(0, lambda: later.append(True))
    qtbot.waitUntil(lambda: later == [True])
    assert answers == []
    runner.run(work, answers.append)


def test_what_is_put_off_can_be_taken_back(qapp: object, qtbot: Any) -> None:
    scheduler, said = QtScheduler(), []
    take_back = scheduler.after(0, lambda: said.append("first"))
    scheduler.after(5, lambda: said.append("second"))
    take_back()
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["second"]


def _fail_about(number: str) -> None:
    raise ValueError(f"no pathway for {number}")


@pytest.mark.expects_log("ValueError at test_tasks.py")
def test_the_hook_writes_where_and_never_about_whom(caplog: pytest.LogCaptureFixture) -> None:
    said: list[str] = []
    hook = BugHook(said.append)
    with caplog.at_level(logging.ERROR):
        try:
            _fail_about("9000000009")
        except ValueError as error:
            hook(type(error), error, error.__traceback__)
    assert said == [SENTENCE]
    assert "ValueError at test_tasks.py:" in caplog.text
    assert "_fail_about" in caplog.text
    assert "9000000009" not in caplog.text
    assert "pathway for" not in caplog.text


@pytest.mark.expects_log("Error at ")
def test_a_hook_whose_sentence_fails_does_not_go_round_for_ever() -> None:
    calls: list[int] = []

    def tell(_sentence: str) -> None:
        calls.append(1)
        hook(RuntimeError, RuntimeError(), None)

    hook = BugHook(tell)
    hook(ValueError, ValueError(), None)
    assert calls == [1]
