"""From a FHIR Organization of the Organisation Data Service to the desk's organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import ODS_CODE, Coding, ContactPoint, Extension, Identifier, PostalAddress, Resource, extensions, read
from connectors.ods.words import kind_of, written
from connectors.text import plain
from helpdesk.directory.model import Organisation
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import OdsCode

_ROLE = "Extension-England-OrganisationRole"
_NOT_KNOWN = "HAPI-2001"
_MOST_ADDRESS_LINES = 6


class _Address(PostalAddress):
    city: str = ""


class _Organisation(Resource):
    active: bool = True
    name: str = ""
    identifier: list[Identifier] = Field(default_factory=list)
    telecom: list[ContactPoint] = Field(default_factory=list)
    address: list[_Address] = Field(default_factory=list)


def organisation_of(body: Any, *, source: str, label: str, at: datetime, asked_for: OdsCode | None = None) -> Organisation:
    """Raises ConnectorUnavailable for another shape, one without a name or code, or one that was not asked for."""
    held = read(_Organisation, body, label, "Organization")
    code = next((i.value for i in held.identifier if i.system == ODS_CODE), held.id)
    ods = _code(code)
    if ods is None or not held.name.strip() or (asked_for is not None and ods != asked_for):
        raise misunderstood(label)
    address = next(iter(held.address), _Address())
    lines = [written(line) for line in (*address.line, address.city) if line.strip()]
    return Organisation(
        ods=ods,
        name=written(held.name),
        kind=kind_of(_roles(held)),
        active=held.active,
        phone=plain(next((t.value for t in held.telecom if t.system == "phone"), "")),
        address_lines=tuple(lines[:_MOST_ADDRESS_LINES]),
        postcode=plain(address.postal_code).upper(),
        source=source,
        as_at=at,
    )


def _roles(held: _Organisation) -> list[tuple[str, str]]:
    """(code, display) of its roles: those still held before those that have ended."""
    found = [(_active(role), _role(role)) for role in extensions(held.extension, _ROLE)]
    return [(c.code, c.display) for active in (True, False) for held_now, c in found if held_now is active]


def _role(role: Extension) -> Coding:
    concept = next((e.value_concept for e in role.extension if e.url == "roleCode" and e.value_concept), None)
    return next((c for c in concept.coding if c.code), Coding()) if concept else Coding()


def _active(role: Extension) -> bool:
    return next((e.value_boolean for e in role.extension if e.url == "active"), True) is not False


def _code(text: str) -> OdsCode | None:
    try:
        return OdsCode(text)
    except RuleBroken:
        return None


def says_not_known(body: Any) -> bool:
    """Whether an OperationOutcome says that there is no such organisation. The code stands in the details by the table of
    the specification, and at the start of the diagnostics in its example."""
    issues = body.get("issue") if isinstance(body, dict) and body.get("resourceType") == "OperationOutcome" else None
    for issue in issues if isinstance(issues, list) else ():
        if not isinstance(issue, dict):
            continue
        details = issue.get("details")
        codings = details.get("coding") if isinstance(details, dict) else None
        codes = [c.get("code") for c in codings if isinstance(c, dict)] if isinstance(codings, list) else []
        if _NOT_KNOWN in codes or str(issue.get("diagnostics", "")).startswith(_NOT_KNOWN):
            return True
    return False
