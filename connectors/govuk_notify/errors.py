"""What an error of GOV.UK Notify means for a message. Source: its REST API documentation, the tables of errors."""

from __future__ import annotations

from typing import Any

from connectors.errors_http import raise_for, retry_after_s
from connectors.http import Reply
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    RuleBroken,
)

_MINUTE_S, _HOUR_S = 60.0, 3600.0
_MEANS: tuple[tuple[int, str, str, type[HelpdeskError], str], ...] = (
    (403, "AuthError", "system clock", ConnectorAuthFailed,
     "This computer's clock is wrong: {label} takes messages only from a clock that is right to 30 seconds."),
    (403, "AuthError", "", ConnectorAuthFailed, "{label} did not accept the API key."),
    (401, "AuthError", "", ConnectorAuthFailed, "{label} did not accept the API key."),
    (400, "BadRequestError", "team-only", ConnectorNotPermitted, "The API key of {label} is for its own team only."),
    (400, "BadRequestError", "trial mode", ConnectorNotPermitted, "The account of {label} is in trial mode."),
    (400, "BadRequestError", "template not found", ConnectorRejected, "{label} does not know the template that is set."),
    (400, "BadRequestError", "missing personalisation", ConnectorRejected, "The template has a placeholder that the desk does not fill."),
    (400, "BadRequestError", "character count", RuleBroken, "The text is too long for {label} together with the template's own words."),
    (400, "BadRequestError", "too long", RuleBroken, "The text is too long for {label}."),
    (400, "ValidationError", "phone_number", RuleBroken, "{label} does not accept the phone number in the NHS record."),
    (400, "ValidationError", "email_address", RuleBroken, "{label} does not accept the e-mail address in the NHS record."),
    (400, "ValidationError", "address", RuleBroken, "{label} does not accept the postal address in the NHS record."),
    (400, "ValidationError", "character count", RuleBroken, "The text is too long for {label} together with the template's own words."),
    (404, "NoResultFound", "", ConnectorRejected, "{label} does not know what it was asked about."),
)  # fmt: skip
"""Status, error, a part of its message in small letters, and what it is. The message itself may hold a number: never shown."""


def errors_of(body: Any) -> tuple[tuple[str, str], ...]:
    """(error, message in small letters) of each entry; a body of any other shape has none."""
    if not isinstance(body, dict) or not isinstance(body.get("errors"), list):
        return ()
    entries = [e for e in body["errors"] if isinstance(e, dict)]
    return tuple((e["error"], str(e.get("message", "")).lower()) for e in entries if isinstance(e.get("error"), str))


def refuse(reply: Reply, label: str) -> None:
    """Returns for a good reply, else raises what it is: RuleBroken where this one message cannot go, or a ConnectorError."""
    for error, message in errors_of(reply.body):
        if reply.status == 429:
            raise _too_many(reply, error, label)
        for status, name, part, kind, words in _MEANS:
            if (reply.status, error) == (status, name) and part in message:
                raise kind(words.format(label=label))
    raise_for(reply, label)


def _too_many(reply: Reply, error: str, label: str) -> ConnectorUnavailable:
    """Two kinds: too many a minute (RateLimitError), and the day's limit used up (TooManyRequestsError)."""
    asked = retry_after_s(reply)
    if error == "TooManyRequestsError":
        return ConnectorUnavailable(f"{label} has sent all that this account may send today.", retry_after_s=asked or _HOUR_S)
    return ConnectorUnavailable(f"{label} is not available at the moment.", retry_after_s=asked or _MINUTE_S)
