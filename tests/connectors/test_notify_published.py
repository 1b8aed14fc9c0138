"""NHS Notify beside its published specification: what we send, what its stub answers and refuses, and its own examples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from jsonschema import Draft202012Validator
from loopback import Keep, OneReply, Replies, keeping, published
from notify_message import ASK, DEAD, EMAIL, NUMBER, SEND, SILENT, SMS, area, connected, taken

from connectors.nhs_notify.stub import NotifyStub, serve
from connectors.stub_routes import StubReply
from helpdesk.errors import ConnectorAuthFailed, ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable
from helpdesk.signposting.model import Channel, MessageState, OutgoingMessage

JSON_API = "application/vnd.api+json"


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    """Its paths, with every $ref in a value followed."""
    document = published("nhs-notify/openapi.json")

    def found(value: Any) -> Any:
        """What a $ref stands for; the way to it may lead through others."""
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            reference, value = value["$ref"], document
            for part in reference.removeprefix("#/").split("/"):
                key = unquote(part).replace("~1", "/").replace("~0", "~")
                held = found(value)
                value = held[int(key)] if isinstance(held, list) else held[key]
        return value

    def follow(value: Any) -> Any:
        value = found(value)
        if isinstance(value, dict):
            return {name: follow(inner) for name, inner in value.items()}
        return [follow(inner) for inner in value] if isinstance(value, list) else value

    return {name: follow(document["paths"][name]) for name in ("/v1/messages", "/v1/messages/{messageId}")}


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture
def stub(keep: Keep[NotifyStub]) -> NotifyStub:
    return keep(serve(area()))


def operation(paths: dict[str, Any], method: str) -> dict[str, Any]:
    held: dict[str, Any] = paths["/v1/messages" if method == "post" else "/v1/messages/{messageId}"][method]
    return held


def fits(paths: dict[str, Any], method: str, reply: requests.Response) -> None:
    described = operation(paths, method)["responses"][str(reply.status_code)]["content"][JSON_API]["schema"]
    Draft202012Validator(described).validate(reply.json())


@pytest.mark.parametrize("message", [SMS, EMAIL, replace(SMS, channel=Channel.APP)])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"originator_ods": "XICB", "billing_reference": "b", "app_before_sms": "4h", "app_before_email": "24h"},
    ],
)
def test_what_is_sent_is_as_published(
    paths: dict[str, Any], keep: Keep[OneReply], message: OutgoingMessage, settings: dict[str, Any]
) -> None:
    server = keep(OneReply(taken(), SEND))
    connected(server.address, **settings).send(message)
    schema = operation(paths, "post")["requestBody"]["content"][JSON_API]["schema"]
    Draft202012Validator(schema).validate(server.seen[0].json())


def body(**attributes: Any) -> dict[str, Any]:
    plan = "00000000-0000-0000-0000-000000000003"
    given = {"routingPlanId": plan, "messageReference": "r", "recipient": {"nhsNumber": NUMBER.value}, "personalisation": {"sms_body": "x"}}
    return {"data": {"type": "Message", "attributes": {**given, **attributes}}}


@pytest.mark.parametrize(
    ("sent", "headers", "status"),
    [
        (body(), {}, 201),
        (body(routingPlanId=None), {}, 400),
        (body(recipient={"nhsNumber": "9990000019"}), {}, 400),
        (body(recipient={"nhsNumber": NUMBER.value, "contactDetails": {}}), {}, 400),
        ({}, {}, 400),
        (body(routingPlanId="b838b13c-f98c-4def-93f0-515d4e4f4ee1"), {}, 404),
        (body(), {"Accept": "text/html"}, 406),
        (body(), {"Content-Type": "text/plain"}, 415),
    ],
)
def test_what_the_stub_answers_is_as_published(
    paths: dict[str, Any], stub: NotifyStub, sent: Any, headers: dict[str, str], status: int
) -> None:
    reply = requests.post(f"{stub.address}/v1/messages", json=sent, headers={"Content-Type": JSON_API, **headers}, timeout=5)
    assert reply.status_code == status
    fits(paths, "post", reply)


def test_the_stubs_duplicate_is_as_published(paths: dict[str, Any], stub: NotifyStub) -> None:
    replies = [requests.post(f"{stub.address}/v1/messages", json=body(), timeout=5) for _ in range(2)]
    assert [r.status_code for r in replies] == [201, 422]
    fits(paths, "post", replies[1])


@pytest.mark.parametrize(("fault", "status"), [("too_early", 425), ("quota", 429)])
def test_the_stubs_own_faults_are_as_published(paths: dict[str, Any], keep: Keep[NotifyStub], fault: str, status: int) -> None:
    server = keep(serve(area(nhs_notify=fault)))
    reply = requests.post(f"{server.address}/v1/messages", json=body(), timeout=5)
    assert reply.status_code == status
    fits(paths, "post", reply)


@pytest.mark.parametrize("number", [NUMBER, DEAD, SILENT])
@pytest.mark.parametrize("settings", [{}, {"app_before_sms": "24h"}])
def test_every_status_the_stub_tells_is_as_published(
    paths: dict[str, Any], stub: NotifyStub, number: Any, settings: dict[str, Any]
) -> None:
    service_id = connected(stub.address, **settings).send(replace(SMS, nhs_number=number)).service_id
    for _ in range(3):
        fits(paths, "get", requests.get(f"{stub.address}/v1/messages/{service_id}", timeout=5))
    fits(paths, "get", requests.get(f"{stub.address}/v1/messages/{'0' * 27}", timeout=5))


def example(schema: Any) -> Any:
    """What the published schema gives as its example."""
    if "example" in schema:
        return schema["example"]
    if "properties" in schema:
        return {name: example(inner) for name, inner in schema["properties"].items()}
    if "items" in schema:
        return [example(schema["items"])]
    return schema.get("enum", [None])[0]


def test_the_published_acceptance_and_status(paths: dict[str, Any], keep: Keep[Replies]) -> None:
    accepted = example(operation(paths, "post")["responses"]["201"]["content"][JSON_API]["schema"])
    status = example(operation(paths, "get")["responses"]["200"]["content"][JSON_API]["schema"])
    server = keep(Replies({SEND: StubReply(201, accepted), ASK: StubReply(200, status)}))
    connector = connected(server.address)
    attributes = accepted["data"]["attributes"]
    assert connector.send(replace(SMS, reference=attributes["messageReference"])).service_id == accepted["data"]["id"]
    assert connector.status(status["data"]["id"]).state is MessageState.ACCEPTED


TAKEN = {("post", "422"): MessageState.ACCEPTED, ("post", "400"): MessageState.REFUSED}
NOT_AGAIN = (ConnectorRejected, ConnectorNotPermitted, ConnectorAuthFailed)


def test_every_published_error_is_one_the_desk_knows(paths: dict[str, Any], keep: Keep[OneReply]) -> None:
    asked = 0
    for method, route in (("post", SEND), ("get", ASK)):
        for status, described in operation(paths, method)["responses"].items():
            held = described.get("content", {}).get(JSON_API)
            if status in ("200", "201") or held is None:
                continue
            server = keep(OneReply(StubReply(int(status), example(held["schema"]), content_type=JSON_API), route))
            connector = connected(server.address)
            asked += 1
            known = TAKEN.get((method, status))
            again = int(status) in (408, 425, 429) or int(status) >= 500
            with nullcontext() if known else pytest.raises(ConnectorUnavailable if again else NOT_AGAIN):
                receipt = connector.send(SMS) if method == "post" else connector.status("2WL3qFTEFM0qMY8xjRbt1LIKCzM")
                assert receipt.state is known
    assert asked > 20
