"""Published counts of waiting when a data folder is opened: the practice area's own go in, and the curves into memory."""

from __future__ import annotations

from helpdesk.composition.practice import RunningArea
from helpdesk.composition.services import Services
from helpdesk.practice.published_waits import months, write_published


def counts_at_hand(services: Services, area: RunningArea | None) -> None:
    """The practice area's months go in where those that are out by now are not held yet. Raises StorageError."""
    if area is not None and not {held.month for held in services.waits.months()} >= set(months(area.area.today)):
        _make(services, area)
    else:
        services.wait_tables.read()


def _make(services: Services, area: RunningArea) -> None:
    area.folder.mkdir(mode=0o700, exist_ok=True)
    try:
        for path in write_published(area.folder / "waits", area.area.today):
            services.waits.take_in(path, "practice")
        services.waits.reckon()
    finally:
        area.drop_extracts()
