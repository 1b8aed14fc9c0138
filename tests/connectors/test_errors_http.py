"""Which error each reply is, by status and by the codes that a service documents."""

from __future__ import annotations

import pytest

from connectors.errors_http import codes_of, raise_for
from connectors.http import Reply
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    NotFound,
)
from helpdesk.registry.contract import ConnectorContext


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_retry_after(value: str, expected: float | None, context: ConnectorContext) -> None:
    reply = Reply(429, {"Retry-After": value}, None, "", "id", context.clock.now())
    with pytest.raises(ConnectorUnavailable) as caught:
        raise_for(reply, "PDS")
    assert caught.value.retry_after_s == expected


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, ConnectorRejected),
        (304, ConnectorRejected),
        (400, ConnectorRejected),
        (401, ConnectorAuthFailed),
        (403, ConnectorNotPermitted),
        (404, ConnectorUnavailable),
        (405, ConnectorRejected),
        (408, ConnectorUnavailable),
        (422, ConnectorRejected),
        (425, ConnectorUnavailable),
        (429, ConnectorUnavailable),
        (500, ConnectorUnavailable),
        (504, ConnectorUnavailable),
    ],
)
def test_each_status_without_a_documented_code(status: int, error: type[HelpdeskError]) -> None:
    with pytest.raises(HelpdeskError) as caught:
        raise_for(Reply(status, {}, None, "", "id"), "PDS")
    assert type(caught.value) is error


def test_a_documented_code_counts_only_with_its_status() -> None:
    body = {"resourceType": "OperationOutcome", "issue": [{"details": {"coding": [{"code": "GONE"}]}}]}
    documented = {(404, "GONE"): (NotFound, "Nobody.")}
    with pytest.raises(NotFound, match="Nobody"):
        raise_for(Reply(404, {}, body, "", "id"), "PDS", documented)
    with pytest.raises(ConnectorUnavailable):
        raise_for(Reply(500, {}, body, "", "id"), "PDS", documented)
    with pytest.raises(ConnectorUnavailable):
        raise_for(Reply(200, {}, body, "", "id"), "PDS", documented)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"errors": [{"code": "CM_DENIED"}, {"code": 5}, "x"]}, ("CM_DENIED",)),
        (
            {"resourceType": "OperationOutcome", "issue": [{"code": "value", "details": {"coding": [{"code": "A"}, {"code": "B"}]}}]},
            ("A", "B", "value"),
        ),
        ({"resourceType": "OperationOutcome", "issue": {"code": "value"}}, ()),
        ({"resourceType": "OperationOutcome", "issue": [None, {"details": "x", "code": ["y"]}]}, ()),
        ({"resourceType": "OperationOutcome"}, ()),
        ([], ()),
        (None, ()),
        ("OperationOutcome", ()),
    ],
)
def test_codes_are_read_from_any_shape(body: object, codes: tuple[str, ...]) -> None:
    assert codes_of(body) == codes
