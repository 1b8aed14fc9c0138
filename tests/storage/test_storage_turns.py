"""Whoever waits to write gets the next pause, also of another process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

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


class Counting:
    """A connection that counts how often a turn was looked for."""

    def __init__(self, connection: Any) -> None:
        self._connection, self.looks = connection, 0

    def execute(self, statement: str) -> Any:
        self.looks += statement == "BEGIN IMMEDIATE"
        return self._connection.execute(statement)


def test_a_turn_is_looked_for_again_and_again(encrypted: Database, another: object) -> None:
    """SQLite's own waiting would hold on to one look, and sleep in it while others come and go."""
    turns, done, counting = Turns(), Event(), Counting(another)
    with encrypted.begin() as transaction:
        transaction.execute(text("DELETE FROM kept_reply"))
        waiting = Thread(target=lambda: (turns.take(counting), done.set()))
        waiting.start()
        while counting.looks < 5 and not done.is_set():
            done.wait(0.001)
        assert not done.is_set()
        assert turns.waiting == 1
    assert done.wait(20)
    waiting.join(20)
    assert turns.waiting == 0


def test_an_error_that_is_not_about_waiting_is_no_wait(another: object) -> None:
    turns = Turns()
    assert turns.take(another)
    with pytest.raises(Exception, match="within a transaction"):
        turns.take(another)
