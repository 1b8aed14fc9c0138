"""From the configuration to connectors, and from connectors to the sources that the desk asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from helpdesk import __version__
from helpdesk.callers.ports import Authorities
from helpdesk.clock import Clock, SystemClock
from helpdesk.composition.catalogue import everything
from helpdesk.composition.ports import PORTS
from helpdesk.desk.deliveries import Deliveries
from helpdesk.desk.enquiry import Source
from helpdesk.desk.model import Port, SourceInfo
from helpdesk.desk.ports import ExtractReader, Link
from helpdesk.directory.ports import CareServices, Organisations
from helpdesk.errors import ConnectorAuthFailed, RuleBroken, StorageError
from helpdesk.extracts.model import ExtractKind, Snapshot
from helpdesk.pathways.ports import HeldRows, Worklists
from helpdesk.patients.ports import Demographics
from helpdesk.registry import instances, manifests
from helpdesk.registry.allowance import TokenBuckets
from helpdesk.registry.contract import FREE, UNCOUNTED, Allowance, Asker, ConnectorContext, DailyUse, Manifest, StaffIdentity, nobody
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
        raise RuleBroken(f"The configuration is wrong at {where}: {first['msg'].removeprefix('Value error, ')}.", field=where) from None


@dataclass(frozen=True)
class Shared:
    """What every instance of one run shares: how often services may be asked, and who is signed in nationally."""

    allowance: Allowance = FREE
    daily: DailyUse = UNCOUNTED
    identity: StaffIdentity | None = None
    asker: Callable[[], Asker | None] = nobody


def instances_of(settings: Settings, start: Start, clock: Clock, shared: Shared = Shared()) -> tuple[Instance, ...]:  # frozen
    found = everything(settings.packages, live=start.live)

    def context(name: str, label: str, manifest: Manifest) -> ConnectorContext:
        return ConnectorContext(
            instance=name,
            label=label,
            organisation=settings.desk.organisation,
            clock=clock,
            secret=secret_of(start, name, manifest),
            user_agent=f"NerveCentreHelpdesk/{__version__}",
            allowance=shared.allowance,
            daily=shared.daily,
            identity=shared.identity,
            asker=shared.asker,
        )

    made = instances.make(_beside(settings.connectors, start), found, context, PORTS, one_by_one=start.live)
    if not start.live:
        _refuse_addresses_elsewhere(made)
    return made


def _beside(tables: Mapping[str, Mapping[str, Any]], start: Start) -> dict[str, dict[str, Any]]:
    """A mapping file lies beside the configuration, unless the whole path is given."""
    folder = start.config.parent if start.config is not None else start.folder
    named = {name: table["mapping"] for name, table in tables.items() if isinstance(table.get("mapping"), str) and table["mapping"]}
    return {name: {**table, **({"mapping": str(folder / named[name])} if name in named else {})} for name, table in tables.items()}


def set_rates(buckets: TokenBuckets, made: Sequence[Instance]) -> None:
    """Each service's own allowance, as its settings give it."""
    for instance in made:
        service, rate = getattr(instance.settings, "service", ""), getattr(instance.settings, "rate_per_s", None)
        if service and rate is not None:
            buckets.limit(service, rate)


def leaves_this_computer(settings: ConnectorSettings) -> bool:
    """Whether an instance with these settings would ask another computer."""
    return getattr(settings, "stays_here", getattr(settings, "is_loopback", True)) is not True


def _refuse_addresses_elsewhere(made: Sequence[Instance]) -> None:
    """A sandbox is for trying things out: it never asks another computer. Raises RuleBroken naming the setting."""
    for instance in made:
        if not instance.stays_here:
            where = f"connectors.{instance.name}.base_url"
            raise RuleBroken(f"The configuration is wrong at {where}: every address of a sandbox is on this computer.", field=where)


def secret_of(start: Start, instance: str, manifest: Manifest) -> Callable[[str], str]:
    def read(name: str) -> str:
        try:
            held = secret(start.profile, instance, name, start.folder) if name in manifest.secrets else None
        except StorageError as error:
            raise ConnectorAuthFailed(error.message) from None
        if held is None:
            raise ConnectorAuthFailed(f"{manifest.name} is not signed in: its {name.replace('_', ' ')} is not kept on this computer.")
        return held

    return read


@dataclass(frozen=True)
class Watched:
    """The folder of an instance that files are taken from."""

    name: str
    folder: Path
    settle_s: float
    reader: ExtractReader


@dataclass(frozen=True)
class Connected:
    """What the configured instances give the desk."""

    pds: SourceInfo
    demographics: Demographics | None
    sources: tuple[Source, ...]
    sender: MessageSender | None
    readers: tuple[tuple[str, ExtractReader], ...]
    """All that read files, by instance."""
    authority: tuple[SourceInfo, Authorities] | None = None
    worklists: tuple[tuple[str, Worklists], ...] = ()
    organisations: tuple[str, Organisations] | None = None
    services: tuple[str, CareServices] | None = None
    links: tuple[tuple[str, str, Link], ...] = ()
    watched: tuple[Watched, ...] = ()
    mailboxes: tuple[tuple[str, Deliveries], ...] = ()


def connect(made: Sequence[Instance]) -> Connected:
    """Imports and connects each instance; nothing is asked yet. Where a port has one instance, one that cannot be used is
    taken only for want of another."""
    sound = sorted(made, key=lambda i: bool(i.problem))
    pds = next((i for i in sound if i.provides(Port.DEMOGRAPHICS)), None)
    sender = next((i for i in sound if i.provides(Port.MESSAGES)), None)
    return Connected(
        pds=SourceInfo(pds.name, pds.label, Port.DEMOGRAPHICS) if pds else _PDS,
        demographics=pds.connector if pds else None,
        sources=(*_lists(made), *_asked(made)),
        sender=sender.connector if sender else None,
        readers=_each(made, Port.EXTRACTS),
        authority=next(((_info(i, Port.AUTHORITY), i.connector) for i in sound if i.provides(Port.AUTHORITY)), None),
        worklists=_each(made, Port.WORKLISTS),
        organisations=next(iter(_each(sound, Port.ORGANISATIONS)), None),
        services=next(iter(_each(sound, Port.SERVICES)), None),
        links=tuple((i.name, i.label, i.connector) for i in made if i.provides(Port.LINKS)),
        watched=tuple(_watched(made)),
        mailboxes=_each(made, Port.DELIVERIES),
    )


def _watched(made: Sequence[Instance]) -> Iterator[Watched]:
    for instance in made:
        folder = getattr(instance.settings, "folder", None)
        if instance.provides(Port.EXTRACTS) and isinstance(folder, Path) and getattr(instance.settings, "watched", False) is True:
            yield Watched(instance.name, folder, float(getattr(instance.settings, "settle_s", 0.0)), instance.connector)


def _each(made: Sequence[Instance], port: Port) -> tuple[tuple[str, Any], ...]:
    return tuple((i.name, i.connector) for i in made if i.provides(port))


def _lists(made: Sequence[Instance]) -> list[Source]:
    """One source for each list instance. One that names no provider speaks for what came into its own folder; the first
    such one also for every list that nobody else speaks for."""
    own = [i for i in made if i.provides(Port.WAITING_LISTS)]
    owned = frozenset(_provider(i) for i in own) - {""}
    open_to_all = [i.name for i in own if not _provider(i)]
    return [_list(i, owned, open_to_all) for i in own] or [_unclaimed(frozenset(), frozenset())]


def _list(instance: Instance, owned: frozenset[str], open_to_all: Sequence[str]) -> Source:
    source = Source(_info(instance, Port.WAITING_LISTS), None, _limit(instance))
    if provider := _provider(instance):
        return replace(source, providers=frozenset({provider}))
    if instance.name == open_to_all[0]:
        return replace(source, not_providers=owned, not_from=frozenset(open_to_all[1:]))
    return replace(source, not_providers=owned, only_from=frozenset({instance.name}))


def _unclaimed(owned: frozenset[str], names: frozenset[str]) -> Source:
    name = "waiting_list" if "waiting_list" not in names else "other_waiting_lists"
    info = SourceInfo(name, "Waiting list", Port.WAITING_LISTS)
    return Source(info, None, timedelta(hours=LIST_HOURS), not_providers=owned)


def with_unclaimed(sources: Sequence[Source], snapshots: Sequence[Snapshot]) -> tuple[Source, ...]:
    """The sources, and one more where a list is held for which none of them speaks: nothing held is hidden."""
    lists = [s for s in sources if s.info.port is Port.WAITING_LISTS]
    held = [HeldRows(s.provider, s.as_at, (), s.source) for s in snapshots if s.live and s.kind is ExtractKind.OPEN_PATHWAYS]
    if all(any(source.speaks_for(h) for source in lists) for h in held):
        return tuple(sources)
    owned = frozenset(provider for s in lists for provider in s.providers)
    return (*lists, _unclaimed(owned, frozenset(s.info.name for s in sources)), *(s for s in sources if s not in lists))


def _asked(made: Sequence[Instance]) -> list[Source]:
    ports = (Port.REFERRALS, Port.HOSPITAL_ACTIVITY, Port.PRACTICE_APPOINTMENTS, Port.PRESCRIPTIONS)
    return [
        Source(_info(i, port), i.connector, _limit(i), timeout_s=i.settings.timeout_s) for port in ports for i in made if i.provides(port)
    ]


def _info(instance: Instance, port: Port) -> SourceInfo:
    return SourceInfo(instance.name, instance.label, port, int(instance.settings.stale_after_hours // 24))


def _limit(instance: Instance) -> timedelta:
    return timedelta(hours=instance.settings.stale_after_hours)


def _provider(instance: Instance) -> str:
    return str(getattr(instance.settings, "provider", "") or "")


def extract_reader(mapping: Path | None = None) -> ExtractReader:
    """A reader of extract files that belongs to no folder, for a file named on the command line."""
    found = manifests.find()
    context = ConnectorContext(LIST_KIND, "Extracts", "", SystemClock(), lambda _: "")
    made = instances.make({LIST_KIND: {"mapping": str(mapping)} if mapping else {}}, found, lambda *_: context)
    reader: ExtractReader = made[0].connector
    return reader


__all__ = ["Connected", "ConnectorSettings", "connect", "extract_reader", "instances_of", "settings_of", "with_unclaimed"]
