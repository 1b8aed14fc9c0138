"""Turns a message into NHS Notify's form, and its answers into receipts."""

from __future__ import annotations

import re

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import Piece, read
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

_NO_DETAIL = "The NHS record holds no contact detail for this way of sending."
_NOT_IN_PDS = "The NHS number was not found in the national records."
_INVALIDATED = "The NHS number is no longer used."
_MOVED = "The person is not registered with the NHS in England any more."
_NOT_SENT_ON = "It could not be delivered to the phone, address or app on record."
_DECEASED = "The record says that the person has died. Do not send it again."
_REASONS = {
    "PDSV_0001": "The name in the NHS record cannot be used.",
    "PDSV_0002": _NO_DETAIL,
    "PDSV_0004": _NOT_IN_PDS,
    "PDSV_0006": _NOT_IN_PDS,
    "PDSV_0008": _INVALIDATED,
    "PDSV_0110": _MOVED,
    "PDSV_0111": _DECEASED,
    "PDSV_0112": _DECEASED,
    "SUPE_0007": _NOT_SENT_ON,
}
"""By the code without its first part (MFR_ is the message's reason, CFR_ a channel's).
Source: NHS Notify, message, channel and supplier status."""


class _Channel(Piece):
    status: str = Field(default="", alias="channelStatus")
    reason: str = Field(default="", alias="channelFailureReasonCode")


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


def request_for(message: OutgoingMessage, plan: Plan, *, originator: str) -> dict[str, object]:
    """The document to send. The person is named by NHS number alone: Notify finds how to reach them."""
    attributes: dict[str, object] = {
        "routingPlanId": plan.id,
        "messageReference": message.reference,
        "recipient": {"nhsNumber": message.nhs_number.value},
        "personalisation": personalisation(message, plan),
    }
    if originator:
        attributes["originator"] = {"odsCode": originator}
    return {"data": {"type": "Message", "attributes": attributes}}


def accepted(body: object, reference: str, label: str) -> Receipt:
    """The receipt in the answer to a sent message; an answer may leave the reference out. Raises ConnectorUnavailable
    where it names another one: sending again with the same reference is safe."""
    data = read(_Document, body, label).data
    if data.attributes.reference not in (reference, "") or not MESSAGE_ID.fullmatch(data.id):
        raise misunderstood(label)
    return Receipt(MessageState.ACCEPTED, data.id)


def progress(body: object, service_id: str, label: str) -> Receipt:
    """How far a message has got. Raises ConnectorUnavailable for a status that is not documented."""
    data = read(_Document, body, label).data
    state = _STATES.get(data.attributes.status)
    if state is None or data.id != service_id:
        raise misunderstood(label)
    return Receipt(state, service_id, _reason(data.attributes) if state is MessageState.FAILED else "")


def _reason(attributes: _Attributes) -> str:
    """Why it failed: the message's own code, else the last failed channel's. Free text of the service is not kept."""
    failed = [c.reason for c in attributes.channels if c.status == "failed"]
    tails = [code.partition("_")[2] for code in (attributes.reason, *reversed(failed))]
    known = [_REASONS[tail] for tail in tails if tail in _REASONS]
    return known[0] if known else "NHS Notify could not deliver it and gave no reason that the desk knows."
