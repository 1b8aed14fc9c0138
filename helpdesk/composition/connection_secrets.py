"""Secrets of connections as a form needs them: put in, forgotten, and whether one is kept; never read back."""

from __future__ import annotations

from helpdesk.desk.connections import SecretField, Secrets
from helpdesk.errors import StorageError
from helpdesk.secrets import forget_secret, has_secret, keep_secret
from helpdesk.start import Start

_TITLES = {"api_key": "API key", "private_key": "Private key (PEM)", "id_token": "Identity token"}


def field(start: Start, instance: str, name: str) -> SecretField:
    title = _TITLES.get(name, name.replace("_", " ").capitalize())
    try:
        return SecretField(name, title, has_secret(start.profile, instance, name, start.folder))
    except StorageError as error:
        return SecretField(name, title, False, error.message)


def change(start: Start, instance: str, secrets: Secrets) -> None:
    """Raises StorageError; what was kept before stays then."""
    for name, value in secrets.keep.items():
        if value:
            keep_secret(start.profile, instance, name, value, start.folder)
    for name in secrets.forget - {name for name, value in secrets.keep.items() if value}:
        forget_secret(start.profile, instance, name, start.folder)
