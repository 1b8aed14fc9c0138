"""NHS Notify."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from connectors.nhs_notify import connect
from connectors.nhs_notify.settings import NhsNotifySettings
from connectors.nhs_notify.stub import serve
from helpdesk.errors import ConnectorRejected
from helpdesk.identifiers import NhsNumber
from helpdesk.practice.model import Area
from helpdesk.signposting.model import Channel, OutgoingMessage
from tests.contract.service import QUICK, Call, Direct, Service, asking, well

_JSON_API = {"Content-Type": "application/vnd.api+json", "Accept": "application/vnd.api+json"}


def _connector(address: str) -> Any:
    """NHS Notify with each way of trying the NHS App first."""

    def trying(app_first: str) -> Any:
        first = {"app_before_sms": app_first, "app_before_email": app_first}
        settings = NhsNotifySettings(base_url=address, originator_ods="XICB", billing_reference="Helpdesk", **first, **QUICK)
        return connect(settings, asking("nhs_notify"))

    return {app_first: trying(app_first) for app_first in ("no", "4h", "24h")}


def _message(channel: Channel, number: NhsNumber = NhsNumber("9990548609"), reference: str = "") -> OutgoingMessage:  # noqa: B008  # frozen
    reference = reference or str(uuid5(NAMESPACE_URL, f"{channel}{number}"))
    return OutgoingMessage(reference, "call", number, channel, "card", "1", "Where to find help.", "Your hospital wait")


def _about(channel: Channel) -> Any:
    """The message whose reference the answer names."""

    def about(body: Any) -> OutgoingMessage | None:
        if not isinstance(body, dict) or "data" not in body:
            return None
        return _message(channel, reference=body["data"]["attributes"]["messageReference"])

    return about


def _send(channel: Channel, app_first: str = "no") -> Call:
    def in_area(area: Area) -> Iterable[OutgoingMessage]:
        return [_message(channel, person.patient.nhs_number) for person in well(area, "nhs_notify")]

    return Call(
        f"send-{channel}" if app_first == "no" else f"send-{channel}-after-{app_first}-in-the-app",
        lambda notify, message: notify[app_first].send(message),
        ("create-message",),
        _message(channel),
        about=_about(channel),
        holds=lambda receipt, body: "data" not in body or receipt.service_id == body["data"]["id"],
        in_area=in_area,
    )


def _sent_and_asked(notify: Any, subject: Any) -> Any:
    """Its status, by its id; on the stub a message is sent first."""
    if isinstance(subject, OutgoingMessage):
        service_id = notify["no"].send(subject).service_id
        return [notify["no"].status(service_id) for _ in range(3)]
    return notify["no"].status(subject)


def _body(**changed: Any) -> bytes:
    attributes: dict[str, Any] = {
        "routingPlanId": "00000000-0000-0000-0000-000000000003",
        "messageReference": "da0b1495-c7cb-468c-9d81-07dee089d728",
        "recipient": {"nhsNumber": "9990548609"},
        "personalisation": {"sms_body": "Words"},
    } | changed
    kept = {name: value for name, value in attributes.items() if value is not None}
    return json.dumps({"data": {"type": "Message", "attributes": kept}}).encode()


def _refused(name: str, status: int, **changed: Any) -> Direct:
    return Direct(name, "POST", "/v1/messages", status, _JSON_API, _body(**changed))


SERVICE = Service(
    id="nhs_notify",
    specification="nhs-notify/openapi.json",
    base_path="/comms",
    connect=_connector,
    serve=serve,
    calls=(
        *(_send(channel) for channel in (Channel.SMS, Channel.APP, Channel.EMAIL)),
        *(_send(channel, app_first) for channel in (Channel.SMS, Channel.EMAIL) for app_first in ("4h", "24h")),
        Call(
            "status",
            _sent_and_asked,
            ("get-message",),
            "2WL3qFTEFM0qMY8xjRbt1LIKCzM",
            about=lambda body: body["data"]["id"] if isinstance(body, dict) and "data" in body else None,
            in_area=lambda area: [_message(Channel.SMS, person.patient.nhs_number) for person in well(area, "nhs_notify")],
        ),
    ),
    documented={
        ("create-message", 400, "CM_INVALID_NHS_NUMBER"): None,
        ("create-message", 422, "CM_DUPLICATE_REQUEST"): None,
        ("create-message", 404, "CM_NO_SUCH_ROUTING_PLAN"): ConnectorRejected,
        ("get-message", 404, "CM_NOT_FOUND"): ConnectorRejected,
    },
    direct=(
        _refused("no-reference", 400, messageReference=None),
        _refused("number-that-is-none", 400, recipient={"nhsNumber": "9990548608"}),
        _refused("contact-details", 400, recipient={"nhsNumber": "9990548609", "contactDetails": {"sms": "07700900001"}}),
        _refused("unknown-plan", 404, routingPlanId="868796f9-7ce3-4730-9f1e-23aa766edea3"),
        Direct("no-body", "POST", "/v1/messages", 400, _JSON_API, b"{}"),
        Direct("form", "POST", "/v1/messages", 415, {**_JSON_API, "Content-Type": "application/x-www-form-urlencoded"}, b"a=b"),
        Direct("accept-html", "GET", "/v1/messages/2WL3qFTEFM0qMY8xjRbt1LIKCzM", 406, {"Accept": "text/html"}),
        Direct("unknown-message", "GET", "/v1/messages/2WL3qFTEFM0qMY8xjRbt1LIKCzM", 404, _JSON_API),
    ),
)
