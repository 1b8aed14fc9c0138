"""GOV.UK Notify over real HTTP: the token of each request, one message whatever gets lost, and what each error means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from loopback import Keep, Replies, SetClock, keeping
from notify_message import EMAIL, NUMBER, SMS, area

from connectors import govuk_notify
from connectors.govuk_notify.demands import refusal
from connectors.govuk_notify.settings import GovukNotifySettings
from connectors.govuk_notify.stub import STUB_KEY, GovukStub, serve
from connectors.govuk_notify.token import parts_of
from connectors.stub_routes import StubReply
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    RuleBroken,
)
from helpdesk.registry.contract import ConnectorContext
from helpdesk.signposting.model import Channel, MessageState, OutgoingMessage

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
ID = "740e5834-3a29-46b4-9a6f-16142fde533a"
TEXT = replace(SMS, to="07700 900123")
MAIL = replace(EMAIL, to="jane@example.org")
LETTER = replace(SMS, channel=Channel.LETTER, to="Mrs Jane Smith\n1 Sedge Row\nFenmoor\nZZ99 3CZ")
SEND, LIST, ASK = "POST /v2/notifications/{kind}", "GET /v2/notifications", "GET /v2/notifications/{id}"
EMPTY = StubReply(200, {"notifications": [], "links": {}})


def connected(address: str, *, key: str = STUB_KEY, now: datetime = NOW, **settings: Any) -> govuk_notify.GovukNotifySender:
    templates = dict.fromkeys(("sms_template", "email_template", "letter_template"), TEMPLATE)
    held = GovukNotifySettings(base_url=address, **{"timeout_s": 2, **templates, **settings})
    context = ConnectorContext("govuk_notify", "GOV.UK Notify", "XICB", SetClock(now), secret={"api_key": key}.__getitem__)
    return govuk_notify.connect(held, context)


@pytest.fixture
def keep() -> Iterator[Keep[Any]]:
    yield from keeping()


@pytest.fixture
def stub(keep: Keep[GovukStub]) -> GovukStub:
    server = keep(serve(area()))
    server.keep_time(lambda: NOW)
    return server


@pytest.mark.parametrize(
    ("message", "kind", "to", "fields"),
    [
        (TEXT, "sms", "07700 900123", {"text": SMS.text}),
        (MAIL, "email", "jane@example.org", {"text": SMS.text, "subject": "While you wait"}),
        (
            LETTER,
            "letter",
            "Mrs Jane Smith",
            {
                "text": SMS.text,
                "address_line_1": "Mrs Jane Smith",
                "address_line_2": "1 Sedge Row",
                "address_line_3": "Fenmoor",
                "address_line_4": "ZZ99 3CZ",
            },
        ),
    ],
)
def test_what_goes_out_by_each_channel(stub: GovukStub, message: OutgoingMessage, kind: str, to: str, fields: dict[str, str]) -> None:
    receipt = connected(stub.address).send(message)
    (held,) = stub.messages
    assert (receipt.state, receipt.service_id) == (MessageState.ACCEPTED, held.id)
    assert (held.kind, held.to, held.template, held.reference) == (kind, to, TEMPLATE, SMS.reference)
    assert held.personalisation == fields


def test_a_long_address_keeps_its_postcode_in_the_last_line(stub: GovukStub) -> None:
    connected(stub.address).send(replace(LETTER, to="\n".join("abcdefgh") + "\nZZ99 3CZ"))
    fields = stub.messages[0].personalisation
    assert [fields[f"address_line_{n}"] for n in (5, 6, 7)] == ["e", "f, g, h", "ZZ99 3CZ"]


def test_every_request_has_a_token_of_its_own_made_from_the_key(keep: Keep[Replies]) -> None:
    server = keep(Replies({LIST: EMPTY, SEND: StubReply(201, {"id": ID, "reference": SMS.reference})}))
    connected(server.address).send(TEXT)
    service, secret = parts_of(STUB_KEY, "")
    assert (service, secret) == (STUB_KEY[-73:-37], STUB_KEY[-36:])
    for request in server.seen:
        scheme, token = request.headers["Authorization"].split()
        claims = jwt.decode(token, secret, algorithms=["HS256"], options={"verify_iat": False})
        assert scheme == "Bearer"
        assert claims == {"iss": service, "iat": int(NOW.timestamp())}
        assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    assert secret not in str([request.headers.items() for request in server.seen])


@pytest.mark.parametrize("key", ["", "a-key", STUB_KEY[:-1], STUB_KEY[-36:]])
def test_a_key_that_is_not_whole_is_said_and_nothing_is_asked(stub: GovukStub, key: str) -> None:
    with pytest.raises(ConnectorAuthFailed) as caught:
        connected(stub.address, key=key).send(TEXT)
    assert not stub.requests
    assert not key or key not in caught.value.message


@pytest.mark.parametrize("skew", [-31, 31])
def test_a_wrong_clock_is_said_in_plain_words(stub: GovukStub, skew: int) -> None:
    with pytest.raises(ConnectorAuthFailed, match="clock is wrong"):
        connected(stub.address, now=NOW + timedelta(seconds=skew)).send(TEXT)
    assert connected(stub.address, now=NOW + timedelta(seconds=skew * 29 // 31)).send(TEXT).service_id


def test_another_accounts_key_is_not_accepted(stub: GovukStub) -> None:
    with pytest.raises(ConnectorAuthFailed, match="API key"):
        connected(stub.address, key=STUB_KEY[:-1] + "0").check()


def test_the_same_reference_again_is_one_message(stub: GovukStub) -> None:
    connector = connected(stub.address)
    first, again = connector.send(TEXT), connector.send(TEXT)
    assert (again.state, again.service_id) == (MessageState.ACCEPTED, first.service_id)
    assert len(stub.messages) == 1


def test_a_message_whose_answer_was_lost_is_found_and_not_sent_again(keep: Keep[Replies]) -> None:
    held = {"id": ID, "reference": SMS.reference, "status": "sending", "phone_number": "07700900123"}
    server = keep(Replies({LIST: StubReply(200, {"notifications": [held]}), SEND: StubReply(500)}))
    receipt = connected(server.address).send(replace(TEXT, tried_before=True))
    assert receipt.service_id == ID
    assert not server.requests[SEND]
    assert dict(server.seen[0].params) == {"reference": SMS.reference}


def test_nothing_is_sent_while_it_cannot_be_told_whether_it_was_sent_before(keep: Keep[Replies]) -> None:
    server = keep(Replies({LIST: StubReply(503), SEND: StubReply(201, {"id": ID})}))
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).send(TEXT)
    assert not server.requests[SEND]


@pytest.mark.parametrize(
    "body",
    [
        {"notifications": [{"id": ID, "reference": "another", "status": "sending"}]},
        {"notifications": [{"id": ID, "reference": None, "status": "sending"}]},
        {"notifications": [{"id": "x", "reference": SMS.reference, "status": "sending"}]},
        {"notifications": {}},
        {"notifications": None},
        {},
        [],
    ],
)
def test_a_list_that_cannot_be_trusted_sends_nothing(keep: Keep[Replies], body: Any) -> None:
    server = keep(Replies({LIST: StubReply(200, body), SEND: StubReply(201, {"id": ID})}))
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).send(TEXT)
    assert not server.requests[SEND]


@pytest.mark.parametrize("fault", ["hang", "503", "reset", "broken"])
def test_after_a_lost_answer_a_minute_passes_before_it_is_looked_for(keep: Keep[Replies], fault: str) -> None:
    broken = {"hang": None, "reset": None, "503": StubReply(503), "broken": StubReply(201, b"{")}[fault]
    if broken is None:
        server = keep(serve(area(govuk_notify=fault)))
        server.keep_time(lambda: NOW)
    else:
        server = keep(Replies({LIST: EMPTY, SEND: broken}))
    with pytest.raises(ConnectorUnavailable) as caught:
        connected(server.address, timeout_s=0.5).send(replace(TEXT, to="07700900123"))
    assert caught.value.retry_after_s is not None
    assert caught.value.retry_after_s >= 60


def test_an_answer_about_another_message_is_looked_into_once_and_then_taken_as_accepted(keep: Keep[Replies]) -> None:
    server = keep(Replies({LIST: EMPTY, SEND: StubReply(201, {"id": ID, "reference": "another"})}))
    with pytest.raises(ConnectorUnavailable):
        connected(server.address).send(TEXT)
    receipt = connected(server.address).send(replace(TEXT, tried_before=True))
    assert (receipt.state, receipt.service_id) == (MessageState.ACCEPTED, "")


ERRORS: list[tuple[int, str, str, type[HelpdeskError], str]] = [
    (400, "BadRequestError", "Can't send to this recipient using a team-only API key", ConnectorNotPermitted, "team only"),
    (400, "BadRequestError", "Can't send to this recipient when service is in trial mode - see", ConnectorNotPermitted, "trial"),
    (400, "BadRequestError", "Template not found", ConnectorRejected, "template"),
    (400, "BadRequestError", "Missing personalisation: first_name", ConnectorRejected, "placeholder"),
    (400, "BadRequestError", "Content for template has a character count greater than the limit of 918", RuleBroken, "too long"),
    (400, "ValidationError", "phone_number Not a UK mobile number: 07700900123", RuleBroken, "phone number"),
    (400, "ValidationError", "email_address Not a valid email address", RuleBroken, "e-mail address"),
    (400, "SomethingNew", "Words", ConnectorRejected, "did not accept the request"),
    (401, "AuthError", "Unauthorized: authentication token must be provided", ConnectorAuthFailed, "API key"),
    (403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds", ConnectorAuthFailed, "clock"),
    (403, "AuthError", "Invalid token: API key not found", ConnectorAuthFailed, "API key"),
    (403, "SomethingNew", "Words", ConnectorNotPermitted, "does not let"),
    (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds", ConnectorUnavailable, "moment"),
    (429, "TooManyRequestsError", "Exceeded send limits (50) for today", ConnectorUnavailable, "today"),
    (500, "Exception", "Internal server error", ConnectorUnavailable, "moment"),
]


@pytest.mark.parametrize(("status", "error", "message", "kind", "words"), ERRORS)
def test_what_each_error_means(keep: Keep[Replies], status: int, error: str, message: str, kind: type[HelpdeskError], words: str) -> None:
    server = keep(Replies({LIST: EMPTY, SEND: refusal(status, (error, message))}))
    with pytest.raises(kind) as caught:
        connected(server.address).send(TEXT)
    assert type(caught.value) is kind
    assert words in caught.value.message
    assert "07700" not in caught.value.message


@pytest.mark.parametrize(("error", "wait"), [("RateLimitError", 60), ("TooManyRequestsError", 3600)])
def test_the_two_kinds_of_too_many_wait_differently(keep: Keep[Replies], error: str, wait: int) -> None:
    server = keep(Replies({LIST: EMPTY, SEND: refusal(429, (error, "Exceeded"))}))
    with pytest.raises(ConnectorUnavailable) as caught:
        connected(server.address).send(TEXT)
    assert caught.value.retry_after_s == wait


@pytest.mark.parametrize(
    ("message", "settings", "kind"),
    [
        (replace(TEXT, text=" \n"), {}, RuleBroken),
        (replace(TEXT, text="a" * 919), {}, RuleBroken),
        (replace(MAIL, subject=" "), {}, RuleBroken),
        (replace(TEXT, to=""), {}, ConnectorRejected),
        (TEXT, {"sms_template": ""}, ConnectorRejected),
        (replace(TEXT, channel=Channel.APP), {}, ConnectorNotPermitted),
        (replace(TEXT, channel=Channel.READ_ALOUD), {}, ConnectorNotPermitted),
    ],
)
def test_what_cannot_go_is_refused_before_anything_is_asked(
    stub: GovukStub, message: OutgoingMessage, settings: dict[str, Any], kind: type[HelpdeskError]
) -> None:
    with pytest.raises(kind):
        connected(stub.address, **settings).send(message)
    assert not stub.requests


@pytest.mark.parametrize(
    ("status", "state"),
    [
        *((s, MessageState.ACCEPTED) for s in ("created", "sending", "pending", "sent", "accepted", "pending-virus-check")),
        *((s, MessageState.DELIVERED) for s in ("delivered", "received")),
        *((s, MessageState.FAILED) for s in ("permanent-failure", "temporary-failure", "technical-failure", "cancelled")),
        *((s, MessageState.FAILED) for s in ("validation-failed", "virus-scan-failed")),
    ],
)
def test_how_far_a_message_is_said_to_have_got(keep: Keep[Replies], status: str, state: MessageState) -> None:
    server = keep(Replies({ASK: StubReply(200, {"id": ID, "reference": None, "status": status, "phone_number": "07700900123"})}))
    receipt = connected(server.address).status(ID)
    assert receipt.state is state
    assert bool(receipt.message) is (state is MessageState.FAILED)


@pytest.mark.parametrize(
    "body",
    [{"id": ID, "status": "of next year"}, {"id": ID.replace("7", "8"), "status": "delivered"}, {"id": ID, "status": None}, {"id": ID}, []],
)
def test_a_status_that_cannot_be_understood(keep: Keep[Replies], body: Any) -> None:
    with pytest.raises(ConnectorUnavailable):
        connected(keep(Replies({ASK: StubReply(200, body)})).address).status(ID)


def test_a_message_goes_to_its_end_in_the_practice_area(stub: GovukStub) -> None:
    connector = connected(stub.address)
    good = connector.send(TEXT).service_id
    assert [connector.status(good).state for _ in range(2)] == [MessageState.ACCEPTED, MessageState.DELIVERED]
    bad = connector.send(replace(TEXT, reference="r-2", to="07700900002")).service_id
    connector.status(bad)
    assert "wrong" in connector.status(bad).message


def test_check_asks_for_the_templates(stub: GovukStub, keep: Keep[Replies]) -> None:
    connected(stub.address).check()
    assert stub.requests["GET /v2/template/{id}"] == 3
    with pytest.raises(ConnectorRejected, match="template"):
        connected(stub.address, sms_template="", email_template="", letter_template="").check()
    missing = keep(Replies({"GET /v2/template/{id}": refusal(404, ("NoResultFound", "No result found"))}))
    with pytest.raises(ConnectorRejected, match="does not know a template"):
        connected(missing.address).check()


def test_it_needs_the_number_and_nothing_shows_it(stub: GovukStub, everything_logged: pytest.LogCaptureFixture) -> None:
    connector = connected(stub.address)
    assert connector.needs_contact is True
    connector.send(TEXT)
    shown = everything_logged.text + repr(TEXT) + repr(stub.messages)
    assert "900123" not in shown
    assert NUMBER.value not in shown
    assert STUB_KEY[-36:] not in shown
