"""Sends messages through GOV.UK Notify and asks how far they have got."""

from __future__ import annotations

from connectors.govuk_notify.errors import refuse
from connectors.govuk_notify.mapping import NOTIFICATION_ID, accepted, already_there, path_for, progress, request_for
from connectors.govuk_notify.settings import GovukNotifySettings
from connectors.govuk_notify.token import token_for
from connectors.http import Transport
from helpdesk.errors import ConnectorRejected, ConnectorUnavailable, Stage
from helpdesk.registry.contract import ConnectorContext
from helpdesk.signposting.model import OutgoingMessage, Receipt

_BEFORE_A_REPEAT_S = 60.0


class GovukNotifySender:
    """Fulfils the port `MessageSender`. The reference does not keep GOV.UK Notify from sending a message twice, so that
    before every try it is asked whether it has one with this reference: also the first, since a program that was ended
    between sending and noting it down does not know that it tried."""

    needs_contact = True

    def __init__(self, settings: GovukNotifySettings, context: ConnectorContext, transport: Transport) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._transport = transport

    def send(self, message: OutgoingMessage) -> Receipt:
        """Hands the message over unless it is there already. Raises RuleBroken where this text or number cannot be sent, and
        a ConnectorError; after ConnectorUnavailable the same message, with the same reference, may be sent again."""
        path = path_for(message)
        document = request_for(message, self._settings, self._label)
        before = self._held(message)
        if before is not None:
            return before
        try:
            reply = self._transport.post_json(path, document, self._headers())
            refuse(reply, self._label)
            return accepted(reply.body, message, self._label)
        except ConnectorUnavailable as error:
            # it may be on its way into their records yet: asked too soon they would not find it
            wait = max(error.retry_after_s or 0.0, _BEFORE_A_REPEAT_S)
            raise ConnectorUnavailable(error.message, retry_after_s=wait) from None

    def status(self, service_id: str) -> Receipt:
        """How far the message has got. Raises ConnectorError."""
        if not NOTIFICATION_ID.fullmatch(service_id):
            raise ConnectorRejected("GOV.UK Notify gave no id for this message, so its delivery cannot be followed.")
        reply = self._transport.get_json(f"/v2/notifications/{service_id}", headers=self._headers())
        refuse(reply, self._label)
        return progress(reply.body, service_id, self._label)

    def check(self) -> None:
        """Asks for the templates that are set. Raises a ConnectorError."""
        templates = self._settings.templates
        if not templates:
            raise ConnectorRejected(f"No template of {self._label} is set, so nothing can be sent.", stage=Stage.SETTINGS)
        for template in templates.values():
            reply = self._transport.get_json(f"/v2/template/{template}", headers=self._headers())
            if reply.status == 404:
                raise ConnectorRejected(f"{self._label} does not know a template that is set.")
            refuse(reply, self._label)

    def _held(self, message: OutgoingMessage) -> Receipt | None:
        params = {"reference": message.reference}
        reply = self._transport.get_json("/v2/notifications", params, self._headers())
        refuse(reply, self._label)
        return already_there(reply.body, message, self._label)

    def _headers(self) -> dict[str, str]:
        token = token_for(self._context.secret("api_key"), self._context.clock.now(), self._label)
        return {"Accept": "application/json", "Authorization": f"Bearer {token}"}
