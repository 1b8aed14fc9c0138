"""What connectors there are and whether the configured ones answer; no database is opened for either."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from helpdesk.clock import SystemClock
from helpdesk.composition.catalogue import everything
from helpdesk.composition.connection_check import asked
from helpdesk.composition.connection_file import PracticeFile
from helpdesk.composition.practice import practice_instances, running
from helpdesk.composition.sources import instances_of, settings_of
from helpdesk.errors import RuleBroken
from helpdesk.registry.contract import Package
from helpdesk.registry.instances import Instance
from helpdesk.start import Start


def listing(start: Start) -> dict[str, Any]:
    """Every connector found, with where it comes from and the instances the configuration makes of it. `unknown` are
    instances of a kind that is not here; `broken` are those that cannot be used, `refused` where they are not allowed on
    this profile; `missing` are packages that the configuration names and that are not installed."""
    settings = settings_of(start.tables)
    found = everything(settings.packages, live=start.live)
    tables = PracticeFile(start.folder, practice_instances()).tables() if start.practice else settings.connectors
    kinds = {name: str(table.get("kind") or name) for name, table in tables.items()}
    return {
        "connectors": [
            {
                "id": m.id,
                "name": m.name,
                "api": m.api,
                "provides": list(m.provides),
                "instances": [name for name, kind in kinds.items() if kind == m.id],
                **_origin(m.package),
                "note": _note(m.package),
            }
            for m in found.manifests.values()
        ],
        "unknown": [{"name": n, "kind": k} for n, k in kinds.items() if k not in found.manifests and found.unusable(k) is None],
        "broken": [
            {
                "folder": b.folder,
                "reason": b.reason,
                "refused": b.refused,
                "instances": [name for name, kind in kinds.items() if found.unusable(kind) is b],
                **_origin(b.package),
            }
            for b in found.broken
        ],
        "missing": list(found.missing),
    }


def _origin(package: Package | None) -> dict[str, Any]:
    """The package a connector comes in, with the hash that a live profile's configuration must name; null for our own."""
    if package is None:
        return {"package": None, "version": None, "sha256": None, "checked": None}
    return {"package": package.name, "version": package.version, "sha256": package.sha256 or None, "checked": package.checked}


def _note(package: Package | None) -> str:
    if package is None or package.checked:
        return ""
    return f"Loaded without a check of its files: a live profile would not. {package.no_hash}".strip()


def check(start: Start, name: str | None) -> list[dict[str, Any]]:
    """Asks each instance one harmless question; `stage` is how far it came, "" where it is good. Raises RuleBroken for a
    name that is not configured."""
    area = running(start.folder) if start.practice else None
    try:
        if area is not None:
            area.write_extracts()
        made = instances_of(settings_of(area.tables if area else start.tables), start, SystemClock())
        chosen = [i for i in made if name is None or i.name == name]
        if name is not None and not chosen:
            raise RuleBroken("There is no such instance in the configuration.", field="name")
        with ThreadPoolExecutor(max_workers=max(1, len(chosen)), thread_name_prefix="check") as pool:
            return list(pool.map(_checked, chosen))
    finally:
        if area is not None:
            area.stop()


def _checked(instance: Instance) -> dict[str, Any]:
    outcome = asked(lambda: instance.connector)
    return {
        "name": instance.name,
        "kind": instance.manifest.id,
        "ok": outcome.ok,
        "stage": outcome.stage,
        "message": outcome.message,
    }
