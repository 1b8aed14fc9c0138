"""Files of folders that are not watched, and the practice area's own, go into the database when a data folder is opened."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from helpdesk.composition.counted import counts_at_hand
from helpdesk.composition.practice import RunningArea
from helpdesk.composition.services import Services
from helpdesk.desk.extracts import fingerprint
from helpdesk.desk.ports import ExtractReader
from helpdesk.desk.taking import day_in
from helpdesk.errors import ConnectorError, RuleBroken

_log = logging.getLogger(__name__)


def import_received(services: Services, readers: Sequence[tuple[str, ExtractReader]]) -> None:
    """Takes in the files that were never in use here. One that is refused is in the audit and is warned of; it stops
    nothing, and the former snapshot stays."""
    services.extracts.tidy()
    waiting = [(name, reader, path) for name, reader in readers for path in _waiting(name, reader)]
    known = {s.sha256 for s in services.snapshots()} if waiting else set()
    for name, reader, path in waiting:
        if fingerprint(path) in known:
            continue
        try:
            services.extracts.import_file(reader, path, source=name, as_at=day_in(path.name))
        except (RuleBroken, ConnectorError) as refused:
            _log.warning("A file received for %s was refused: %s", name, refused.message)
    counts_at_hand(services, None)


def _waiting(name: str, reader: ExtractReader) -> Sequence[Path]:
    """None where the reader cannot say."""
    try:
        return reader.waiting()
    except ConnectorError as error:
        _log.warning("Nothing can be received for %s: %s", name, error.message)
        return ()


def import_area(services: Services, area: RunningArea) -> None:
    """The extracts of the practice area, where the area is new or moved to another day, or never came in whole."""
    services.extracts.tidy()
    live = {(s.provider, s.as_at) for s in services.snapshots() if s.live}
    wanted = {("", area.area.today), *area.area.list_weeks.items()}
    try:
        if not live >= wanted or area.changed:
            files = area.write_extracts()
            for path in files.in_order:
                services.extracts.import_file(
                    services.reader, path, source="practice", as_at=day_in(path.name), any_size=True, any_week=True
                )
    finally:
        area.drop_extracts()
    counts_at_hand(services, area)
