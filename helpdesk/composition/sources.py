"""From the configuration to connectors, and from connectors to the sources that the desk asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from helpdesk import __version__
from helpdesk.clock import Clock, SystemClock
from helpdesk.desk.enquiry import Source
from helpdesk.desk.model import Port, SourceInfo
from helpdesk.desk.ports import ExtractReader
from helpdesk.errors import ConnectorAuthFailed, RuleBroken
from helpdesk.patients.ports import Demographics
from helpdesk.registry import instances, manifests
from helpdesk.registry.contract import ConnectorContext, Manifest
from helpdesk.registry.instances import Instance
from helpdesk.secrets import secret
from helpdesk.settings import ConnectorSettings, Settings
from helpdesk.signposting.ports import MessageSender
from helpdesk.start import Start

LIST_KIND = "waiting_list_extract"
LIST_HOURS = 240.0
_PDS = SourceInfo("pds", "PDS", Port.DEMOGRAPHICS)


def settings_of(tables: Mapping[str, Any]) -> Settings:
    """The configuration, checked. Raises RuleBroken naming the first setting that is wrong."""
    try:
        return Settings.model_validate(dict(tables))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RuleBroken(f"The configuration is wrong at {where}: {first['msg']}.", field=where) from None


def instances_of(settings: Settings, start: Start, clock: Clock) -> tuple[Instance, ...]:
    found = manifests.find()

    def context(name: str, label: str, manifest: Manifest) -> ConnectorContext:
        return ConnectorContext(
            instance=name,
            label=label,
            organisation=settings.desk.organisation,
            clock=clock,
            secret=_secret_of(start, name, manifest),
            user_agent=f"NerveCentreHelpdesk/{__version__}",
        )

    return instances.make(settings.connectors, found.manifests, context)


def _secret_of(start: Start, instance: str, manifest: Manifest) -> Callable[[str], str]:
    def read(name: str) -> str:
        held = secret(start.profile, instance, name) if name in manifest.secrets else None
        if held is None:
            raise ConnectorAuthFailed(f"{manifest.name} is not signed in: its {name.replace('_', ' ')} is not kept on this computer.")
        return held

    return read


@dataclass(frozen=True)
class Connected:
    """What the configured instances give the desk."""

    pds: SourceInfo
    demographics: Demographics | None
    sources: tuple[Source, ...]
    sender: MessageSender | None
    readers: tuple[tuple[str, ExtractReader], ...]


def connect(made: Sequence[Instance]) -> Connected:
    """Imports and connects each instance; nothing is asked yet."""
    pds = next((i for i in made if i.provides(Port.DEMOGRAPHICS)), None)
    sender = next((i for i in made if i.provides(Port.MESSAGES)), None)
    return Connected(
        pds=SourceInfo(pds.name, pds.label, Port.DEMOGRAPHICS) if pds else _PDS,
        demographics=pds.connector if pds else None,
        sources=(*_lists(made), *_asked(made)),
        sender=sender.connector if sender else None,
        readers=tuple((i.name, i.connector) for i in made if i.provides(Port.EXTRACTS)),
    )


def _lists(made: Sequence[Instance]) -> list[Source]:
    """One source for each list instance; lists that no instance owns are one source more, so that nothing held is hidden."""
    own = [i for i in made if i.provides(Port.WAITING_LISTS)]
    owned = frozenset(_provider(i) for i in own) - {""}
    lists = [
        Source(_info(i, Port.WAITING_LISTS), None, _limit(i), frozenset({_provider(i)} - {""}), owned if not _provider(i) else frozenset())
        for i in own
    ]
    if not own:
        lists.append(Source(SourceInfo("waiting_list", "Waiting list", Port.WAITING_LISTS), None, timedelta(hours=LIST_HOURS)))
    return lists


def _asked(made: Sequence[Instance]) -> list[Source]:
    ports = (Port.REFERRALS, Port.PRACTICE_APPOINTMENTS)
    return [Source(_info(i, port), i.connector, _limit(i)) for port in ports for i in made if i.provides(port)]


def _info(instance: Instance, port: Port) -> SourceInfo:
    return SourceInfo(instance.name, instance.label, port)


def _limit(instance: Instance) -> timedelta:
    return timedelta(hours=instance.settings.stale_after_hours)


def _provider(instance: Instance) -> str:
    return str(getattr(instance.settings, "provider", "") or "")


def extract_reader() -> ExtractReader:
    """A reader of extract files that belongs to no folder, for a file named on the command line."""
    found = manifests.find().manifests
    context = ConnectorContext(LIST_KIND, "Extracts", "", SystemClock(), lambda _: "")
    made = instances.make({LIST_KIND: {}}, found, lambda *_: context)
    reader: ExtractReader = made[0].connector
    return reader


__all__ = ["Connected", "ConnectorSettings", "connect", "extract_reader", "instances_of", "settings_of"]
