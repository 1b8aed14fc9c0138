"""What the stub says that it offers, and the bundles and outcomes it answers with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "Patient": ("identifier",),
    "Appointment": ("patient", "status", "date"),
    "ServiceRequest": ("patient", "status"),
    "Encounter": ("patient", "status", "date"),
    "CarePlan": ("patient", "status"),
    "Task": ("patient", "status"),
}
INCLUDES: Mapping[str, tuple[str, ...]] = {
    "Appointment": ("Appointment:location", "Appointment:patient"),
    "Encounter": ("Encounter:location", "Encounter:patient"),
    "ServiceRequest": ("ServiceRequest:patient",),
    "CarePlan": ("CarePlan:patient",),
    "Task": ("Task:patient",),
}


def statement(today: str) -> dict[str, Any]:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": today,
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{"mode": "server", "resource": [_offered(name, names) for name, names in PARAMETERS.items()]}],
        "implementation": {"description": "The practice area"},
    }


def _offered(name: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": name,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchInclude": list(INCLUDES.get(name, ())) or ["*"],
        "searchParam": [{"name": n, "type": "date" if n == "date" else "token"} for n in names],
    }


def outcome(code: str, words: str, *, severity: str = "error") -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code, "diagnostics": words}]}


def bundle(base: str, found: Iterable[Mapping[str, Any]], along: Iterable[Mapping[str, Any]], total: int, next_url: str) -> dict[str, Any]:
    """A page of a search; an OperationOutcome among what was sent along says something of the search itself."""
    entries = [_entry(base, r, "match") for r in found]
    entries += [_entry(base, r, "outcome" if r["resourceType"] == "OperationOutcome" else "include") for r in along]
    whole: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": total}
    if next_url:
        whole["link"] = [{"relation": "next", "url": next_url}]
    return whole | ({"entry": entries} if entries else {})


def _entry(base: str, resource: Mapping[str, Any], mode: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"resource": resource, "search": {"mode": mode}}
    return entry | ({"fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}"} if "id" in resource else {})
