"""Turns a message into NHS Notify's form, and its answers into receipts."""

from __future__ import annotations

import re

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import Piece, read
from connectors.message_rules import failures
from connectors.nhs_notify.plans import Plan, personalisation
from helpdesk.signposting.model import MessageState, OutgoingMessage, Receipt

MESSAGE_ID = re.compile(r"[A-Za-z0-9]{1,64}")

_STATES = {
    "created": MessageState.ACCEPTED,
    "pending_enrichment": MessageState.ACCEPTED,
    "enriched": MessageState.ACCEPTED,
    "sending": MessageState.ACCEPTED,
    "delivered": MessageState.DELIVERED,
    "failed": MessageState.FAILED,
}

_FAILURES = failures("nhs_notify")


class _Channel(Piece):
    status: str = Field(default="", alias="channelStatus")
    reason: str = Field(default="", alias="channelFailureReasonCode")
    supplier: str = Field(default="", alias="supplierStatus")


class _Attributes(Piece):
    reference: str = Field(default="", alias="messageReference")
    status: str = Field(alias="messageStatus")
    reason: str = Field(default="", alias="messageFailureReasonCode")
    channels: list[_Channel] = Field(default_factory=list)


class _Data(Piece):
    id: str
    attributes: _Attributes


class _Document(Piece):
    data: _Data


def request_for(message: OutgoingMessage, plan: Plan, *, originator: str, billing: str = "") -> dict[str, object]:
    """The document to send. The person is named by NHS number alone: Notify finds how to reach them."""
    attributes: dict[str, object] = {
        "routingPlanId": plan.id,
        "messageReference": message.reference,
        "recipient": {"nhsNumber": message.nhs_number.value},
        "personalisation": personalisation(message, plan),
    }
    if originator:
        attributes["originator"] = {"odsCode": originator}
    if billing:
        attributes["billingReference"] = billing
    return {"data": {"type": "Message", "attributes": attributes}}


def accepted(body: object, message: OutgoingMessage, label: str) -> Receipt:
    """The receipt in the answer to a sent message; an answer may leave the reference out.

    An answer that names another reference is somebody else's: whether ours was taken is not known. Then it is sent once more,
    which is safe with the same reference (raises ConnectorUnavailable). Where that answer is as wrong, the service does not
    tell references apart, so that each further try could be one more message: it counts as taken, and its id is not used."""
    data = read(_Document, body, label).data
    if not MESSAGE_ID.fullmatch(data.id):
        raise misunderstood(label)
    if data.attributes.reference in (message.reference, ""):
        return Receipt(MessageState.ACCEPTED, data.id)
    if not message.tried_before:
        raise misunderstood(label)
    return Receipt(MessageState.ACCEPTED, message=f"{label} took it and named another message, so its delivery cannot be followed.")


def progress(body: object, service_id: str, label: str) -> Receipt:
    """How far a message has got. Raises ConnectorUnavailable for a status that is not documented."""
    data = read(_Document, body, label).data
    state = _STATES.get(data.attributes.status)
    if state is None or data.id != service_id:
        raise misunderstood(label)
    return Receipt(state, service_id, _reason(data.attributes) if state is MessageState.FAILED else "")


def _reason(attributes: _Attributes) -> str:
    """Why it failed: the message's own code, else the last failed channel's, else what its carrier said, else the code that
    says least. Free text of the service is not kept."""
    failed = [c for c in reversed(attributes.channels) if c.status == "failed"]
    codes = [code.partition("_")[2] for code in (attributes.reason, *(c.reason for c in failed))]
    words = [_FAILURES["reasons"].get(code) for code in codes]
    words += [_FAILURES["suppliers"].get(c.supplier) for c in failed]
    words += [_FAILURES["general"].get(code) for code in codes]
    return next((word for word in words if word), str(_FAILURES["unknown"]))
