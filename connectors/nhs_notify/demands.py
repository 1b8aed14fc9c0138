"""What the NHS Notify stub demands of a request before it takes it: media types, and the properties of a message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from connectors.nhs_notify.documents import JSON_API, error, refusal
from connectors.nhs_notify.plans import PLANS
from connectors.stub_routes import StubReply, StubRequest
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber

_MEDIA = {JSON_API, "application/json"}
_BASE = "/data/attributes"
_PLAN_IDS = {plan.id for plan in PLANS.values()}


def media_refusal(request: StubRequest) -> StubReply | None:
    """406 for an Accept the service cannot write, 415 for a body it cannot read, or None."""
    accepted = {part.split(";")[0].strip() for part in request.headers.get("Accept", "*/*").split(",")}
    if not accepted & (_MEDIA | {"*/*"}):
        return refusal(406, error(406, "CM_NOT_ACCEPTABLE", header="Accept"))
    sent = request.headers.get("Content-Type", "").split(";")[0].strip()
    if request.method == "POST" and sent not in _MEDIA:
        return refusal(415, error(415, "CM_UNSUPPORTED_MEDIA", header="Content-Type"))
    return None


def body_refusal(body: Any) -> StubReply | None:
    """All that is wrong with a message, up to 100 errors at once, or None."""
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        return refusal(400, error(400, "CM_MISSING_VALUE", pointer="/data"))
    data = body["data"]
    attributes = data.get("attributes")
    if not isinstance(attributes, dict):
        return refusal(400, error(400, "CM_MISSING_VALUE", pointer=_BASE))
    wrong = [] if data.get("type") == "Message" else [error(400, "CM_INVALID_VALUE", pointer="/data/type")]
    wrong += [_missing(attributes, name) for name in ("routingPlanId", "messageReference", "recipient") if not attributes.get(name)]
    wrong += _recipient_errors(attributes.get("recipient"))
    if attributes.get("routingPlanId") and not _is_uuid(attributes["routingPlanId"]):
        wrong.append(error(400, "CM_INVALID_VALUE", pointer=f"{_BASE}/routingPlanId"))
    if wrong:
        return refusal(400, *wrong[:100])
    if attributes["routingPlanId"] not in _PLAN_IDS:
        return refusal(404, error(404, "CM_NO_SUCH_ROUTING_PLAN", pointer=f"{_BASE}/routingPlan"))
    return None


def _missing(attributes: dict[str, Any], name: str) -> dict[str, Any]:
    code = "CM_NULL_VALUE" if name in attributes and attributes[name] is None else "CM_MISSING_VALUE"
    return error(400, code, pointer=f"{_BASE}/{name}")


def _recipient_errors(recipient: Any) -> list[dict[str, Any]]:
    if not isinstance(recipient, dict):
        return []
    if "contactDetails" in recipient:
        return [error(400, "CM_INVALID_VALUE", pointer=f"{_BASE}/recipient/contactDetails")]
    number = recipient.get("nhsNumber")
    if not isinstance(number, str):
        return [error(400, "CM_MISSING_VALUE", pointer=f"{_BASE}/recipient/nhsNumber")]
    try:
        NhsNumber(number)
    except RuleBroken:
        return [error(400, "CM_INVALID_NHS_NUMBER", pointer=f"{_BASE}/recipient/nhsNumber")]
    return []


def _is_uuid(text: object) -> bool:
    try:
        return str(UUID(str(text))) == text
    except ValueError:
        return False
