"""One file being read: its sound rows as they are met, and at the end what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from connectors.waiting_list_extract.activity import Activities
from connectors.waiting_list_extract.clocks import Clocks
from connectors.waiting_list_extract.csv_records import BrokenRecord, CsvFile
from connectors.waiting_list_extract.fields import Fields, Problems
from connectors.waiting_list_extract.header import Header
from connectors.waiting_list_extract.mapping import ExtractMapping
from connectors.waiting_list_extract.open_pathways import OpenPathways
from connectors.waiting_list_extract.persons import Persons
from connectors.waiting_list_extract.referrals import Referrals
from connectors.waiting_list_extract.totals import Totals
from connectors.waiting_list_extract.translation import Translation
from connectors.waiting_list_extract.whole_file import AnyProvider, OneDay, OneProvider
from helpdesk.desk.ports import Row
from helpdesk.errors import RuleBroken
from helpdesk.extracts.model import ExtractKind, Profile


@dataclass(frozen=True)
class Told:
    """What is known of a file before it is read, besides its mapping: each may be None or ""."""

    kind: ExtractKind | None
    provider: str
    as_at: date | None
    today: date
    source: str


class Rows(Protocol):
    """The rows of one kind of file: makes each of them, and knows at the end whose they are and for which day."""

    @property
    def provider(self) -> OneProvider | AnyProvider: ...

    @property
    def day(self) -> OneDay: ...

    @property
    def left_out(self) -> int: ...

    def row(self, fields: Fields) -> Row | None: ...


class Opened:
    """A file's header, understood: how each of its records is to be read."""

    def __init__(self, records: Iterator[tuple[int, list[str]]], kind: ExtractKind | None, mapping: ExtractMapping | None) -> None:
        first = first_of(records)
        self.translation = Translation(mapping, first) if mapping else None
        wanted = kind or (mapping.kind if mapping else None)
        names = self.translation.names if self.translation else first
        self.header = Header.of(names, wanted)
        self.width = len(first)
        self._named = Header.shown(first)
        self.theirs = self.translation.theirs if self.translation else {}
        self.extra = Header.shown(self.translation.extra) if self.translation else self.header.extra

    def column(self, place: int) -> str:
        """What the file calls the column of this place, or the last one where a row goes on behind it."""
        return self._named[min(place, len(self._named) - 1)]

    def record(self, record: list[str]) -> list[str]:
        return self.translation.record(record) if self.translation else record


class Reading:
    """Fulfils the port `ExtractReading`. Its file is opened twice: for the header and first row, and when it is read."""

    def __init__(self, path: Path, told: Told, mapping: ExtractMapping | None) -> None:
        """Raises RuleBroken when the file is no extract at all."""
        self._path, self._told, self._mapping = path, told, mapping
        self._file = self._opened()
        with self._file as file:
            records = file.records()
            opened = Opened(records, told.kind, mapping)
            self._kind = opened.header.kind
            self._begin(opened)
            try:
                self._look(opened, next(records, None))
            except BrokenRecord:
                self._begin(opened)
        self._profile: Profile | None = None

    def __reduce__(self) -> tuple[type[Reading], tuple[Path, Told, ExtractMapping | None]]:
        """Another process reads the file from its beginning."""
        return Reading, (self._path, self._told, self._mapping)

    @property
    def kind(self) -> ExtractKind:
        return self._kind

    @property
    def provider(self) -> str:
        one = self._kind in _OF_ONE_PROVIDER
        return self._rows.provider.name if one or self._profile else self._told.provider.strip().upper()

    @property
    def as_at(self) -> date | None:
        return self._rows.day.day

    @property
    def share(self) -> float:
        return self._file.share

    @property
    def problem_count(self) -> int:
        return self._problems.count

    def profile(self) -> Profile:
        if self._profile is None:
            raise RuleBroken("The file was not read to its end.", field="file")
        return self._profile

    def __iter__(self) -> Iterator[Row]:
        self._file = self._opened()
        with self._file as file:
            records = file.records()
            opened = Opened(records, self._told.kind, self._mapping)
            self._begin(opened)
            try:
                yield from self._sound(opened, records)
            except BrokenRecord as broken:
                self._problems.add(broken.row, opened.column(broken.place), broken.text)
            sha256 = file.sha256()
        self._end(opened, sha256)

    def _opened(self) -> CsvFile:
        if self._mapping is None:
            return CsvFile(self._path)
        return CsvFile(self._path, delimiter=self._mapping.delimiter, encoding=self._mapping.encoding)

    def _begin(self, opened: Opened) -> None:
        self._problems = Problems(opened.theirs)
        self._totals = Totals(self._path, self._problems)
        self._fields = Fields(opened.header.places, self._problems)
        self._rows = rows_of(self._kind, self._told)
        self._count = 0

    def _look(self, opened: Opened, first: tuple[int, list[str]] | None) -> None:
        """Whose file it is and for which day, as its first row says."""
        if first is None or len(first[1]) != opened.width:
            return
        self._fields.take(first[0], opened.record(first[1]))
        self._rows.row(self._fields)
        self._problems = Problems(opened.theirs)

    def _sound(self, opened: Opened, records: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
        fields, problems, make, width, totals = self._fields, self._problems, self._rows.row, opened.width, self._totals
        for row, record in records:
            if totals.is_trailer(row, record):
                continue
            totals.followed(row)
            self._count += 1
            if len(record) != width:
                problems.add(row, opened.column(len(record)), f"The row has {len(record)} fields; the header has {width}.")
                continue
            before = problems.count
            fields.take(row, opened.record(record))
            made = make(fields)
            if made is not None and problems.count == before:
                yield made

    def _end(self, opened: Opened, sha256: str) -> None:
        day = self._rows.day.day
        if not self._count:
            self._problems.add(None, "", "The file has no rows: it would empty what is held.")
        if day is not None and day > self._told.today and not opened.header.places.keys() & _DAY_COLUMNS:
            self._problems.add(None, "", "The day given for the file is in the future.")
        self._totals.compare(self._count, sha256)
        self._profile = Profile(
            kind=self._kind,
            provider=self._rows.provider.name,
            as_at=day,
            rows=self._count,
            sha256=sha256,
            extra_columns=opened.extra,
            problems=self._problems.kept,
            problem_count=self._problems.count,
            left_out=self._rows.left_out,
            not_used=opened.header.not_used,
        )


_DAY_COLUMNS = {"WEEK_ENDING_DATE", "as_at"}
_OF_ONE_PROVIDER = frozenset(
    {ExtractKind.OPEN_PATHWAYS, ExtractKind.CLOCKS, ExtractKind.CLOCK_STARTS, ExtractKind.CLOCK_STOPS, ExtractKind.PERSONS}
)


def rows_of(kind: ExtractKind, told: Told) -> Rows:
    about = (told.provider, told.as_at, told.today, told.source)
    if kind.held_as is ExtractKind.CLOCKS:
        return Clocks(kind, *about)
    if kind is ExtractKind.PERSONS:
        return Persons(*about)
    if kind is ExtractKind.OPEN_PATHWAYS:
        return OpenPathways(*about)
    return Referrals(*about) if kind is ExtractKind.REFERRALS else Activities(*about)


def first_of(records: Iterator[tuple[int, list[str]]]) -> Sequence[str]:
    """The header. Raises RuleBroken where there is none that can be read."""
    try:
        first = next(records, None)
    except BrokenRecord as broken:
        raise RuleBroken(f"The first row cannot be read. {broken.text}", field="file") from None
    if first is None:
        raise RuleBroken("The file is empty.", field="file")
    return first[1]
