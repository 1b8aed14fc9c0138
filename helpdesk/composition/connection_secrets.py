"""Secrets of connections as a form needs them: put in, forgotten, and whether one is kept; never read back."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk.desk.connections import SecretField, Secrets
from helpdesk.errors import StorageError
from helpdesk.sealed import SealedBox
from helpdesk.secrets import forget_secret, has_secret, keep_secret
from helpdesk.start import Start

_TITLES = {"api_key": "API key", "private_key": "Private key (PEM)", "id_token": "Identity token"}


def field(start: Start, instance: str, name: str) -> SecretField:
    title = _TITLES.get(name, name.replace("_", " ").capitalize())
    try:
        return SecretField(name, title, _is_kept(start, instance, name))
    except StorageError as error:
        return SecretField(name, title, False, error.message)


def kept(start: Start, instance: str, names: Iterable[str]) -> frozenset[str]:
    """Which of these are kept, or may be."""
    found = [field(start, instance, name) for name in names]
    return frozenset(secret.name for secret in found if secret.kept or secret.trouble)


def _is_kept(start: Start, instance: str, name: str) -> bool:
    """To look into the practice area's own file asks nothing of the key store, which may want to be unlocked or made."""
    if start.practice:
        return SealedBox(start.folder, start.profile).holds(instance, name)
    return has_secret(start.profile, instance, name, start.folder)


def change(start: Start, instance: str, secrets: Secrets) -> None:
    """Raises StorageError; what was kept before stays then."""
    for name, value in secrets.keep.items():
        if value:
            keep_secret(start.profile, instance, name, value, start.folder)
    for name in secrets.forget - {name for name, value in secrets.keep.items() if value}:
        forget_secret(start.profile, instance, name, start.folder)
