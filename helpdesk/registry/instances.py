"""Makes the connector instances that the configuration names; each is connected when it is first asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any

from pydantic import ValidationError

from helpdesk.errors import HelpdeskError, RuleBroken
from helpdesk.lazy import load
from helpdesk.registry.checked_import import only_checked_files
from helpdesk.registry.contract import API, ConnectorContext, Manifest
from helpdesk.registry.manifests import Broken, Found
from helpdesk.registry.outside_code import Guarded, Offered, StandIn, attempt, attempt_to_load
from helpdesk.settings import ConnectorSettings

ContextMaker = Callable[[str, str, Manifest], ConnectorContext]
_GRACE_S = 2.0
"""How much later than its own time-out a connector from outside is given up, where nobody else did before."""
_SOMETHING = ("hospital_activity",)
"""What an instance counts as whose manifest cannot be read: somebody who was to be asked about patients."""
_READ_OF_SETTINGS: dict[str, type | UnionType] = {
    "stays_here": bool,
    "is_loopback": bool,
    "service": str,
    "rate_per_s": int | float,
    "provider": object,
}


@dataclass(frozen=True)
class Ports:
    """The Protocol of each port a connector may offer, None for one without methods of its own."""

    protocols: Mapping[str, type | None] = field(default_factory=dict)

    def offered(self, manifest: Manifest) -> Offered:
        return Offered(self.protocols, manifest.provides)


class Instance:
    """One configured connector. `connector` imports its code and connects at the first use. One from outside the program
    never raises there: where it cannot be used, `problem` says why and its stand-in says so to whoever asks."""

    def __init__(
        self,
        name: str,
        manifest: Manifest,
        settings: ConnectorSettings,
        context: ConnectorContext,
        ports: Ports = Ports(),  # frozen
        problem: str = "",
    ) -> None:
        self.name = name
        self.manifest = manifest
        self.settings = settings
        self.context = context
        self._ports = ports
        self._problem = problem
        self._lock = threading.Lock()
        self._connected: Any = None

    @property
    def label(self) -> str:
        return self.context.label

    def provides(self, port: str) -> bool:
        return port in self.manifest.provides

    @property
    def problem(self) -> str:
        """Why it cannot be used, as one sentence; "" where it can, as far as is known without asking anybody."""
        connector = self.connector
        return connector.reason if isinstance(connector, StandIn) else ""

    @property
    def stays_here(self) -> bool:
        """Whether every address in its settings is on this computer. Settings without one stay here."""
        return attempt(lambda: getattr(self.settings, "stays_here", getattr(self.settings, "is_loopback", True)), self.label) is True

    @property
    def connector(self) -> Any:
        with self._lock:
            if self._connected is None:
                self._connected = self._from_outside() if self.manifest.package or self._problem else self._connect()
            return self._connected

    def _connect(self) -> Any:
        return loaded(self.manifest, self.manifest.factory)(self.settings, self.context)

    def _from_outside(self) -> Guarded | StandIn:
        offered = self._ports.offered(self.manifest)
        if self._problem:
            return StandIn(offered, self._problem)
        limit_s = None if self.provides("extracts") or self.provides("deliveries") else self.settings.timeout_s + _GRACE_S
        try:
            return attempt_to_load(lambda: Guarded(self._connect(), offered, self.label, limit_s), self.label)
        except HelpdeskError as error:
            return StandIn(offered, cannot_be_used(self.label, error.message))


def cannot_be_used(label: str, reason: str) -> str:
    about_it = f"it {reason.removeprefix(f'{label} ')}" if reason.startswith(f"{label} ") else reason
    starts_small = about_it[:1].lower() if about_it[1:2].islower() else about_it[:1]
    return f"{label} cannot be used: {starts_small}{about_it[1:]}"


def make(
    tables: Mapping[str, Mapping[str, Any]],
    found: Found,
    context: ContextMaker,
    ports: Ports = Ports(),  # frozen
    *,
    one_by_one: bool = False,
) -> tuple[Instance, ...]:
    """The enabled instances in the order of the file. Raises RuleBroken with a sentence that names the setting; what is
    wrong with a connector from outside, or with its settings, makes that instance unusable and no other. `one_by_one` treats
    our own no differently: a desk opens although one of its sources is set up wrongly."""
    made = []
    for name, table in tables.items():
        kind = str(table.get("kind", "")) or name
        manifest = found.manifests.get(kind)
        if manifest is None:
            broken = _unusable(name, kind, found)
            instance: Instance | None = _stand_in(name, broken.name or name, kind, table, broken, context, ports)
        elif manifest.package is not None:
            instance = _outside(name, manifest, table, context, ports)
        else:
            instance = _own(name, manifest, table, context, ports, one_by_one=one_by_one)
        if instance is not None and instance.settings.enabled:
            made.append(instance)
    return tuple(made)


def _own(
    name: str, manifest: Manifest, table: Mapping[str, Any], context: ContextMaker, ports: Ports, *, one_by_one: bool
) -> Instance | None:
    called = manifest.short or manifest.name
    try:
        settings = _settings(name, manifest, table)
    except RuleBroken as error:
        if not one_by_one:
            raise
        if table.get("enabled") is False:
            return None
        return _stand_in(name, called, manifest.id, table, Broken(manifest.id, error.message, provides=manifest.provides), context, ports)
    return Instance(name, manifest, settings, context(name, settings.label or called, manifest))


def settings_model(manifest: Manifest, label: str = "") -> type[ConnectorSettings]:
    """The settings of a connector, for its form too. Raises a HelpdeskError for one from outside that cannot be used."""
    if manifest.package is None:
        model: type[ConnectorSettings] = load(manifest.settings)
        return model
    return attempt_to_load(lambda: _outside_model(manifest), label or manifest.name)


def _outside_model(manifest: Manifest) -> type[ConnectorSettings]:
    model = loaded(manifest, manifest.settings)
    if not (isinstance(model, type) and issubclass(model, ConnectorSettings)):
        raise RuleBroken("Its settings are not made for this desk.")
    return model


def loaded(manifest: Manifest, entry: str) -> Any:
    """What an entry of its manifest names; of a checked package from its checked files only."""
    if manifest.package is not None and manifest.package.checked:
        only_checked_files(manifest.package)
    return load(entry)


def _outside(name: str, manifest: Manifest, table: Mapping[str, Any], context: ContextMaker, ports: Ports) -> Instance | None:
    """None for one that is switched off, none of whose code is loaded."""
    if table.get("enabled") is False:
        return None
    label = _common(table).label or manifest.short or manifest.name
    try:
        model = settings_model(manifest, label)
        settings = attempt(lambda: legible(_checked(name, model, table)), label)
    except HelpdeskError as error:
        broken = Broken(manifest.id, error.message, manifest.package, provides=manifest.provides)
        return _stand_in(name, label, manifest.id, table, broken, context, ports)
    return Instance(name, manifest, settings, context(name, settings.label or label, manifest), ports)


def legible(settings: ConnectorSettings) -> ConnectorSettings:
    """Reads once what the desk reads of settings, so that what is wrong with them shows here and nowhere else."""
    read = [(getattr(settings, name, None), kind) for name, kind in _READ_OF_SETTINGS.items()]
    if not all(value is None or isinstance(value, kind) for value, kind in read):
        raise RuleBroken("Its settings are not made for this desk.")
    return settings


def _unusable(name: str, kind: str, found: Found) -> Broken:
    """Raises RuleBroken where nothing says that it could be a connector from outside: then the name is wrong."""
    broken = found.unusable(kind)
    if broken is not None:
        return broken
    if found.missing:
        return Broken(kind, f"no installed package offers it; {' and '.join(found.missing)} is configured and not installed.")
    raise RuleBroken(f"The configuration names a connector that is not here: {kind}.", field=f"connectors.{name}")


def _stand_in(name: str, called: str, kind: str, table: Mapping[str, Any], broken: Broken, context: ContextMaker, ports: Ports) -> Instance:
    settings = _common(table)
    provides = tuple(port for port in broken.provides if port in ports.protocols) or _SOMETHING
    manifest = Manifest(kind, kind, API, provides, "", "", "", (), package=broken.package)
    label = settings.label or called
    return Instance(name, manifest, settings, context(name, label, manifest), ports, cannot_be_used(label, broken.reason))


def _common(table: Mapping[str, Any]) -> ConnectorSettings:
    """What every instance can be told; where that is wrong too, as if nothing were said."""
    told = {name: value for name, value in table.items() if name in ConnectorSettings.model_fields}
    try:
        return ConnectorSettings.model_validate(told)
    except ValidationError:
        return ConnectorSettings(enabled=table.get("enabled") is not False)


def _settings(name: str, manifest: Manifest, table: Mapping[str, Any]) -> ConnectorSettings:
    return _checked(name, load(manifest.settings), table)


def _checked(name: str, model: type[ConnectorSettings], table: Mapping[str, Any]) -> ConnectorSettings:
    try:
        return model.model_validate(dict(table))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join([f"connectors.{name}", *(str(part) for part in first["loc"])])
        raise RuleBroken(f"The configuration is wrong at {where}: {first['msg'].removeprefix('Value error, ')}.", field=where) from None
