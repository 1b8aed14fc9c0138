"""Puts prepared rows under a snapshot that nobody reads yet, each as it may be kept by what is known of its person now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, update

from helpdesk.clock import Clock
from helpdesk.errors import RuleBroken
from helpdesk.patients.model import Sensitivity
from helpdesk.storage.bulk import BulkWriter, insert_rows
from helpdesk.storage.index_records import SnapshotRecord
from helpdesk.storage.persons import wipes
from helpdesk.storage.prepared import NUMBER, SENSITIVITY, STATUS, Piece, without_places
from helpdesk.storage.search_keys import LOCATION

_ENDED = "This import has ended: start it again."
_KINDS_OF_PLACE = frozenset(kind.value for kind in LOCATION)
_GIVEN = {"sqlite": "IN (SELECT value FROM json_each(?))", "postgresql": "= ANY(%s)"}
_REPLACED = "SELECT old, new FROM replaced_number WHERE old {}"
_RESTRICTED = (
    f"SELECT number FROM person WHERE number {{}} AND sensitivity = '{Sensitivity.RESTRICTED.value}' AND number_status = '01'"  # noqa: S608  # our own words
    " AND (origin = 0 OR origin IN (SELECT no FROM live_snapshot WHERE kind = 'persons'))"
)  # the same as persons.is_live
_WITHOUT_PLACE = "SELECT row_no FROM person WHERE origin = {} AND location_keys IS NULL AND row_no {}"


class Staging:
    """The writing of one snapshot's rows."""

    def __init__(self, writer: BulkWriter, no: int, clock: Clock) -> None:
        self._writer, self._no, self._clock = writer, no, clock
        self._hidden: set[int] = set()
        self._wipes: str | None = None

    def put(self, pieces: Iterable[Piece]) -> int:
        """How many rows of people or pathways went in. Pieces are drawn outside transactions, so that a slow file never
        holds the write lock. Raises RuleBroken once the snapshot is no longer staged."""
        done = 0
        for table, rows in pieces:
            at = 0
            while at < len(rows):
                some = rows[at : at + self._writer.rows(table)]
                self._writer.transaction(table, len(some), partial(self._insert, table, some))
                at += len(some)
            done += len(rows) if table != "person_key" else 0
        return done

    def _insert(self, table: str, rows: list[tuple[Any, ...]], connection: Connection) -> None:
        if self._wipes is None:
            self._wipes = wipes(connection)
        if table == "person_key":
            self._touch(connection, 0)
            rows = self._keys_that_may_be_kept(connection, rows)
        else:
            self._touch(connection, len(rows))
            rows = self._rows_as_they_may_be_kept(connection, table, rows)
        if rows:
            insert_rows(connection, table, rows)

    def _touch(self, connection: Connection, more: int) -> None:
        now: datetime = self._clock.now()
        mine = update(SnapshotRecord).where(SnapshotRecord.no == self._no, SnapshotRecord.state == "staged")
        if connection.execute(mine.values(rows=SnapshotRecord.rows + more, touched=now)).rowcount != 1:
            raise RuleBroken(_ENDED)

    def _rows_as_they_may_be_kept(self, connection: Connection, table: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Under the number that a person has now, and without what says where they are if they are known as restricted."""
        persons = table == "person"
        asked = [row[NUMBER] for row in rows if not persons or row[STATUS] == "01"]
        now = dict(_asked(connection, _REPLACED, asked))
        restricted = {row[0] for row in _asked(connection, _RESTRICTED, [*asked, *now.values()])} if table != "list_row" else set()
        if not now and not restricted:
            return rows
        return [self._row(table, row, now, restricted) if not persons or row[STATUS] == "01" else row for row in rows]

    def _row(self, table: str, row: tuple[Any, ...], now: dict[str, str], restricted: set[str]) -> tuple[Any, ...]:
        number = now.get(row[NUMBER], row[NUMBER])
        row = (*row[:NUMBER], number, *row[NUMBER + 1 :])
        if number not in restricted:
            return row
        if table == "person" and row[SENSITIVITY] != Sensitivity.RESTRICTED:
            self._hidden.add(row[1])
        return without_places(table, row)

    def _keys_that_may_be_kept(self, connection: Connection, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Without those that say where somebody is who was known as restricted when their row went in, or became so since."""
        hidden = self._hidden
        if wipes(connection) != self._wipes:
            of_places = sorted({row[3] for row in rows if row[0] in _KINDS_OF_PLACE})
            query = _WITHOUT_PLACE.format(self._no, "{}")
            hidden = hidden | {row[0] for row in _asked(connection, query, of_places)}
        return [row for row in rows if row[0] not in _KINDS_OF_PLACE or row[3] not in hidden] if hidden else rows


def _asked(connection: Connection, query: str, values: Sequence[Any]) -> list[Any]:
    """One question for many values: a list of its own for each would be compiled anew each time."""
    if not values:
        return []
    dialect = connection.dialect.name
    given = json.dumps(values) if dialect == "sqlite" else list(values)
    return list(connection.exec_driver_sql(query.format(_GIVEN[dialect]), (given,)))
