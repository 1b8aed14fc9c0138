"""What the GOV.UK Notify stub demands of a request before it takes it: the token, and the properties of a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt

from connectors.govuk_notify.token import parts_of
from connectors.stub_routes import StubReply, StubRequest

CLOCK_S = 30
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PHONE = re.compile(r"(\+44|0044|0)7[0-9]{9}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_RECIPIENT = {"sms": ("phone_number", _PHONE, "Not a UK mobile number"), "email": ("email_address", _EMAIL, "Not a valid email address")}
_ALLOWED = {
    "sms": {"phone_number", "sms_sender_id"},
    "email": {"email_address", "email_reply_to_id", "one_click_unsubscribe_url"},
    "letter": set(),
}
_ALL = {"template_id", "personalisation", "reference"}
_SMS_LIMIT = 918


def refusal(status: int, *errors: tuple[str, str]) -> StubReply:
    body = {"status_code": status, "errors": [{"error": error, "message": message} for error, message in errors]}
    return StubReply(status, body, content_type="application/json")


def token_refusal(request: StubRequest, key: str, now: datetime) -> StubReply | None:
    """401 without a token, 403 for one that this key did not sign or whose time is not now, or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        return refusal(401, ("AuthError", "Unauthorized: authentication token must be provided"))
    service, secret = parts_of(key, "the stub")
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], options={"verify_iat": False})
    except jwt.InvalidTokenError:
        return refusal(403, ("AuthError", "Invalid token: API key not found"))
    if claims.get("iss") != service:
        return refusal(403, ("AuthError", "Invalid token: service not found"))
    if not isinstance(claims.get("iat"), int) or abs(claims["iat"] - now.timestamp()) > CLOCK_S:
        return refusal(403, ("AuthError", "Error: Your system clock must be accurate to within 30 seconds"))
    return None


def message_refusal(kind: str, body: Any) -> StubReply | None:
    """What is wrong with a message of that kind, or None."""
    if not isinstance(body, dict) or kind not in _ALLOWED:
        return refusal(400, ("BadRequestError", "Invalid JSON supplied in POST data"))
    wrong = [
        ("ValidationError", f"Additional properties are not allowed ({name} was unexpected)")
        for name in sorted(set(body) - _ALL - _ALLOWED[kind])
    ]
    if not _ID.fullmatch(str(body.get("template_id", ""))):
        wrong.append(("ValidationError", "template_id is not a valid UUID"))
    given = body.get("personalisation") or {}
    if not isinstance(given, dict):
        return refusal(400, ("ValidationError", "personalisation is not of type object"))
    wrong += _recipient_errors(kind, body, given)
    if wrong:
        return refusal(400, *wrong)
    missing = sorted({"text", *(["subject"] if kind == "email" else [])} - set(given))
    if missing:
        return refusal(400, ("BadRequestError", f"Missing personalisation: {', '.join(missing)}"))
    if kind == "sms" and len(str(given["text"])) > _SMS_LIMIT:
        return refusal(400, ("BadRequestError", "Content for template has a character count greater than the limit of 918"))
    return None


def _recipient_errors(kind: str, body: Mapping[str, Any], given: Mapping[str, Any]) -> list[tuple[str, str]]:
    if kind == "letter":
        lines = [given.get(f"address_line_{n}") for n in range(1, 8)]
        return [] if sum(bool(line) for line in lines) >= 3 else [("ValidationError", "Address must be at least 3 lines")]
    name, form, words = _RECIPIENT[kind]
    if name not in body:
        return [("ValidationError", f"{name} is a required property")]
    value = str(body[name]).replace(" ", "")
    return [] if form.fullmatch(value) else [("ValidationError", f"{name} {words}")]
