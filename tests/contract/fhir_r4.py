"""What FHIR R4 itself demands, where no OpenAPI document does: what a server declares, and what a resource must have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.contract.messages import Exchange

_OF_ANY_SEARCH = frozenset({"_count", "_include"})
_APPOINTMENT = "proposed pending booked arrived fulfilled cancelled noshow entered-in-error checked-in waitlist"
_REQUEST = "draft active on-hold revoked completed entered-in-error unknown"
_ENCOUNTER = "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown"
_TASK = "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error"
STATUSES: Mapping[str, frozenset[str]] = {
    "Appointment": frozenset(_APPOINTMENT.split()),
    "ServiceRequest": frozenset(_REQUEST.split()),
    "CarePlan": frozenset(_REQUEST.split()),
    "Encounter": frozenset(_ENCOUNTER.split()),
    "Task": frozenset(_TASK.split()),
}
MUST_HAVE: Mapping[str, tuple[str, ...]] = {
    "Appointment": ("status", "participant"),
    "ServiceRequest": ("status", "intent", "subject"),
    "CarePlan": ("status", "intent", "subject"),
    "Encounter": ("status", "class"),
    "Task": ("status", "intent"),
    "OperationOutcome": ("issue",),
    "Patient": (),
    "Location": (),
}
"""Source: HL7 FHIR R4 4.0.1, the elements of cardinality 1 and the required value sets of each resource's status."""


class Declared:
    """A server's CapabilityStatement: which resources it can be asked for, and how."""

    def __init__(self, statement: Mapping[str, Any]) -> None:
        server = next(rest for rest in statement["rest"] if rest["mode"] == "server")
        self._resources = {resource["type"]: resource for resource in server["resource"]}

    def faults(self, exchange: Exchange, base_path: str, links: set[str]) -> list[str]:
        """What the request asks that is not declared. `links` are addresses that the server itself gave."""
        parts = urlsplit(exchange.request.target)
        kind, _, logical_id = parts.path.removeprefix(f"{base_path}/").partition("/")
        if kind == "metadata" or any(link.endswith(exchange.request.target) for link in links):
            return []
        held = self._resources.get(kind)
        if held is None:
            return [f"{kind} is not declared"]
        interaction = "read" if logical_id else "search-type"
        can = {i["code"] for i in held.get("interaction", ())}
        wrong = [] if interaction in can else [f"{kind}: {interaction} is not declared"]
        declared = {parameter["name"] for parameter in held.get("searchParam", ())} | _OF_ANY_SEARCH
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            bare = name.split(":")[0].split(".")[0]
            wrong += [] if bare in declared else [f"{kind}: {name} is not declared"]
            wrong += [f"{kind}: _include={value} is not declared"] if name == "_include" and value not in held["searchInclude"] else []
        return wrong


def faults_of_body(body: Mapping[str, Any], kind: str) -> list[str]:
    """What a reply to a question for `kind` lacks, or says in no words of FHIR's."""
    if body.get("resourceType") != "Bundle":
        return _faults_of_resource(body)
    wrong = [] if body.get("type") == "searchset" else ["a search answers with a searchset"]
    for entry in body.get("entry", ()):
        mode, resource = entry.get("search", {}).get("mode"), entry["resource"]
        wrong += _faults_of_resource(resource)
        wrong += [f"a match that is no {kind}"] if mode == "match" and resource["resourceType"] != kind else []
        wrong += [f"search.mode {mode}"] if mode not in ("match", "include", "outcome") else []
    return wrong


def _faults_of_resource(resource: Mapping[str, Any]) -> list[str]:
    kind = resource["resourceType"]
    if kind not in MUST_HAVE:
        return [f"{kind} is not expected here"]
    wrong = [f"{kind} lacks {name}" for name in MUST_HAVE[kind] if not resource.get(name)]
    status = resource.get("status")
    wrong += [f"{kind} has the status {status}"] if kind in STATUSES and status not in STATUSES[kind] else []
    wrong += [
        f"{kind} has a participant without a status"
        for p in resource.get("participant", ())
        if kind == "Appointment" and not p.get("status")
    ]
    return wrong
