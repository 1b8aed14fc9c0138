"""Looks through one extract file, and gives its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from connectors.waiting_list_extract.mapping import ExtractMapping, read_mapping
from connectors.waiting_list_extract.reading import Reading, Told
from connectors.waiting_list_extract.settings import ExtractSettings
from connectors.waiting_list_extract.surveying import survey
from helpdesk.clock import london_day
from helpdesk.desk.ports import Row
from helpdesk.errors import ConnectorUnavailable, RuleBroken, Stage
from helpdesk.extracts.model import ExtractKind, Profile
from helpdesk.extracts.survey import Survey
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
        """Raises ConnectorUnavailable where the folder that files arrive in is not there, or its mapping file is wrong."""
        if self._settings.folder is not None and not self._settings.folder.is_dir():
            raise ConnectorUnavailable("The folder for its files is not there.", stage=Stage.SETTINGS)
        try:
            self._mapping()
        except RuleBroken as refused:
            raise ConnectorUnavailable(refused.message, stage=Stage.SETTINGS) from None

    def read(self, path: Path, *, kind: ExtractKind | None = None, provider: str | None = None, as_at: date | None = None) -> Reading:
        mapping = self._mapping()
        told = Told(kind, provider or "", as_at, london_day(self._context.clock.now()), self._context.instance)
        if not told.provider and self._settings.provider:
            told = self._of_the_instance(path, told, mapping)
        return Reading(path, told, mapping)

    def profile(self, path: Path, *, kind: ExtractKind | None = None, provider: str | None = None, as_at: date | None = None) -> Profile:
        reading = self.read(path, kind=kind, provider=provider, as_at=as_at)
        for _ in reading:
            pass
        return reading.profile()

    def rows(self, path: Path, profile: Profile) -> Iterator[Row]:
        """Raises RuleBroken, at the latest after the last row, when the file is no longer the one that was profiled."""
        if profile.problem_count or profile.as_at is None:
            raise RuleBroken("Only a file without problems, and with its day, can be imported.", field="file")
        reading = self.read(path, kind=profile.kind, provider=profile.provider, as_at=profile.as_at)
        for row in reading:
            if reading.problem_count:
                break
            yield row
        if reading.problem_count or reading.profile().sha256 != profile.sha256:
            raise RuleBroken(CHANGED, field="file")

    def survey(self, path: Path, *, kind: ExtractKind | None = None) -> Survey:
        return survey(path, kind)

    def _of_the_instance(self, path: Path, told: Told, mapping: ExtractMapping | None) -> Told:
        """An instance's own provider says whose its files are, but never of persons."""
        kind = Reading(path, told, mapping).kind
        return told if kind is ExtractKind.PERSONS else replace(told, provider=self._settings.provider)

    def _mapping(self) -> ExtractMapping | None:
        return read_mapping(self._settings.mapping) if self._settings.mapping is not None else None
