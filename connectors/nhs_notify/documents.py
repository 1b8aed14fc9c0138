"""The documents that the NHS Notify stub sends: JSON:API messages and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.stub_routes import StubReply

JSON_API = "application/vnd.api+json"
_ABOUT = "https://digital.nhs.uk/developer/api-catalogue/nhs-notify"
_WORDS = {
    "CM_MISSING_VALUE": ("Missing property", "The property at the specified location is required, but was not present in the request."),
    "CM_NULL_VALUE": ("Property cannot be null", "The property at the specified location is required, but a null value was passed in."),
    "CM_INVALID_VALUE": ("Invalid value", "The property at the specified location does not allow this value."),
    "CM_INVALID_NHS_NUMBER": ("Invalid nhs number", "The value provided in this nhsNumber field is not a valid NHS number."),
    "CM_NO_SUCH_ROUTING_PLAN": (
        "No such routing plan",
        "The routing plan specified either does not exist or is not in a usable state.",
    ),
    "CM_NOT_FOUND": ("Resource not found", "The resource at the requested URI was not found."),
    "CM_NOT_ACCEPTABLE": ("Not acceptable", "This service can only generate application/vnd.api+json or application/json."),
    "CM_UNSUPPORTED_MEDIA": (
        "Unsupported media",
        "Invalid content-type, this API only supports application/vnd.api+json or application/json.",
    ),
    "CM_DUPLICATE_REQUEST": ("Duplicate message request", "Request exists with identical messageReference"),
    "CM_RETRY_TOO_EARLY": (
        "Retried too early",
        "You have retried this request too early, the previous request is still being processed."
        " Re-send the request after the time (in seconds) specified `Retry-After` header.",
    ),
    "CM_QUOTA": (
        "Too many requests",
        "You have made too many requests. Re-send the request after the time (in seconds) specified `Retry-After` header.",
    ),
}
"""Title and detail. Source: NHS Notify API, the enumerations of its errors."""
_HERE = "http://127.0.0.1/comms"


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


def message(held: HeldMessage, base: str = _HERE) -> dict[str, Any]:
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
    links = {"self": f"{base}/v1/messages/{held.id}"}
    return {"data": {"type": "Message", "id": held.id, "attributes": attributes, "links": links}}


def with_channels(document: dict[str, Any], held: HeldMessage, types: tuple[str, ...]) -> dict[str, Any]:
    """The same with its channels in the order they are tried, as a status has them."""
    document["data"]["attributes"]["channels"] = [
        {
            "type": kind,
            "cascadeType": "primary" if order == 1 else "secondary",
            "cascadeOrder": order,
            "channelStatus": held.status if order == len(types) else "failed" if held.asked > 1 else "sending",
            "timestamps": {"created": held.created},
            "routingPlan": {"id": held.plan, "version": "1", "type": "original"},
        }
        for order, kind in enumerate(types, start=1)
    ]
    return document


def error(status: int, code: str, **source: str) -> dict[str, Any]:
    """One entry of `errors`; `source` is `pointer` or `header`, or left out where the specification has none."""
    title, detail = _WORDS[code]
    return {
        "id": "stub.0",
        "code": code,
        "links": {"about": _ABOUT},
        "status": str(status),
        "title": title,
        "detail": detail,
        **({"source": source} if source else {}),
    }


def refusal(status: int, *errors: dict[str, Any]) -> StubReply:
    return StubReply(status, {"errors": list(errors)}, content_type=JSON_API)
