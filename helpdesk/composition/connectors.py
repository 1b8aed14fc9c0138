"""What connectors there are and whether the configured ones answer; no database is opened for either."""

from __future__ import annotations

from typing import Any

from helpdesk.clock import SystemClock
from helpdesk.composition.practice import running
from helpdesk.composition.sources import instances_of, settings_of
from helpdesk.errors import HelpdeskError, NotFound, RuleBroken
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.registry import manifests
from helpdesk.registry.instances import Instance
from helpdesk.start import Start

_NOBODY = NhsNumber("9999999999")
"""A number that is never issued: asking for it shows that the system answers, and is about nobody."""


def listing(start: Start) -> dict[str, Any]:
    """Every connector found, with the instances the configuration makes of it."""
    found = manifests.find()
    tables = settings_of(start.tables).connectors
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
        "broken": [{"folder": b.folder, "reason": b.reason} for b in found.broken],
    }


def check(start: Start, name: str | None) -> list[dict[str, Any]]:
    """Asks each instance one harmless question. Raises RuleBroken for a name that is not configured."""
    area = running(start.folder) if start.practice else None
    try:
        made = instances_of(settings_of(area.tables if area else start.tables), start, SystemClock())
        chosen = [i for i in made if name is None or i.name == name]
        if name is not None and not chosen:
            raise RuleBroken("There is no such instance in the configuration.", field="name")
        return [_checked(i) for i in chosen]
    finally:
        if area is not None:
            area.stop()


def _checked(instance: Instance) -> dict[str, Any]:
    ok, message = True, "It answers."
    try:
        _question(instance)
    except NotFound:
        pass
    except HelpdeskError as error:
        ok, message = False, error.message
    return {"name": instance.name, "kind": instance.manifest.id, "ok": ok, "message": message}


def _question(instance: Instance) -> None:
    connector = instance.connector
    if instance.provides("demographics"):
        connector.get(_NOBODY)
    elif instance.provides("referrals"):
        connector.referral(Ubrn("000000000000"))
    elif instance.provides("practice_appointments"):
        connector.future(_NOBODY, OdsCode("XXX01"))
    elif instance.provides("messages"):
        connector.status("0000000000000000000000000")
    else:
        connector.waiting()
