"""Makes the connector instances that the configuration names; each is connected when it is first asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from helpdesk.errors import RuleBroken
from helpdesk.lazy import load
from helpdesk.registry.contract import ConnectorContext, Manifest
from helpdesk.settings import ConnectorSettings

ContextMaker = Callable[[str, str, Manifest], ConnectorContext]


class Instance:
    """One configured connector. `connector` imports its code and connects at the first use."""

    def __init__(self, name: str, manifest: Manifest, settings: ConnectorSettings, context: ConnectorContext) -> None:
        self.name = name
        self.manifest = manifest
        self.settings = settings
        self.context = context
        self._lock = threading.Lock()
        self._connected: Any = None

    @property
    def label(self) -> str:
        return self.context.label

    def provides(self, port: str) -> bool:
        return port in self.manifest.provides

    @property
    def connector(self) -> Any:
        with self._lock:
            if self._connected is None:
                self._connected = load(self.manifest.factory)(self.settings, self.context)
            return self._connected


def make(tables: Mapping[str, Mapping[str, Any]], manifests: Mapping[str, Manifest], context: ContextMaker) -> tuple[Instance, ...]:
    """The enabled instances in the order of the file. Raises RuleBroken with a sentence that names the setting."""
    made = []
    for name, table in tables.items():
        manifest = manifests.get(str(table.get("kind", "")) or name)
        if manifest is None:
            kind = table.get("kind") or name
            raise RuleBroken(f"The configuration names a connector that is not here: {kind}.", field=f"connectors.{name}")
        settings = _settings(name, manifest, table)
        if settings.enabled:
            made.append(Instance(name, manifest, settings, context(name, settings.label or manifest.short or manifest.name, manifest)))
    return tuple(made)


def _settings(name: str, manifest: Manifest, table: Mapping[str, Any]) -> ConnectorSettings:
    model: type[ConnectorSettings] = load(manifest.settings)
    try:
        return model.model_validate(dict(table))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join([f"connectors.{name}", *(str(part) for part in first["loc"])])
        raise RuleBroken(f"The configuration is wrong at {where}: {first['msg'].removeprefix('Value error, ')}.", field=where) from None
