"""The peer of `bench extract`: the driver's own executemany, from memory, of the same rows into the same tables."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from helpdesk.composition.sources import extract_reader
from helpdesk.desk.ports import Row
from helpdesk.errors import ConnectorUnavailable
from helpdesk.extracts.model import ExtractKind
from helpdesk.patients.model import PersonRow
from helpdesk.storage.bulk import RawFile
from helpdesk.storage.prepared import COLUMNS, Preparation
from helpdesk.storage.search_keys import keys_in

_ENDS_IN_S = 20.0


class Peer:
    """One encrypted file with the desk's tables, in a process of its own: its rows take no memory of the import's."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe

    def open(self, path: Path, kind: ExtractKind, day: date) -> None:
        self._pipe.send((path, kind, day))

    def write(self, count: int) -> float:
        """The next so many rows of the file; how many seconds that took, once they were made."""
        self._pipe.send(count)
        try:
            took: float = self._pipe.recv()
        except EOFError:
            raise ConnectorUnavailable("The peer of the measurement broke off.") from None
        return took


@contextmanager
def peer(path: Path, key: bytes) -> Iterator[Peer]:
    apart = multiprocessing.get_context("spawn")
    here, there = apart.Pipe()
    process = apart.Process(target=_work, args=(there, path, key), name="bench-peer", daemon=True)
    process.start()
    there.close()
    try:
        yield Peer(here)
    finally:
        here.close()
        process.join(_ENDS_IN_S)
        if process.is_alive():
            process.terminate()


@dataclass
class _Open:
    """The file that is read, its snapshot's number and how many rows of it were written."""

    kind: ExtractKind
    origin: int
    rows: Iterator[Row]
    written: int = 0


def _work(pipe: Any, path: Path, key: bytes) -> None:
    file, now = RawFile(path, key), _Open(ExtractKind.PERSONS, 0, iter(()))
    try:
        while True:
            said = pipe.recv()
            if isinstance(said, int):
                tables = _tables(now.kind, now.origin, islice(now.rows, said), now.written)
                now.written += said
                began = perf_counter()
                file.write(tables)
                pipe.send(perf_counter() - began)
            else:
                extract, kind, day = said
                reading = extract_reader().read(extract, kind=kind, as_at=day if kind is ExtractKind.PERSONS else None)
                now = _Open(kind, now.origin + 1, iter(reading))
    except EOFError:
        return
    finally:
        file.close()


def _tables(kind: ExtractKind, origin: int, rows: Iterator[Any], first: int) -> list[tuple[str, list[tuple[Any, ...]]]]:
    preparation = Preparation(kind, origin, moments_with_zone=False, first=first)
    made = preparation.unsorted(rows)
    tables = [(preparation.table, made)]
    if preparation.model is PersonRow:
        names = COLUMNS["person"]
        keys, places, born = names.index("keys"), names.index("location_keys"), names.index("born")
        of_all = ((row, key) for row in made for key in keys_in(row[keys] + (row[places] or "")))
        tables.append(("person_key", [(*key, row[0], row[1], row[born]) for row, key in of_all]))
    return tables
