"""Whoever waits to write gets the next pause, also of another process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text
from storage_facts import KEY

from helpdesk.storage.database import Database, _connect
from helpdesk.storage.turns import Turns


@pytest.fixture
def another(encrypted: Database, tmp_path: Path) -> Iterator[object]:  # the file must be there
    connection = _connect(tmp_path / "helpdesk.db", KEY)
    yield connection
    connection.close()


def test_a_turn_is_looked_for_by_ourselves_and_not_by_sqlite(encrypted: Database, another: object) -> None:
    """SQLite's own waiting would hold the thread in one call until it got the lock; ours is counted while it waits."""
    turns, done = Turns(), Event()
    with encrypted.begin() as transaction:
        transaction.execute(text("DELETE FROM kept_reply"))
        waiting = Thread(target=lambda: (turns.take(another), done.set()))
        waiting.start()
        while not turns.waiting and not done.is_set():
            done.wait(0.001)
        assert not done.is_set()
    assert done.wait(20)
    waiting.join(20)
    assert turns.waiting == 0


def test_an_error_that_is_not_about_waiting_is_no_wait(another: object) -> None:
    turns = Turns()
    assert turns.take(another)
    with pytest.raises(Exception, match="within a transaction"):
        turns.take(another)
