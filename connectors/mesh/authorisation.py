"""The header that signs one request to MESH.

Source: MESH API, Authorisation header: "NHSMESH mailbox:nonce:nonce count:timestamp:HMAC-SHA256"."""

from __future__ import annotations

import hmac
import re
import threading
from uuid import uuid4

from helpdesk.errors import ConnectorAuthFailed
from helpdesk.registry.contract import ConnectorContext

_SECRET = re.compile(r"[\x21-\x7e]{1,200}")


class Signer:
    """May be used from several threads at once: no nonce goes out twice with the same count."""

    def __init__(self, mailbox: str, context: ConnectorContext) -> None:
        self._mailbox = mailbox
        self._context = context
        self._lock = threading.Lock()
        self._nonce = str(uuid4())
        self._count = 0

    def headers(self) -> dict[str, str]:
        """Good for one request. Raises ConnectorAuthFailed where a secret is missing or not whole."""
        key, password = self._secret("shared_key"), self._secret("mailbox_password")
        with self._lock:
            self._count += 1
            count = self._count
        at = f"{self._context.clock.now():%Y%m%d%H%M}"
        told = f"{self._mailbox}:{self._nonce}:{count}"
        return {"Authorization": f"NHSMESH {told}:{at}:{digest(key, f'{told}:{password}:{at}')}"}

    def _secret(self, name: str) -> str:
        held = self._context.secret(name)
        if not _SECRET.fullmatch(held):
            label = self._context.label or self._context.instance
            raise ConnectorAuthFailed(f"The {name.replace('_', ' ')} kept on this computer for {label} is not whole: enter it again.")
        return held


def digest(key: str, text: str) -> str:
    return hmac.new(key.encode("ascii"), text.encode("ascii"), "sha256").hexdigest()
