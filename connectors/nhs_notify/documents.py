"""The documents that the NHS Notify stub sends: JSON:API messages and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.stub_routes import StubReply

JSON_API = "application/vnd.api+json"
_ABOUT = "https://digital.nhs.uk/developer/api-catalogue/nhs-notify"
_TITLES = {
    "CM_MISSING_VALUE": "Missing property",
    "CM_NULL_VALUE": "Property cannot be null",
    "CM_INVALID_VALUE": "Invalid value",
    "CM_INVALID_NHS_NUMBER": "Invalid nhs number",
    "CM_CANNOT_SET_CONTACT_DETAILS": "Cannot set contact details",
    "CM_NO_SUCH_ROUTING_PLAN": "No such routing plan",
    "CM_NOT_FOUND": "Resource not found",
    "CM_NOT_ACCEPTABLE": "Not acceptable",
    "CM_UNSUPPORTED_MEDIA": "Unsupported media",
    "CM_DUPLICATE_REQUEST": "Duplicate request",
}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class HeldMessage:
    """A message the stub took and keeps in memory; it goes nowhere. `asked` counts how often its status was asked;
    `failure` is the code it will fail with, or ""."""

    id: str
    reference: str
    plan: str
    nhs_number: str = field(repr=False)
    personalisation: Mapping[str, str] = field(repr=False)
    originator: str = ""
    failure: str = ""
    asked: int = 0
    created: str = field(default_factory=_now)

    @property
    def status(self) -> str:
        """created when taken, sending at the first question, then delivered or failed."""
        return ("created", "sending", "failed" if self.failure else "delivered")[min(self.asked, 2)]


def message(held: HeldMessage) -> dict[str, Any]:
    """What both the answer to a sent message and a status hold. Personalisation never comes back."""
    attributes: dict[str, Any] = {
        "messageReference": held.reference,
        "messageStatus": held.status,
        "timestamps": {"created": held.created},
        "routingPlan": {"id": held.plan, "name": "Free text", "version": "1", "createdDate": "2025-01-01T00:00:00.000Z"},
    }
    if held.status == "failed":
        attributes["messageFailureReasonCode"] = held.failure
        attributes["messageStatusDescription"] = "Words of the service that are not for this desk"
    links = {"self": f"/v1/messages/{held.id}"}
    return {"data": {"type": "Message", "id": held.id, "attributes": attributes, "links": links}}


def error(status: int, code: str, **source: str) -> dict[str, Any]:
    """One entry of `errors`; `source` is `pointer` or `header`."""
    return {
        "id": "stub.0",
        "code": code,
        "links": {"about": _ABOUT},
        "status": str(status),
        "title": _TITLES[code],
        "detail": _TITLES[code],
        "source": source,
    }


def refusal(status: int, *errors: dict[str, Any]) -> StubReply:
    return StubReply(status, {"errors": list(errors)}, content_type=JSON_API)
