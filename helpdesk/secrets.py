"""Keys and other secrets: the operating system's key store, and the key of the desk's own database."""

from __future__ import annotations

import json
import os
import secrets as random
from collections.abc import Callable, Iterator
from configparser import Error as ConfigError
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import keyring
from argon2.low_level import Type, hash_secret_raw
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringError
from platformdirs import user_data_path

from helpdesk.errors import RuleBroken, StorageError
from helpdesk.private_files import create_private, make_private_folder, read_private
from helpdesk.sealed import KEY_BYTES, SealedBox

DATABASE_FILE = "helpdesk.db"
PRACTICE_KEY_FILE = "practice.key"
PROFILES = ("live", "practice", "sandbox")
SALT_FILE = "key.salt"
PASSPHRASE_VARIABLE = "HELPDESK_PASSPHRASE_FILE"  # noqa: S105  # the name of a variable
_PASSPHRASE_COST = {"time": 3, "memory_kib": 65536, "lanes": 4}
"""Source: RFC 9106, section 4, second recommended option."""
_WEAK = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt", "keyrings.cryptfile")
_SERVICE = "nerve-centre-helpdesk/"
_BOX_KEY = "secrets/key"
_IN_PARTS = "in-parts:"
_NO_SAFE_PLACE = (
    "This computer has no safe place for the key of the desk's database, so the desk does not start. Ask whoever looks after it."
)


def secret(profile: str, instance: str, name: str, folder: Path | None = None) -> str | None:
    """What was kept under this name for a connector instance, or None (also where the computer has no safe key store).
    `folder` is the profile's data folder, the usual one where none is given. Raises StorageError when the store is there
    and does not answer, or the file of secrets was damaged."""
    store = _safe_store()
    if store is None:
        return None
    box = _box(profile, folder)
    if box.holds(instance, name):
        key = _box_key(store, profile)
        if key is None:
            raise StorageError("The key of the kept secrets is not in this computer's key store: put the secrets in again.")
        return box.read(key, instance, name)
    return _kept_formerly(store, profile, f"{instance}/{name}")


def has_secret(profile: str, instance: str, name: str, folder: Path | None = None) -> bool:
    """Whether something is kept under this name; it is not read. Raises StorageError like `secret`."""
    store = _safe_store()
    if store is None:
        return False
    return _box(profile, folder).holds(instance, name) or _get(store, profile, f"{instance}/{name}") is not None


def keep_secret(profile: str, instance: str, name: str, value: str, folder: Path | None = None) -> None:
    """Keeps a secret of any length, sealed in a file of the folder under a key in the key store. Raises RuleBroken for
    an empty one, and StorageError without a safe key store; then nothing is kept. Where the key was lost, what it
    sealed is put aside."""
    if not value:
        raise RuleBroken("A secret cannot be empty.", field=name)
    store = _safe_store()
    if store is None:
        raise StorageError("This computer has no safe place for secrets, so nothing was kept.")
    box = _box(profile, folder)
    with box.changing():
        key = _box_key(store, profile)
        if key is None:
            key = _made_box_key(store, profile)
            if not box.empty:
                box.put_aside()
        box.write(key, instance, name, value)
    _forget_formerly(store, profile, f"{instance}/{name}")


def forget_secret(profile: str, instance: str, name: str, folder: Path | None = None) -> None:
    """Keeps it no longer; what is not kept need not be forgotten. Raises StorageError."""
    box = _box(profile, folder)
    if box.holds(instance, name):
        with box.changing():
            box.remove(instance, name)
    store = _safe_store()
    if store is not None:
        _forget_formerly(store, profile, f"{instance}/{name}")


def _box(profile: str, folder: Path | None) -> SealedBox:
    return SealedBox(folder or user_data_path("nerve-centre-helpdesk", appauthor=False) / profile, profile)


def _box_key(store: KeyringBackend, profile: str) -> bytes | None:
    kept = _get(store, profile, _BOX_KEY)
    return None if kept is None else _from_hex(kept, "the kept secrets")


def _made_box_key(store: KeyringBackend, profile: str) -> bytes:
    made = random.token_hex(KEY_BYTES)
    _set(store, profile, _BOX_KEY, made)
    if _get(store, profile, _BOX_KEY) != made:
        raise StorageError("This computer has no safe place for secrets, so nothing was kept.")
    return bytes.fromhex(made)


def _kept_formerly(store: KeyringBackend, profile: str, entry: str) -> str | None:
    """A secret as earlier versions kept it: in the key store itself, a long one in several entries."""
    found = _get(store, profile, entry)
    if found is None or not found.startswith(_IN_PARTS):
        return found
    parts = [_get(store, profile, part) for part in _parts(entry, found)]
    return None if None in parts else "".join(part for part in parts if part is not None)


def _forget_formerly(store: KeyringBackend, profile: str, entry: str) -> None:
    found = _get(store, profile, entry)
    if found is None:
        return
    for name in (*_parts(entry, found), entry):
        if _get(store, profile, name) is not None:
            with _store_errors():
                store.delete_password(_SERVICE + profile, name)


def _parts(entry: str, found: str) -> list[str]:
    count = found.removeprefix(_IN_PARTS)
    return [f"{entry}/{n}" for n in range(int(count))] if found != count and count.isdigit() else []


def database_key(
    profile: str, folder: Path, how: Literal["keyring", "passphrase"] = "keyring", ask: Callable[[], str] | None = None
) -> bytes:
    """The 32 bytes that open the database in this folder, made at first use. Raises StorageError in one sentence when
    there is no safe place for them, or when a database is there and its key is not; then nothing is made or changed."""
    if profile not in PROFILES:
        raise RuleBroken("A profile is live, practice or sandbox.", field="profile")
    if profile != "live":
        return _practice_key(folder)
    if (folder / PRACTICE_KEY_FILE).exists():
        raise StorageError("This folder holds a practice database, which a live desk does not open.")
    if how == "passphrase":
        return _passphrase_key(folder, (folder / DATABASE_FILE).exists(), ask)
    return _keyring_key(profile, folder)


def _keyring_key(profile: str, folder: Path) -> bytes:
    store = _safe_store()
    if store is None:
        raise StorageError(_NO_SAFE_PLACE)
    entry = "database/key"
    kept = _get(store, profile, entry)
    if kept is not None:
        make_private_folder(folder)
        return _from_hex(kept)
    if (folder / DATABASE_FILE).exists():
        raise StorageError("The key of the desk's database is not in this computer's key store. Nothing was changed.")
    made = random.token_hex(32)
    _set(store, profile, entry, made)
    if _get(store, profile, entry) != made:
        raise StorageError(_NO_SAFE_PLACE)
    make_private_folder(folder)
    return bytes.fromhex(made)


def _practice_key(folder: Path) -> bytes:
    path = folder / PRACTICE_KEY_FILE
    if not path.exists():
        if (folder / DATABASE_FILE).exists():
            raise StorageError("The database in this folder is not a practice database, or its key is missing. Nothing was changed.")
        make_private_folder(folder)
        create_private(path, random.token_hex(32) + "\n")
    return _from_hex(read_private(path).strip())


def _from_hex(text: str, of: str = "the desk's database") -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise StorageError(f"What is kept as the key of {of} is not a key. Nothing was changed.")
    return key


def _safe_store() -> KeyringBackend | None:
    """The key store of this computer, if it keeps secrets safely; one that was chosen and cannot be loaded does not."""
    try:
        chosen = keyring.get_keyring()
    except (ImportError, AttributeError, RuntimeError, ValueError, KeyringError, ConfigError):
        return None
    stores = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    return next((store for store in stores if not _is_weak(store)), None)


def _is_weak(store: KeyringBackend) -> bool:
    return any(kind.__module__.startswith(_WEAK) or "plaintext" in kind.__name__.lower() for kind in type(store).__mro__)


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except KeyringError:
        raise StorageError("This computer's key store is locked or does not answer. Unlock it and try again.") from None


def _get(store: KeyringBackend, profile: str, entry: str) -> str | None:
    with _store_errors():
        return store.get_password(_SERVICE + profile, entry)


def _set(store: KeyringBackend, profile: str, entry: str, value: str) -> None:
    with _store_errors():
        store.set_password(_SERVICE + profile, entry, value)


def _passphrase_key(folder: Path, database_exists: bool, ask: Callable[[], str] | None) -> bytes:
    """The 32 bytes that the passphrase and the salt beside the database make. Raises StorageError; then nothing is made."""
    spoken = _passphrase(folder, ask)
    salt = folder / SALT_FILE
    if not salt.exists():
        if database_exists:
            raise StorageError("The salt file beside the desk's database is missing, so its key cannot be made. Nothing was changed.")
        make_private_folder(folder)
        create_private(salt, json.dumps({"argon2id": random.token_hex(16), **_PASSPHRASE_COST}))
    try:
        kept = json.loads(read_private(salt))
        return hash_secret_raw(
            spoken.encode(), bytes.fromhex(kept["argon2id"]), kept["time"], kept["memory_kib"], kept["lanes"], hash_len=32, type=Type.ID
        )
    except (ValueError, KeyError, TypeError):
        raise StorageError("The salt file beside the desk's database is damaged. Nothing was changed.") from None


def _passphrase(folder: Path, ask: Callable[[], str] | None) -> str:
    named = os.environ.get(PASSPHRASE_VARIABLE)
    if named:
        path = Path(named)
        if path.resolve().is_relative_to(folder.resolve()):
            raise StorageError("The passphrase file must lie outside the desk's data folder.")
        spoken = read_private(path).rstrip("\r\n")
    elif ask is not None:
        spoken = ask()
    else:
        raise StorageError("The desk's database needs its passphrase, and nobody can be asked for it here.")
    if not spoken:
        raise StorageError("The passphrase of the desk's database is empty.")
    return spoken
