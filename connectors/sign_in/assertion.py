"""The signed statement of who we are that a token endpoint asks for.

Source: RFC 7523, section 2.2; the national API platform's signed JWT pattern; SMART App Launch 2, backend services.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from helpdesk.errors import ConnectorAuthFailed

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME_S = 240
"""Five minutes at most, less what two clocks may differ by."""


class Signer:
    """Signs with the private key (PEM), which is read and parsed once. `algorithm` is for an RSA key; one on the curve
    P-384 signs by ES384 where `curve` allows it."""

    def __init__(self, private_key: Callable[[], str], key_id: str, algorithm: str, label: str, *, curve: bool = False) -> None:
        self._private_key = private_key
        self._key_id = key_id
        self._algorithm = algorithm
        self._label = label
        self._curve = curve
        self._lock = threading.Lock()
        self._parsed: tuple[Any, str] | None = None

    def assertion(self, issuer: str, audience: str, now: datetime) -> str:
        """A new one for one request; `audience` is the token address, character for character. Raises ConnectorAuthFailed."""
        key, algorithm = self._key()
        claims = {"iss": issuer, "sub": issuer, "aud": audience, "jti": str(uuid4()), "exp": int(now.timestamp()) + LIFETIME_S}
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": self._key_id, "typ": "JWT"})

    def _key(self) -> tuple[Any, str]:
        with self._lock:
            if self._parsed is None:
                self._parsed = self._read(self._private_key())
            return self._parsed

    def _read(self, pem: str) -> tuple[Any, str]:
        found: Any = None
        # not raised from the library's own error, whose words could hold a piece of the key
        with suppress(ValueError, TypeError, UnsupportedAlgorithm):
            found = load_pem_private_key(pem.encode(), password=None)
        if isinstance(found, RSAPrivateKey) and found.key_size >= 2048:
            return found, self._algorithm
        if self._curve and isinstance(found, EllipticCurvePrivateKey) and isinstance(found.curve, SECP384R1):
            return found, "ES384"
        raise ConnectorAuthFailed(f"The private key kept for {self._label} is not one that it takes: put it in again.")
