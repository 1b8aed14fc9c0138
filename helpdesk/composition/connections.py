"""The settings screen's core: which connections there are, how each is set, and changes to them by an administrator."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.answers import Health, SourceHealth
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock
from helpdesk.composition import connection_secrets
from helpdesk.composition.connection_check import Trial
from helpdesk.composition.connection_file import ConnectionFile, Tables
from helpdesk.composition.connection_forms import checked, default_of, fields_of, taken, typed
from helpdesk.composition.connection_words import gives
from helpdesk.composition.sources import Shared, leaves_this_computer, secret_of
from helpdesk.desk.connections import NAME, Connection, Form, Kind, Listing, Secrets, Tried
from helpdesk.errors import ConnectorError, NotFound, RuleBroken
from helpdesk.registry.contract import Manifest
from helpdesk.registry.instances import legible, settings_model
from helpdesk.registry.manifests import Found
from helpdesk.registry.outside_code import attempt
from helpdesk.settings import ConnectorSettings
from helpdesk.start import Start

_PURPOSE = "settings"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Configured:
    """What every session's connections share. `running` are the instances of this run; `files_ready` gives the practice
    area's files of extracts back for as long as it is entered."""

    start: Start
    found: Found
    file: ConnectionFile
    running: Mapping[str, Mapping[str, Any]]
    organisation: str
    shared: Shared
    clock: Clock
    files_ready: Callable[[], AbstractContextManager[object]] = nullcontext


class ManagedConnections:
    """Fulfils `Connections` for one session."""

    def __init__(self, configured: Configured, session: Session, audit: AuditTrail, health: SourceHealth) -> None:
        self._configured = configured
        self._session = session
        self._audit = audit
        self._health = health
        self._found = configured.found

    def listing(self) -> Listing:
        self._require()
        health = {h.source: h for h in self._health.all()}
        tables = self._configured.file.tables()
        kinds = sorted(self._found.manifests.values(), key=lambda m: m.name)
        return Listing(
            connections=tuple(self._connection(name, table, health.get(name)) for name, table in tables.items()),
            kinds=tuple(Kind(m.id, m.name, gives(m.provides), m.notice) for m in kinds),
            broken=tuple((b.folder, b.reason) for b in self._found.broken),
            where=self._configured.file.where,
        )

    def form(self, instance: str) -> Form:
        self._require()
        table = self._configured.file.tables().get(instance)
        if table is None:
            raise NotFound("This connection is not in the configuration any more.")
        return self._form(instance, self._kind_of(instance, table), table)

    def new_form(self, kind: str) -> Form:
        self._require()
        manifest = self._manifest(kind)
        return self._form(_free_name(kind, self._configured.file.tables()), manifest, {}, new=True)

    def save(self, instance: str, kind: str, values: Mapping[str, str], secrets: Secrets, *, new: bool = False) -> Form:
        self._require()
        manifest, tables = self._manifest(kind), self._configured.file.tables()
        if new:
            _check_name(instance, tables)
        before = tables.get(instance, {})
        table = self._checked(instance, manifest, values, before)[0]
        self._refuse_what_is_not_kept(instance, table, before)
        model = _model(manifest)
        usual = {name: default_of(info) for name, info in model.model_fields.items()}
        changed = [name for name in model.model_fields if typed(table.get(name, usual[name])) != typed(before.get(name, usual[name]))]
        if changed or new or secrets.keep or secrets.forget:
            self._record(instance, changed, secrets, added=new)
            connection_secrets.change(self._configured.start, instance, secrets)
        if changed or new:
            self._configured.file.put(instance, table, {**usual, "kind": instance})
        return self._form(instance, manifest, self._configured.file.tables().get(instance, table))

    def remove(self, instance: str) -> None:
        self._require()
        table = self._configured.file.tables().get(instance)
        if table is None:
            raise NotFound("This connection is not in the configuration any more.")
        if not self._configured.file.may_remove(instance):
            raise RuleBroken("This source belongs to the practice area: switch it off instead.")
        manifest = self._found.manifests.get(str(table.get("kind") or instance))
        forgotten = Secrets(forget=connection_secrets.kept(self._configured.start, instance, manifest.secrets if manifest else ()))
        details = {"connection": instance, "change": "removed"}
        self._audit.record(AuditEvent(AuditAction.CONNECTION_CHANGED, _PURPOSE, details=details))
        connection_secrets.change(self._configured.start, instance, forgotten)
        self._configured.file.remove(instance)

    def test(self, instance: str, kind: str, values: Mapping[str, str], secrets: Secrets) -> Tried:
        self._require()
        c = self._configured
        manifest = self._manifest(kind)
        before = c.file.tables().get(instance, {})
        table, settings = self._checked(instance, manifest, values, before)
        self._audit.record(AuditEvent(AuditAction.CONNECTION_TESTED, _PURPOSE, details={"connection": instance, "kind": kind}))
        trial = Trial(instance, manifest, settings, dict(secrets.keep), secrets.forget, secret_of(c.start, instance, manifest))
        with c.files_ready() if "extracts" in manifest.provides else nullcontext():
            tested = trial.run(c.organisation, c.clock, c.shared)
        if table == before and not secrets.keep and not secrets.forget:
            self._health.answered(instance) if tested.ok else self._health.failed(instance, tested.message)
        return tested

    # the parts

    def _require(self) -> None:
        require(self._session, Action.MANAGE_CONNECTIONS)

    def _manifest(self, kind: str) -> Manifest:
        manifest = self._found.manifests.get(kind)
        if manifest is None:
            raise RuleBroken(f"There is no connector here of the kind {kind}.", field="kind")
        return manifest

    def _kind_of(self, instance: str, table: Mapping[str, Any]) -> Manifest:
        return self._manifest(str(table.get("kind") or instance))

    def _connection(self, name: str, table: Mapping[str, Any], health: Health | None) -> Connection:
        kind = str(table.get("kind") or name)
        manifest = self._found.manifests.get(kind)
        own = (manifest.short or manifest.name) if manifest else name
        return Connection(
            instance=name,
            kind=kind,
            label=str(table.get("label") or own),
            kind_name=manifest.name if manifest else kind,
            provides=gives(manifest.provides) if manifest else "",
            enabled=table.get("enabled", True) is True,
            trouble=self._trouble(kind, table, manifest),
            waits=dict(table) != dict(self._configured.running.get(name, {})),
            answered=health.answered if health else None,
            failed=health.failed if health else None,
            words=health.message if health else "",
        )

    def _trouble(self, kind: str, table: Mapping[str, Any], manifest: Manifest | None) -> str:
        if manifest is None:
            unusable = self._found.unusable(kind)
            return unusable.reason if unusable is not None else "Its connector is not here."
        try:
            self._refuse_elsewhere(_settings(manifest, table))
        except ConnectorError as unusable:
            return unusable.message
        except RuleBroken as wrong:
            info = _model(manifest).model_fields.get(wrong.field or "")
            return f"{info.title}: {wrong.message}" if info is not None and info.title else wrong.message
        return ""

    def _form(self, instance: str, manifest: Manifest, table: Mapping[str, Any], *, new: bool = False) -> Form:
        c = self._configured
        return Form(
            instance=instance,
            kind=manifest.id,
            kind_name=manifest.name,
            label=str(table.get("label") or manifest.short or manifest.name),
            provides=gives(manifest.provides),
            notice=manifest.notice,
            fields=fields_of(_model(manifest), table, c.file.notes(instance)),
            secrets=tuple(connection_secrets.field(c.start, instance, name) for name in manifest.secrets),
            removable=not new and c.file.may_remove(instance),
            new=new,
        )

    def _checked(
        self, instance: str, manifest: Manifest, values: Mapping[str, str], before: Mapping[str, Any]
    ) -> tuple[dict[str, Any], ConnectorSettings]:
        """What the instance's table will be, and its settings. What the form does not show stays as it was."""
        model = _model(manifest)
        unshown = {name: value for name, value in before.items() if name not in values}
        table = unshown | taken(model, values)
        if manifest.id != instance:
            table["kind"] = manifest.id
        settings = _settings(manifest, table)
        self._refuse_elsewhere(settings)
        usual = {name: default_of(info) for name, info in model.model_fields.items()}
        kept = {name: value for name, value in table.items() if name in before or typed(value) != typed(usual.get(name))}
        return kept, settings

    def _refuse_elsewhere(self, settings: ConnectorSettings) -> None:
        if not self._configured.start.live and leaves_this_computer(settings):
            raise RuleBroken("Every address of a sandbox, and of the practice area, is on this computer.", field="base_url")

    def _refuse_what_is_not_kept(self, instance: str, table: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        for name, why in self._configured.file.notes(instance).items():
            if typed(table.get(name, "")) != typed(before.get(name, "")):
                raise RuleBroken(why, field=name)

    def _record(self, instance: str, changed: Sequence[str], secrets: Secrets, *, added: bool) -> None:
        """The names of what is changed, on record before anything is; never a value."""
        told = {
            "connection": instance,
            "change": "added" if added else "changed",
            "fields": ", ".join(changed),
            "secrets kept": ", ".join(sorted(name for name, value in secrets.keep.items() if value)),
            "secrets forgotten": ", ".join(sorted(secrets.forget)),
        }
        details = {name: words for name, words in told.items() if words}
        self._audit.record(AuditEvent(AuditAction.CONNECTION_CHANGED, _PURPOSE, details=details))


def _model(manifest: Manifest) -> type[ConnectorSettings]:
    """Raises a ConnectorRejected for a connector from outside that cannot be used."""
    return settings_model(manifest)


def _settings(manifest: Manifest, table: Mapping[str, Any]) -> ConnectorSettings:
    """Raises RuleBroken with the field of the first wrong setting, or ConnectorRejected as above."""
    model = _model(manifest)
    if manifest.package is None:
        return checked(model, table)
    return attempt(lambda: legible(checked(model, table)), manifest.name)


def _check_name(instance: str, tables: Tables) -> None:
    if not _NAME.fullmatch(instance):
        raise RuleBroken("A name begins with a small letter and holds small letters, digits and _ only, 40 at most.", field=NAME)
    if instance in tables:
        raise RuleBroken("Another connection has this name. Choose a different one.", field=NAME)


def _free_name(kind: str, tables: Tables) -> str:
    return next(name for name in (kind, *(f"{kind}_{n}" for n in range(2, 1000))) if name not in tables)
