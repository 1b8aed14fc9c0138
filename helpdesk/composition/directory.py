"""The directory of organisations and services, made of the configured instances; and one look-up without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.answers import SourceState
from helpdesk.clock import Clock, SystemClock
from helpdesk.composition.practice import running
from helpdesk.composition.sources import instances_of, settings_of
from helpdesk.desk.model import Port
from helpdesk.directory.keeping import MemoryKept
from helpdesk.directory.model import CareService, Organisation
from helpdesk.directory.ports import Kept
from helpdesk.directory.service import Directory, Found
from helpdesk.errors import RuleBroken
from helpdesk.registry.instances import Instance
from helpdesk.start import Start


def directory_of(made: Sequence[Instance], kept: Kept, clock: Clock) -> Directory:
    """The first enabled instance of each kind is asked; none may be set up."""
    organisations = next((i for i in made if i.provides(Port.ORGANISATIONS)), None)
    services = next((i for i in made if i.provides(Port.SERVICES)), None)
    return Directory(organisations.connector if organisations else None, services.connector if services else None, kept, clock)


@dataclass(frozen=True)
class DirectorySearch:
    organisations: Found[Organisation]
    services: Found[CareService]


def search(start: Start, text: str, postcode: str) -> DirectorySearch:
    """Both directories, asked once; nothing is kept and no database is opened. Raises RuleBroken where neither is set up."""
    area = running(start.folder) if start.practice else None
    try:
        clock = SystemClock()
        made = instances_of(settings_of(area.tables if area else start.tables), start, clock)
        if not any(i.provides(port) for i in made for port in (Port.ORGANISATIONS, Port.SERVICES)):
            raise RuleBroken("No directory of organisations or services is set up on this desk.")
        directory = directory_of(made, MemoryKept(clock), clock)
        return DirectorySearch(_organisations(directory, text), directory.find_services(text, postcode))
    finally:
        if area is not None:
            area.stop()


def _organisations(directory: Directory, text: str) -> Found[Organisation]:
    """Words that are too short for one directory may do for the other."""
    try:
        return directory.search_organisations(text)
    except RuleBroken as error:
        return Found(SourceState.NOTHING_HELD, message=error.message)
