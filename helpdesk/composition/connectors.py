"""What connectors there are and whether the configured ones answer; no database is opened for either."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from helpdesk.clock import SystemClock
from helpdesk.composition.connection_check import asked
from helpdesk.composition.connection_file import PracticeFile
from helpdesk.composition.practice import practice_instances, running
from helpdesk.composition.sources import instances_of, settings_of
from helpdesk.errors import RuleBroken
from helpdesk.registry import manifests
from helpdesk.registry.instances import Instance
from helpdesk.start import Start


def listing(start: Start) -> dict[str, Any]:
    """Every connector found, with the instances the configuration makes of it. `unknown` are instances of a kind that
    is not here."""
    found = manifests.find()
    tables = PracticeFile(start.folder, practice_instances()).tables() if start.practice else settings_of(start.tables).connectors
    kinds = {name: str(table.get("kind") or name) for name, table in tables.items()}
    return {
        "connectors": [
            {
                "id": m.id,
                "name": m.name,
                "api": m.api,
                "provides": list(m.provides),
                "instances": [name for name, kind in kinds.items() if kind == m.id],
            }
            for m in found.manifests.values()
        ],
        "unknown": [{"name": name, "kind": kind} for name, kind in kinds.items() if kind not in found.manifests],
        "broken": [{"folder": b.folder, "reason": b.reason} for b in found.broken],
    }


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
