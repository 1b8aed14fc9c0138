"""Keys and other secrets: the operating system's key store, and the key of the desk's own database."""

from __future__ import annotations

import json
import os
import secrets as random
import stat
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

from helpdesk.errors import RuleBroken, StorageError

DATABASE_FILE = "helpdesk.db"
PRACTICE_KEY_FILE = "practice.key"
PROFILES = ("live", "practice", "sandbox")
SALT_FILE = "key.salt"
PASSPHRASE_VARIABLE = "HELPDESK_PASSPHRASE_FILE"  # noqa: S105  # the name of a variable
_PASSPHRASE_COST = {"time": 3, "memory_kib": 65536, "lanes": 4}
"""Source: RFC 9106, section 4, second recommended option."""
_HAS_MODES = os.name == "posix"
_WEAK = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt", "keyrings.cryptfile")
_SERVICE = "nerve-centre-helpdesk/"
_PART = 1200
"""Characters in one entry: the Windows store holds 1,280."""
_IN_PARTS = "in-parts:"
_NO_SAFE_PLACE = (
    "This computer has no safe place for the key of the desk's database, so the desk does not start. Ask whoever looks after it."
)


def secret(profile: str, instance: str, name: str) -> str | None:
    """What was kept under this name for a connector instance, or None (also where the computer has no safe key store).
    Raises StorageError when the store is there and does not answer."""
    store = _safe_store()
    if store is None:
        return None
    entry = f"{instance}/{name}"
    found = _get(store, profile, entry)
    if found is None or not found.startswith(_IN_PARTS):
        return found
    parts = [_get(store, profile, f"{entry}/{n}") for n in range(int(found.removeprefix(_IN_PARTS)))]
    return None if None in parts else "".join(part for part in parts if part is not None)


def keep_secret(profile: str, instance: str, name: str, value: str) -> None:
    """Keeps a secret of any length; a long one lies in several entries. Raises StorageError without a safe key store."""
    store = _safe_store()
    if store is None:
        raise StorageError("This computer has no safe place for secrets, so nothing was kept.")
    if value.startswith(_IN_PARTS):
        raise RuleBroken("This secret cannot be kept.", field=name)
    entry = f"{instance}/{name}"
    if len(value) <= _PART:
        _set(store, profile, entry, value)
        return
    parts = [value[at : at + _PART] for at in range(0, len(value), _PART)]
    for n, part in enumerate(parts):
        _set(store, profile, f"{entry}/{n}", part)
    _set(store, profile, entry, f"{_IN_PARTS}{len(parts)}")


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
        _make_private_folder(folder)
        return _from_hex(kept)
    if (folder / DATABASE_FILE).exists():
        raise StorageError("The key of the desk's database is not in this computer's key store. Nothing was changed.")
    made = random.token_hex(32)
    _set(store, profile, entry, made)
    if _get(store, profile, entry) != made:
        raise StorageError(_NO_SAFE_PLACE)
    _make_private_folder(folder)
    return bytes.fromhex(made)


def _practice_key(folder: Path) -> bytes:
    path = folder / PRACTICE_KEY_FILE
    if not path.exists():
        if (folder / DATABASE_FILE).exists():
            raise StorageError("The database in this folder is not a practice database, or its key is missing. Nothing was changed.")
        _make_private_folder(folder)
        _create_private(path, random.token_hex(32) + "\n")
    return _from_hex(_read_private(path).strip())


def _from_hex(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise StorageError("What is kept as the key of the desk's database is not a key. Nothing was changed.")
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
        _make_private_folder(folder)
        _create_private(salt, json.dumps({"argon2id": random.token_hex(16), **_PASSPHRASE_COST}))
    try:
        kept = json.loads(_read_private(salt))
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
        spoken = _read_private(path).rstrip("\r\n")
    elif ask is not None:
        spoken = ask()
    else:
        raise StorageError("The desk's database needs its passphrase, and nobody can be asked for it here.")
    if not spoken:
        raise StorageError("The passphrase of the desk's database is empty.")
    return spoken


def _make_private_folder(folder: Path) -> None:
    """Makes the folder, or makes it its owner's alone (0700)."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _HAS_MODES and stat.S_IMODE(folder.stat().st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError:
        raise StorageError("The desk's data folder cannot be made, or cannot be closed to other people.") from None


def _create_private(path: Path, text: str) -> None:
    """Writes a new file, 0600. Where another process was first, its file stays."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    except OSError:
        raise StorageError("A key file cannot be written in the desk's data folder.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read_private(path: Path) -> str:
    """The text of a regular file that belongs to us and that nobody else may read. Raises StorageError."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        raise StorageError("A key file is missing, is a link, or cannot be read.") from None
    try:
        _refuse_unless_private(os.fstat(handle))
        return os.read(handle, 4096).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise StorageError("A key file cannot be read, or holds something else than text.") from None
    finally:
        os.close(handle)


def _refuse_unless_private(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise StorageError("A key file must be an ordinary file.")
    if _HAS_MODES and (stat.S_IMODE(found.st_mode) & 0o177 or found.st_uid != os.geteuid()):
        raise StorageError("A key file must belong to you and be closed to everybody else (mode 0600).")
