"""Turns a message into GOV.UK Notify's form, and its answers into receipts. Numbers, addresses and texts are never read back."""

from __future__ import annotations

import re

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import Piece, read
from connectors.govuk_notify.settings import GovukNotifySettings
from connectors.message_rules import failures, refuse_empty, refuse_too_long, subject_of
from helpdesk.errors import ConnectorNotPermitted, ConnectorRejected
from helpdesk.signposting.model import Channel, MessageState, OutgoingMessage, Receipt

NOTIFICATION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SMS_LIMIT = 918
_KINDS = {Channel.SMS: "sms", Channel.EMAIL: "email", Channel.LETTER: "letter"}
_NAMES = {Channel.SMS: "text messages", Channel.EMAIL: "e-mails", Channel.LETTER: "letters"}
_MOST_LINES = 7
_STATES = {
    **dict.fromkeys(("created", "sending", "pending", "sent", "accepted", "pending-virus-check"), MessageState.ACCEPTED),
    **dict.fromkeys(("delivered", "received"), MessageState.DELIVERED),
    **dict.fromkeys(("permanent-failure", "temporary-failure", "technical-failure"), MessageState.FAILED),
    **dict.fromkeys(("cancelled", "validation-failed", "virus-scan-failed"), MessageState.FAILED),
}
"""`sent` went abroad, where nothing more is told. Source: GOV.UK Notify REST API documentation, status descriptions."""
_FAILURES = failures("govuk_notify")


class _Taken(Piece):
    id: str
    reference: str | None = None


class _Notification(Piece):
    id: str
    reference: str | None = None
    status: str


class _Notifications(Piece):
    notifications: list[_Notification] = Field()


def path_for(message: OutgoingMessage) -> str:
    """Raises ConnectorNotPermitted for what it does not send."""
    kind = _KINDS.get(message.channel)
    if kind is None:
        raise ConnectorNotPermitted("GOV.UK Notify does not send NHS App messages or texts to read aloud.")
    return f"/v2/notifications/{kind}"


def request_for(message: OutgoingMessage, settings: GovukNotifySettings, label: str) -> dict[str, object]:
    """The document to send. Raises RuleBroken for a text that cannot go, ConnectorRejected where a template is not set."""
    template = settings.templates.get(message.channel)
    if template is None:
        raise ConnectorRejected(f"No template of {label} is set for {_NAMES[message.channel]}.")
    if not message.to:
        raise ConnectorRejected(f"{label} was given no number or address.")
    refuse_empty(message.text)
    fields = {settings.text_placeholder: message.text}
    document: dict[str, object] = {"template_id": template, "personalisation": fields, "reference": message.reference}
    match message.channel:
        case Channel.SMS:
            refuse_too_long(message.text, _SMS_LIMIT, "a text message")
            document |= {"phone_number": message.to} | ({"sms_sender_id": settings.sms_sender_id} if settings.sms_sender_id else {})
        case Channel.EMAIL:
            fields[settings.subject_placeholder] = subject_of(message.subject)
            document |= {"email_address": message.to}
            document |= {"email_reply_to_id": settings.email_reply_to_id} if settings.email_reply_to_id else {}
        case _:
            fields |= _address(message.to)
    return document


def _address(to: str) -> dict[str, str]:
    """At most seven lines, the postcode last: those too many are joined in the line before it."""
    lines = to.split("\n")
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 2], ", ".join(lines[_MOST_LINES - 2 : -1]), lines[-1]]
    return {f"address_line_{number}": line for number, line in enumerate(lines, start=1)}


def accepted(body: object, message: OutgoingMessage, label: str) -> Receipt:
    """The receipt in the answer to a sent message. Raises ConnectorUnavailable where it names another reference: before the
    next try it is looked for. The second such answer counts as taken, without its id, so that it is not sent over and over."""
    taken = read(_Taken, body, label)
    if not NOTIFICATION_ID.fullmatch(taken.id):
        raise misunderstood(label)
    if taken.reference in (message.reference, None):
        return Receipt(MessageState.ACCEPTED, taken.id)
    if not message.tried_before:
        raise misunderstood(label)
    return Receipt(MessageState.ACCEPTED, message=f"{label} took it and named another message, so its delivery cannot be followed.")


def already_there(body: object, message: OutgoingMessage, label: str) -> Receipt | None:
    """The receipt of a message with this reference that the service holds, or None. Raises ConnectorUnavailable where it
    tells of any other message."""
    found = read(_Notifications, body, label).notifications
    if any(one.reference != message.reference or not NOTIFICATION_ID.fullmatch(one.id) for one in found):
        raise misunderstood(label)
    if not found:
        return None
    return Receipt(MessageState.ACCEPTED, found[-1].id, f"{label} already has this message.")


def progress(body: object, service_id: str, label: str) -> Receipt:
    """How far a message has got. Raises ConnectorUnavailable for a status that is not documented."""
    found = read(_Notification, body, label)
    state = _STATES.get(found.status)
    if state is None or found.id != service_id:
        raise misunderstood(label)
    words = _FAILURES["reasons"].get(found.status, _FAILURES["unknown"]) if state is MessageState.FAILED else ""
    return Receipt(state, service_id, words)
