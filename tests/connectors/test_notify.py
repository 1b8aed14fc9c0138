"""NHS Notify over real HTTP: what is sent, when it may be sent again, and that its stub delivers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import requests
from loopback import Keep, OneReply, keeping, published
from notify_message import APP, DEAD, EMAIL, NUMBER, SEND, SILENT, SMS, area, connected, taken

from connectors.nhs_notify.plans import LIMITS, PLANS
from connectors.nhs_notify.stub import NotifyStub, serve
from helpdesk.errors import (
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    RuleBroken,
)
from helpdesk.identifiers import NhsNumber
from helpdesk.signposting.model import Channel, MessageState, OutgoingMessage, Receipt


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture
def stub(keep: Keep[NotifyStub]) -> NotifyStub:
    return keep(serve(area()))


BOTH_EMAIL = {"nhsapp_body": SMS.text, "email_subject": "While you wait", "email_body": SMS.text}
BOTH_SMS = {"nhsapp_body": SMS.text, "sms_body": SMS.text}


@pytest.mark.parametrize(
    ("sent", "settings", "plan", "fields"),
    [
        (APP, {}, 1, {"body": SMS.text}),
        (EMAIL, {}, 2, {"email_subject": "While you wait", "email_body": SMS.text}),
        (SMS, {}, 3, {"sms_body": SMS.text}),
        (EMAIL, {"app_before_email": "24h"}, 4, BOTH_EMAIL),
        (EMAIL, {"app_before_email": "4h"}, 5, BOTH_EMAIL),
        (SMS, {"app_before_sms": "24h"}, 6, BOTH_SMS),
        (SMS, {"app_before_sms": "4h"}, 7, BOTH_SMS),
        (SMS, {"app_before_sms": True}, 6, BOTH_SMS),
        (SMS, {"app_before_sms": False, "app_before_email": "4h"}, 3, {"sms_body": SMS.text}),
        (APP, {"app_before_sms": "4h", "app_before_email": "4h"}, 1, {"body": SMS.text}),
    ],
)
def test_each_of_the_seven_plans_is_chosen_by_channel_and_settings(
    stub: NotifyStub, sent: OutgoingMessage, settings: dict[str, Any], plan: int, fields: dict[str, str]
) -> None:
    receipt = connected(stub.address, **settings).send(sent)
    (held,) = stub.messages
    assert receipt == Receipt(MessageState.ACCEPTED, held.id)
    assert held.plan == f"00000000-0000-0000-0000-{plan:012}"
    assert held.personalisation == fields
    assert (held.reference, held.nhs_number, held.originator) == (SMS.reference, NUMBER.value, "")


def test_what_goes_out_names_the_person_by_nhs_number_alone(keep: Keep[OneReply]) -> None:
    server = keep(OneReply(taken(), SEND))
    connected(server.address, originator_ods="XICB", billing_reference="waiting-well").send(SMS)
    (request,) = server.seen
    assert request.json() == {
        "data": {
            "type": "Message",
            "attributes": {
                "routingPlanId": PLANS[Channel.SMS, "no"].id,
                "messageReference": SMS.reference,
                "recipient": {"nhsNumber": NUMBER.value},
                "originator": {"odsCode": "XICB"},
                "billingReference": "waiting-well",
                "personalisation": {"sms_body": SMS.text},
            },
        }
    }
    assert request.headers.get_all("Content-Type") == ["application/vnd.api+json"]
    assert request.headers.get_all("Accept") == ["application/vnd.api+json"]
    assert str(UUID(request.headers["X-Correlation-ID"])) == request.headers["X-Correlation-ID"]


@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.READ_ALOUD])
def test_letters_and_texts_to_read_aloud_are_not_sent_here(stub: NotifyStub, channel: Channel) -> None:
    with pytest.raises(ConnectorNotPermitted):
        connected(stub.address).send(replace(SMS, channel=channel))
    assert not stub.requests


@pytest.mark.parametrize(("sent", "limit"), [(SMS, 918), (APP, 5_000), (EMAIL, 100_000)])
def test_the_limit_of_a_channel_is_kept_before_anything_is_sent(stub: NotifyStub, sent: OutgoingMessage, limit: int) -> None:
    connector = connected(stub.address)
    with pytest.raises(RuleBroken) as caught:
        connector.send(replace(sent, text="ä" * (limit + 12)))
    assert caught.value.field == "text"
    assert "12 characters too long" in caught.value.message
    assert f"{limit:,} is the limit" in caught.value.message
    assert not stub.requests
    assert connector.send(replace(sent, text="ä" * limit)).state is MessageState.ACCEPTED


def test_the_limits_are_those_of_the_specification() -> None:
    text = published("nhs-notify/openapi.json")["info"]["description"]
    names = {Channel.EMAIL: "Email", Channel.LETTER: "Letter", Channel.APP: "NHS App", Channel.SMS: "Text message (SMS)"}
    for channel, name in names.items():
        (row,) = [line for line in text.splitlines() if line.startswith(f"| {name} ") and line.count("|") == 3]
        assert int(row.split("|")[2].replace(",", "")) == LIMITS[channel]


@pytest.mark.parametrize("app_first", ["4h", "24h"])
def test_with_the_app_first_the_text_must_still_fit_a_text_message(stub: NotifyStub, app_first: str) -> None:
    with pytest.raises(RuleBroken, match="1 character too long for a text message"):
        connected(stub.address, app_before_sms=app_first).send(replace(SMS, text="a" * 919))
    with pytest.raises(RuleBroken, match="too long for an NHS App message"):
        connected(stub.address, app_before_email=app_first).send(replace(EMAIL, text="a" * 5_001))


def test_an_emoji_counts_as_two_characters(stub: NotifyStub) -> None:
    with pytest.raises(RuleBroken, match="2 characters too long"):
        connected(stub.address).send(replace(SMS, text="🙂" * 460))
    assert not stub.requests


@pytest.mark.parametrize(("sent", "field"), [(replace(SMS, text=" \n"), "text"), (replace(EMAIL, subject=" "), "subject")])
def test_what_would_fail_later_is_refused_now(stub: NotifyStub, sent: OutgoingMessage, field: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        connected(stub.address).send(sent)
    assert caught.value.field == field
    assert not stub.requests


def test_the_same_reference_again_is_accepted_and_is_one_message(stub: NotifyStub) -> None:
    connector = connected(stub.address)
    first, again = connector.send(SMS), connector.send(SMS)
    assert again.state is MessageState.ACCEPTED
    assert (bool(first.service_id), again.service_id) == (True, "")
    assert len(stub.messages) == 1


def test_the_same_reference_from_many_threads_is_one_message(stub: NotifyStub) -> None:
    connector = connected(stub.address, timeout_s=20)
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: connector.send(SMS), range(24)))
    assert {r.state for r in receipts} == {MessageState.ACCEPTED}
    assert sum(bool(r.service_id) for r in receipts) == 1
    assert len(stub.messages) == 1


def test_a_message_goes_from_accepted_to_delivered(stub: NotifyStub) -> None:
    connector = connected(stub.address)
    service_id = connector.send(SMS).service_id
    states = [connector.status(service_id).state for _ in range(3)]
    assert states == [MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.DELIVERED]


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (replace(SMS, nhs_number=DEAD), "died"),
        (replace(SMS, nhs_number=SILENT), "no contact detail"),
        (replace(EMAIL, nhs_number=SILENT), "no contact detail"),
        (replace(SMS, nhs_number=NhsNumber("9990000042")), "not found"),
    ],
)
def test_a_message_that_cannot_be_delivered_fails_with_plain_words(stub: NotifyStub, sent: OutgoingMessage, reason: str) -> None:
    connector = connected(stub.address)
    service_id = connector.send(sent).service_id
    connector.status(service_id)
    receipt = connector.status(service_id)
    assert receipt.state is MessageState.FAILED
    assert reason in receipt.message
    assert "MFR_" not in receipt.message


@pytest.mark.parametrize("service_id", ["", "../v1/messages", "a b", "x" * 65])
def test_an_id_that_notify_does_not_give_asks_nothing(stub: NotifyStub, service_id: str) -> None:
    with pytest.raises(ConnectorRejected):
        connected(stub.address).status(service_id)
    assert not stub.requests


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("hang", ConnectorUnavailable), ("503", ConnectorUnavailable), ("403", ConnectorNotPermitted), ("reset", ConnectorUnavailable)],
)
def test_after_a_fault_the_same_message_can_be_sent_again(keep: Keep[NotifyStub], fault: str, kind: type[HelpdeskError]) -> None:
    server = keep(serve(area()))
    connector = connected(server.address, timeout_s=0.5)
    server.fault = fault
    with pytest.raises(kind):
        connector.send(SMS)
    server.fault = None
    assert connector.send(SMS).state is MessageState.ACCEPTED
    assert server.requests[SEND] == 2
    assert len(server.messages) == 1


@pytest.mark.parametrize(("fault", "wait"), [("too_early", 300), ("quota", 60)])
def test_it_says_how_long_to_wait(keep: Keep[NotifyStub], fault: str, wait: int) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        connected(keep(serve(area(nhs_notify=fault))).address).send(SMS)
    assert caught.value.retry_after_s == wait


def test_a_fault_of_one_person_is_shown_for_that_person(keep: Keep[NotifyStub]) -> None:
    connector = connected(keep(serve(area(nhs_notify="429"))).address)
    with pytest.raises(ConnectorUnavailable) as caught:
        connector.send(SMS)
    assert caught.value.retry_after_s == 7
    assert connector.send(replace(SMS, nhs_number=SILENT)).state is MessageState.ACCEPTED


def test_plans_and_fields_are_those_of_the_specification() -> None:
    text = published("nhs-notify/openapi.json")["info"]["description"]
    rows = {line.split("|")[-2].strip(): line for line in text.splitlines() if line.count("|") == 6}
    assert len(PLANS) == 7
    hours = {"no": None, "4h": "4 hours", "24h": "24 hours"}
    for (_channel, app_first), plan in PLANS.items():
        columns = [c.strip() for c in rows[plan.id].split("|")]
        assert {f.strip() for f in columns[4].split(",")} == plan.fields
        assert hours[app_first] in (columns[2], None)


def good_body(**attributes: Any) -> dict[str, Any]:
    given = {"routingPlanId": PLANS[Channel.SMS, "no"].id, "messageReference": "r", "recipient": {"nhsNumber": NUMBER.value}}
    return {"data": {"type": "Message", "attributes": {**given, **attributes}}}


@pytest.mark.parametrize(
    ("body", "status", "codes"),
    [
        (good_body(), 201, []),
        (good_body(routingPlanId=None, recipient={}), 400, ["CM_NULL_VALUE", "CM_MISSING_VALUE", "CM_MISSING_VALUE"]),
        (good_body(recipient={"nhsNumber": "9990000019"}), 400, ["CM_INVALID_NHS_NUMBER"]),
        (good_body(recipient={"nhsNumber": NUMBER.value, "contactDetails": {}}), 400, ["CM_INVALID_VALUE"]),
        (good_body(routingPlanId="x"), 400, ["CM_INVALID_VALUE"]),
        (good_body(routingPlanId="b838b13c-f98c-4def-93f0-515d4e4f4ee1"), 404, ["CM_NO_SUCH_ROUTING_PLAN"]),
        ({"data": {"attributes": good_body()["data"]["attributes"]}}, 400, ["CM_INVALID_VALUE"]),
        ({}, 400, ["CM_MISSING_VALUE"]),
        ([], 400, ["CM_MISSING_VALUE"]),
    ],
)
def test_what_the_stub_takes(stub: NotifyStub, body: Any, status: int, codes: list[str]) -> None:
    reply = requests.post(f"{stub.address}/v1/messages", json=body, timeout=5)
    assert reply.status_code == status
    assert [e["code"] for e in reply.json().get("errors", [])] == codes
    assert all(e["status"] == str(status) for e in reply.json().get("errors", []))
    assert len(stub.messages) == (status == 201)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Type": "text/plain"}, 415), ({"Accept": "text/html"}, 406), ({"Accept": "application/json; charset=utf-8"}, 201)],
)
def test_the_stub_refuses_wrong_media_types(stub: NotifyStub, headers: dict[str, str], status: int) -> None:
    sent = {"Content-Type": "application/vnd.api+json", **headers}
    assert requests.post(f"{stub.address}/v1/messages", json=good_body(), headers=sent, timeout=5).status_code == status


def test_missing_personalisation_is_taken_and_fails_later(stub: NotifyStub) -> None:
    requests.post(f"{stub.address}/v1/messages", json=good_body(personalisation={}), timeout=5)
    connector = connected(stub.address)
    (held,) = stub.messages
    assert [connector.status(held.id).state for _ in range(2)] == [MessageState.ACCEPTED, MessageState.FAILED]
