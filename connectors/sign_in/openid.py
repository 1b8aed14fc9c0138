"""An OpenID provider: where its doors are, and whether an identity token is really from it, for us, and new.

Source: OpenID Connect Core 1.0, section 3.1.3.7; OpenID Connect Discovery 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

import jwt

from connectors.origin import is_protected
from connectors.sign_in.cis2_settings import Cis2Settings
from connectors.sign_in.door import Door
from connectors.sign_in.token_request import refusal
from helpdesk.errors import ConnectorAuthFailed

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
_KEY_KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
_CLOCKS_DIFFER_S = 60
_REQUIRED = ["iss", "sub", "aud", "exp", "iat"]


@dataclass(frozen=True)
class Provider:
    authorize_url: str
    token_url: str
    jwks_url: str


def provider_of(settings: Cis2Settings, door: Door, ends: float) -> Provider:
    """The addresses that are set, and where one is not, what the issuer publishes. Raises ConnectorError."""
    given = Provider(settings.authorize_url, settings.token_url, settings.jwks_url)
    if given.authorize_url and given.token_url and given.jwks_url:
        return given
    answer = door.get(f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration", ends)
    if answer.status != 200:
        raise refusal(door, answer)
    held = answer.body if isinstance(answer.body, dict) else {}
    if held.get("issuer") != settings.issuer:
        raise ConnectorAuthFailed(f"{door.label} gives itself another name than the issuer that is set.")
    return Provider(
        given.authorize_url or _address(held.get("authorization_endpoint"), door),
        given.token_url or _address(held.get("token_endpoint"), door),
        given.jwks_url or _address(held.get("jwks_uri"), door),
    )


def _address(value: Any, door: Door) -> str:
    if not isinstance(value, str) or not is_protected(value):
        raise door.misunderstood()
    return value


def checked_claims(token: str, keys: Any, settings: Cis2Settings, nonce: str, now: datetime) -> dict[str, Any] | None:
    """The claims of an identity token, or None where anything about it is not as it must be. `keys` is the issuer's
    published set; `now` decides whether it is still good."""
    try:
        claims = _signed_claims(token, keys, settings)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        return None
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if (several or "azp" in claims) and claims.get("azp") != settings.client_id:
        return None
    said = claims.get("nonce")
    if not isinstance(said, str) or not compare_digest(said.encode(), nonce.encode()):
        return None
    return claims if _is_current(claims, now) and isinstance(claims["sub"], str) and claims["sub"] else None


def _signed_claims(token: str, keys: Any, settings: Cis2Settings) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    algorithm = header["alg"]
    if algorithm not in _ALGORITHMS:
        raise ValueError
    kind = _KEY_KINDS[algorithm[:2]]
    fitting = [k for k in keys["keys"] if k.get("kty") == kind and k.get("use", "sig") == "sig"]
    named = [k for k in fitting if k.get("kid") == header.get("kid")] if "kid" in header else fitting
    if len(named) != 1:
        raise ValueError
    claims: dict[str, Any] = jwt.decode(
        token,
        jwt.PyJWK(named[0], algorithm),
        algorithms=[algorithm],
        audience=settings.client_id,
        issuer=settings.issuer,
        # the times are checked against the desk's own clock
        options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )
    return claims


def _is_current(claims: dict[str, Any], now: datetime) -> bool:
    ends, made, begins = claims["exp"], claims["iat"], claims.get("nbf", 0)
    if not all(isinstance(moment, int | float) and not isinstance(moment, bool) for moment in (ends, made, begins)):
        return False
    at = now.timestamp()
    return bool(ends > at and made <= at + _CLOCKS_DIFFER_S and begins <= at + _CLOCKS_DIFFER_S)
