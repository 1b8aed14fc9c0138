"""Looks through one extract file, and gives its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from connectors.waiting_list_extract.csv_records import BrokenRecord, CsvFile
from connectors.waiting_list_extract.fields import Fields, Problems
from connectors.waiting_list_extract.header import Header
from connectors.waiting_list_extract.open_pathways import list_row, number_of
from connectors.waiting_list_extract.persons import person
from connectors.waiting_list_extract.settings import ExtractSettings
from connectors.waiting_list_extract.whole_file import EachOnce, OneList
from helpdesk.clock import london_day
from helpdesk.desk.ports import Row
from helpdesk.errors import ConnectorUnavailable, RuleBroken, Stage
from helpdesk.extracts.model import ExtractKind, Profile
from helpdesk.identifiers import OdsCode
from helpdesk.registry.contract import ConnectorContext

CHANGED = "The file was changed while it was being read. Import it again."


class ExtractFiles:
    """Fulfils the port `ExtractReader` for one instance."""

    def __init__(self, settings: ExtractSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context

    def waiting(self) -> Sequence[Path]:
        folder = self._settings.folder
        if folder is None or not folder.is_dir():
            return ()
        return sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and not p.name.startswith(".") and p.is_file())

    def check(self) -> None:
        """Raises ConnectorUnavailable where the folder that files arrive in is not there."""
        if self._settings.folder is not None and not self._settings.folder.is_dir():
            raise ConnectorUnavailable("The folder for its files is not there.", stage=Stage.SETTINGS)

    def profile(self, path: Path, *, kind: ExtractKind | None = None, provider: str | None = None, as_at: date | None = None) -> Profile:
        problems = Problems()
        with CsvFile(path) as file:
            records = file.records()
            header = _header(records, kind)
            sight = _Sight(header, problems, self._said(header.kind, provider), as_at, self._today())
            try:
                for row, record in records:
                    sight.see(row, record)
            except BrokenRecord as broken:
                problems.add(broken.row, "", broken.text)
            sha256 = file.sha256()
        sight.end()
        return sight.profile(sha256)

    def rows(self, path: Path, profile: Profile) -> Iterator[Row]:
        """Raises RuleBroken, at the latest after the last row, when the file is no longer the one that was profiled."""
        if profile.problem_count or profile.as_at is None:
            raise RuleBroken("Only a file without problems, and with its day, can be imported.", field="file")
        problems = Problems()
        with CsvFile(path) as file:
            try:
                records = file.records()
                header = _header(records, profile.kind)
                for row, record in records:
                    if len(record) != header.width:
                        raise RuleBroken(CHANGED, field="file")
                    made = self._row(Fields(row, record, header, problems), profile, profile.as_at)
                    if problems.count:
                        raise RuleBroken(CHANGED, field="file")
                    if made is not None:
                        yield made
            except BrokenRecord:
                raise RuleBroken(CHANGED, field="file") from None
            if file.sha256() != profile.sha256:
                raise RuleBroken(CHANGED, field="file")

    def _row(self, fields: Fields, profile: Profile, as_at: date) -> Row | None:
        if profile.kind is ExtractKind.PERSONS:
            return person(fields, self._context.instance, as_at)
        number, verified = number_of(fields)
        if number is None or not verified:
            return None
        return list_row(fields, number, OdsCode(profile.provider), as_at, self._context.instance)

    def _said(self, kind: ExtractKind, provider: str | None) -> str:
        """Who the file is said to be from. An instance's own provider says so of its lists, never of persons."""
        return provider or (self._settings.provider if kind is ExtractKind.OPEN_PATHWAYS else "")

    def _today(self) -> date:
        return london_day(self._context.clock.now())


def _header(records: Iterator[tuple[int, list[str]]], kind: ExtractKind | None) -> Header:
    try:
        first = next(records, None)
    except BrokenRecord as broken:
        raise RuleBroken(f"The first row cannot be read. {broken.text}", field="file") from None
    if first is None:
        raise RuleBroken("The file is empty.", field="file")
    return Header.of(first[1], kind)


class _Sight:
    """What one look through a file finds."""

    def __init__(self, header: Header, problems: Problems, provider: str, as_at: date | None, today: date) -> None:
        self._header = header
        self._problems = problems
        self._provider = provider
        self._as_at = as_at
        self._today = today
        self._list = OneList(provider, as_at, today)
        self._people = EachOnce()
        self._rows = 0
        self._left_out = 0

    def see(self, row: int, record: list[str]) -> None:
        self._rows += 1
        if len(record) != self._header.width:
            self._problems.add(row, "", f"The row has {len(record)} fields; the header has {self._header.width}.")
            return
        fields = Fields(row, record, self._header, self._problems)
        if self._header.kind is ExtractKind.PERSONS:
            if (found := person(fields, "", self._as_at or self._today)) is not None:
                self._people.check_once(fields, found.patient.nhs_number)
        else:
            self._see_pathway(fields)

    def _see_pathway(self, fields: Fields) -> None:
        place = self._list.place(fields)
        number, verified = number_of(fields)
        self._left_out += not verified
        if place is not None and number is not None:
            self._list.check_once(fields, list_row(fields, number, *place, ""))

    def end(self) -> None:
        if not self._rows:
            self._problems.add(None, "", "The file has no rows: it would empty what is held.")
        if self._header.kind is ExtractKind.PERSONS and self._as_at and self._as_at > self._today:
            self._problems.add(None, "", "The day given for the file is in the future.")

    def profile(self, sha256: str) -> Profile:
        persons = self._header.kind is ExtractKind.PERSONS
        found = self._list.provider
        return Profile(
            kind=self._header.kind,
            provider=self._provider if persons else found.value if found else "",
            as_at=self._as_at if persons else self._list.week,
            rows=self._rows,
            sha256=sha256,
            extra_columns=self._header.extra,
            problems=self._problems.kept,
            problem_count=self._problems.count,
            left_out=self._left_out,
        )
