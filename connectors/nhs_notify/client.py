"""Sends messages through NHS Notify and asks how far they have got."""

from __future__ import annotations

from uuid import uuid4

from connectors.errors_http import Documented, codes_of, raise_for
from connectors.http import Transport
from connectors.nhs_notify.mapping import MESSAGE_ID, accepted, progress, request_for
from connectors.nhs_notify.plans import plan_for
from connectors.nhs_notify.settings import NhsNotifySettings
from helpdesk.errors import ConnectorNotPermitted, ConnectorRejected
from helpdesk.registry.contract import ConnectorContext
from helpdesk.signposting.model import MessageState, OutgoingMessage, Receipt

_NO_MESSAGE = "0" * 27
JSON_API = "application/vnd.api+json"
_NO_SUCH_MESSAGE = (ConnectorRejected, "NHS Notify has no message with this id.")
_DOCUMENTED: Documented = {
    (400, "CM_ODS_CODE_REQUIRED"): (ConnectorRejected, "NHS Notify needs an originator: set it for this connection."),
    (400, "CM_CANNOT_SET_ODS_CODE"): (ConnectorRejected, "NHS Notify does not let this account name an originator: leave it empty."),
    (403, "CM_SERVICE_BAN"): (ConnectorNotPermitted, "NHS Notify has stopped this account from sending."),
    (404, "CM_NO_SUCH_ROUTING_PLAN"): (ConnectorRejected, "NHS Notify does not know the routing plan for this way of sending."),
    (404, "CM_NOT_FOUND"): _NO_SUCH_MESSAGE,
}
"""Source: NHS Notify API, responses of /v1/messages."""


class NotifySender:
    """Fulfils the port `MessageSender`. NHS Notify finds out itself, from PDS, how to reach a person."""

    needs_contact = False

    def __init__(self, settings: NhsNotifySettings, context: ConnectorContext, transport: Transport) -> None:
        self._settings = settings
        self._label = context.label or context.instance
        self._transport = transport

    def send(self, message: OutgoingMessage) -> Receipt:
        """Hands the message over. Raises RuleBroken before anything is sent where its text is empty or too long, and a
        ConnectorError; after ConnectorUnavailable the same message, with the same reference, may be sent again."""
        plan = plan_for(message.channel, app_before=self._settings.app_before)
        body = request_for(message, plan, originator=self._settings.originator_ods, billing=self._settings.billing_reference)
        reply = self._transport.post_json("/v1/messages", body, {**_headers(), "Content-Type": JSON_API})
        codes = codes_of(reply.body)
        if reply.status == 422 and "CM_DUPLICATE_REQUEST" in codes:
            return Receipt(MessageState.ACCEPTED, message="NHS Notify already has this message.")
        if reply.status == 400 and "CM_INVALID_NHS_NUMBER" in codes:
            return Receipt(MessageState.REFUSED, message="NHS Notify does not accept this person's NHS number.")
        raise_for(reply, self._label, _DOCUMENTED)
        return accepted(reply.body, message, self._label)

    def status(self, service_id: str) -> Receipt:
        """How far the message has got. Raises ConnectorError."""
        if not MESSAGE_ID.fullmatch(service_id):
            raise ConnectorRejected("NHS Notify gave no id for this message, so its delivery cannot be followed.")
        reply = self._transport.get_json(f"/v1/messages/{service_id}", headers=_headers())
        raise_for(reply, self._label, _DOCUMENTED)
        return progress(reply.body, service_id, self._label)

    def check(self) -> None:
        """Asks about a message that was never sent: "there is none" shows that NHS Notify answers. Raises a ConnectorError."""
        reply = self._transport.get_json(f"/v1/messages/{_NO_MESSAGE}", headers=_headers())
        if (reply.status, codes_of(reply.body)[:1]) != (404, ("CM_NOT_FOUND",)):
            raise_for(reply, self._label, _DOCUMENTED)


def _headers() -> dict[str, str]:
    return {"Accept": JSON_API, "X-Correlation-ID": str(uuid4())}
