"""What each reply of NHS Notify means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from loopback import Keep, OneReply, keeping
from notify_message import ASK, NUMBER, SEND, SMS, connected, taken

from connectors.nhs_notify.documents import error, refusal
from connectors.stub_routes import StubReply
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
)
from helpdesk.signposting.model import MessageState


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.mark.parametrize(
    ("attributes", "state", "words"),
    [
        ({"messageStatus": "created"}, MessageState.ACCEPTED, ""),
        ({"messageStatus": "pending_enrichment"}, MessageState.ACCEPTED, ""),
        ({"messageStatus": "enriched"}, MessageState.ACCEPTED, ""),
        ({"messageStatus": "sending"}, MessageState.ACCEPTED, ""),
        ({"messageStatus": "delivered"}, MessageState.DELIVERED, ""),
        ({"messageStatus": "failed", "messageFailureReasonCode": "MFR_PDSV_0110"}, MessageState.FAILED, "not registered"),
        ({"messageStatus": "failed", "messageFailureReasonCode": "MFR_NEW_9999"}, MessageState.FAILED, "no reason that the desk knows"),
        (
            {"messageStatus": "failed", "channels": [{"channelStatus": "failed", "channelFailureReasonCode": "CFR_SUPE_0007"}]},
            MessageState.FAILED,
            "could not be delivered",
        ),
        (
            {
                "messageStatus": "failed",
                "messageFailureReasonCode": "MFR_CFGV_0005",
                "channels": [{"channelStatus": "failed", "channelFailureReasonCode": "CFR_SUPE_0001"}],
            },
            MessageState.FAILED,
            "does not use the NHS App",
        ),
        (
            {"messageStatus": "failed", "channels": [{"channelStatus": "failed", "supplierStatus": "permanent_failure"}]},
            MessageState.FAILED,
            "is wrong",
        ),
        ({"messageStatus": "failed", "messageFailureReasonCode": "MFR_CFGV_0005"}, MessageState.FAILED, "no way of sending"),
        (
            {"messageStatus": "failed", "channels": [{"channelStatus": "skipped", "channelFailureReasonCode": "CFR_SUPE_0007"}]},
            MessageState.FAILED,
            "no reason that the desk knows",
        ),
    ],
)
def test_how_far_a_message_is_said_to_have_got(keep: Keep[OneReply], attributes: dict[str, Any], state: MessageState, words: str) -> None:
    reply = replace(taken(**attributes), status=200)
    receipt = connected(keep(OneReply(reply, ASK)).address).status("2WL3qFTEFM0qMY8xjRbt1LIKCzM")
    assert receipt.state is state
    assert words in receipt.message
    assert bool(receipt.message) is (state is MessageState.FAILED)


ERRORS = [
    (refusal(401, {"code": "CM_DENIED"}), ConnectorAuthFailed, None),
    (refusal(403, {"code": "CM_FORBIDDEN"}), ConnectorNotPermitted, None),
    (refusal(403, {"code": "CM_SERVICE_BAN"}), ConnectorNotPermitted, None),
    (refusal(405, {"code": "CM_NOT_ALLOWED"}), ConnectorRejected, None),
    (refusal(406, {"code": "CM_NOT_ACCEPTABLE"}), ConnectorRejected, None),
    (refusal(408, {"code": "CM_TIMEOUT"}), ConnectorUnavailable, None),
    (replace(refusal(429, {"code": "CM_QUOTA"}), headers={"Retry-After": "60"}), ConnectorUnavailable, 60),
    (refusal(500, {"code": "CM_INTERNAL_SERVER_ERROR"}), ConnectorUnavailable, None),
    (replace(refusal(503, {"code": "CM_SERVICE_UNAVAILABLE"}), headers={"Retry-After": "9"}), ConnectorUnavailable, 9),
    (StubReply(504, b"<html>", content_type="text/html"), ConnectorUnavailable, None),
    (StubReply(404, b"<html>", content_type="text/html"), ConnectorUnavailable, None),
    (StubReply(302, None, {"Location": "/elsewhere"}), ConnectorRejected, None),
    (StubReply(200, {}), ConnectorUnavailable, None),
    (StubReply(200, {"data": []}), ConnectorUnavailable, None),
    (StubReply(204), ConnectorUnavailable, None),
    (StubReply(200, b"{"), ConnectorUnavailable, None),
]
ON_SENDING = [
    (refusal(400, error(400, "CM_MISSING_VALUE", pointer="/data")), ConnectorRejected, None),
    (refusal(400, {"code": "CM_ODS_CODE_REQUIRED"}), ConnectorRejected, None),
    (refusal(400, {"code": "CM_CANNOT_SET_ODS_CODE"}), ConnectorRejected, None),
    (refusal(404, {"code": "CM_NO_SUCH_ROUTING_PLAN"}), ConnectorRejected, None),
    (refusal(413, {"code": "CM_TOO_LARGE"}), ConnectorRejected, None),
    (refusal(415, {"code": "CM_UNSUPPORTED_MEDIA"}), ConnectorRejected, None),
    (refusal(422, {"code": "CM_SOMETHING_ELSE"}), ConnectorRejected, None),
    (replace(refusal(425, {"code": "CM_RETRY_TOO_EARLY"}), headers={"Retry-After": "300"}), ConnectorUnavailable, 300),
    (taken("another-reference"), ConnectorUnavailable, None),
]


def test_an_answer_that_leaves_the_reference_out_is_still_an_acceptance(keep: Keep[OneReply]) -> None:
    receipt = connected(keep(OneReply(taken(""), SEND)).address).send(SMS)
    assert receipt.state is MessageState.ACCEPTED
    assert receipt.service_id


@pytest.mark.parametrize(("reply", "kind", "retry_after_s"), ERRORS + ON_SENDING)
def test_what_each_reply_to_a_message_means(
    keep: Keep[OneReply], reply: StubReply, kind: type[HelpdeskError], retry_after_s: float | None
) -> None:
    server = keep(OneReply(reply, SEND))
    with pytest.raises(kind) as caught:
        connected(server.address).send(SMS)
    assert type(caught.value) is kind
    assert getattr(caught.value, "retry_after_s", None) == retry_after_s
    assert len(server.seen) == 1
    assert NUMBER.value not in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "kind", "retry_after_s"),
    [
        *ERRORS,
        (refusal(404, {"code": "CM_NOT_FOUND"}), ConnectorRejected, None),
        (replace(taken(messageStatus="a status of next year"), status=200), ConnectorUnavailable, None),
        (replace(taken(messageStatus=None), status=200), ConnectorUnavailable, None),
    ],
)
def test_what_each_reply_to_a_question_means(
    keep: Keep[OneReply], reply: StubReply, kind: type[HelpdeskError], retry_after_s: float | None
) -> None:
    with pytest.raises(kind) as caught:
        connected(keep(OneReply(reply, ASK)).address).status("2WL3qFTEFM0qMY8xjRbt1LIKCzM")
    assert type(caught.value) is kind
    assert getattr(caught.value, "retry_after_s", None) == retry_after_s


def test_another_messages_status_is_not_taken(keep: Keep[OneReply]) -> None:
    server = keep(OneReply(replace(taken(messageStatus="delivered"), status=200), ASK))
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).status("2WL5eYSWGzCHlGmzNxuqVusPxDg")


def test_an_answer_about_another_message_is_asked_again_once_and_then_taken_as_accepted(keep: Keep[OneReply]) -> None:
    server = keep(OneReply(taken("another-reference"), SEND))
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).send(SMS)
    receipt = connected(server.address).send(replace(SMS, tried_before=True))
    assert (receipt.state, receipt.service_id) == (MessageState.ACCEPTED, "")
    assert "another message" in receipt.message


def test_a_number_that_notify_does_not_take_refuses_this_message(keep: Keep[OneReply]) -> None:
    pointer = "/data/attributes/recipient/nhsNumber"
    server = keep(OneReply(refusal(400, error(400, "CM_INVALID_NHS_NUMBER", pointer=pointer)), SEND))
    receipt = connected(server.address).send(SMS)
    assert (receipt.state, receipt.service_id) == (MessageState.REFUSED, "")
    assert "NHS number" in receipt.message
