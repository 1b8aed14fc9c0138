"""Secrets sealed in one file of a profile, under a key that is kept elsewhere.

The Windows key store holds 1,280 characters in an entry, and a private key is longer. Source: NIST SP 800-38D (AES-GCM).
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets as random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock, Timeout

from helpdesk.errors import StorageError
from helpdesk.private_files import make_private_folder, read_private, replace_private

SEALED_FILE = "secrets.sealed"
UNREADABLE_FILE = "secrets.sealed.unreadable"
KEY_BYTES = 32
_VERSION = 1
_NONCE_BYTES = 12
_MOST_BYTES = 4 * 1024 * 1024
_WAITS_S = 10
_DAMAGED = "The file of kept secrets is damaged, or was changed by somebody else. Nothing was changed."


class SealedBox:
    """What is kept for one profile. Each secret is bound to its profile, instance and name: moved elsewhere it does not
    open. Every method raises StorageError where the file cannot be used."""

    def __init__(self, folder: Path, profile: str) -> None:
        self._folder = folder
        self._path = folder / SEALED_FILE
        self._profile = profile

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Nobody else changes the box meanwhile, also in another process."""
        make_private_folder(self._folder)
        lock = FileLock(self._folder / f"{SEALED_FILE}.lock", timeout=_WAITS_S, mode=0o600)
        try:
            lock.acquire()
        except (Timeout, OSError):
            raise StorageError("The file of kept secrets is in use, or cannot be written. Try again.") from None
        try:
            yield
        finally:
            lock.release()

    @property
    def empty(self) -> bool:
        return not self._held()

    def holds(self, instance: str, name: str) -> bool:
        return _entry(instance, name) in self._held()

    def read(self, key: bytes, instance: str, name: str) -> str | None:
        """None where nothing is kept under this name."""
        packed = self._held().get(_entry(instance, name))
        if packed is None:
            return None
        try:
            sealed = base64.b64decode(packed, validate=True)
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._bound_to(instance, name)).decode()
        except (binascii.Error, ValueError, InvalidTag):
            raise StorageError(_DAMAGED) from None

    def put_aside(self) -> None:
        """Inside `changing`: begins anew, and keeps beside it what cannot be opened any more."""
        try:
            self._path.replace(self._path.with_name(UNREADABLE_FILE))
        except OSError:
            raise StorageError("A file cannot be written in the desk's data folder.") from None

    def write(self, key: bytes, instance: str, name: str, value: str) -> None:
        """Inside `changing`."""
        nonce = random.token_bytes(_NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, value.encode(), self._bound_to(instance, name))
        self._keep({**self._held(), _entry(instance, name): base64.b64encode(sealed).decode("ascii")})

    def remove(self, instance: str, name: str) -> None:
        """Inside `changing`. What is not kept need not be removed."""
        held = self._held()
        if held.pop(_entry(instance, name), None) is not None:
            self._keep(held)

    def _bound_to(self, instance: str, name: str) -> bytes:
        return json.dumps([_VERSION, self._profile, instance, name]).encode()

    def _keep(self, held: dict[str, str]) -> None:
        replace_private(self._path, json.dumps({"version": _VERSION, "sealed": held}, indent=1))

    def _held(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        try:
            found = json.loads(read_private(self._path, _MOST_BYTES))
            if found["version"] != _VERSION:
                raise StorageError("The file of kept secrets was written by another version of the helpdesk. Nothing was changed.")
            return {str(name): value for name, value in found["sealed"].items() if isinstance(value, str)}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise StorageError(_DAMAGED) from None


def _entry(instance: str, name: str) -> str:
    return f"{instance}/{name}"
