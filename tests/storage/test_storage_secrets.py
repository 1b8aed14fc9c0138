"""Where keys are kept: the system's key store, a passphrase, or the practice area's own file; never anywhere unsafe."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked

from helpdesk.errors import RuleBroken, StorageError
from helpdesk.secrets import DATABASE_FILE, PRACTICE_KEY_FILE, SALT_FILE, database_key, keep_secret, secret

POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


class InMemory(KeyringBackend):
    """A safe store that lives as long as the test and holds as much in one entry as Windows does."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        assert len(password) <= 1280
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class Locked(InMemory):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service} {username}")


class PlaintextKeyring(InMemory):
    """Stands for the file backends of keyrings.alt."""


class AltKeyring(InMemory):
    pass


AltKeyring.__module__ = "keyrings.alt.file"


class Chain(ChainerBackend):
    backends: list[KeyringBackend] = []  # noqa: RUF012  # the library reads it from the class

    def __init__(self, *stores: KeyringBackend) -> None:
        super().__init__()
        self.backends = list(stores)


# The library puts every class it hears of among those it may choose by itself.
KeyringBackend._classes -= {InMemory, Locked, PlaintextKeyring, AltKeyring, Chain}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("HELPDESK_PASSPHRASE_FILE", raising=False)
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def store() -> InMemory:
    store = InMemory()
    keyring.set_keyring(store)
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_live_key_is_made_once_and_read_afterwards(store: InMemory, folder: Path) -> None:
    key = database_key("live", folder, "keyring")
    assert len(key) == 32
    assert store.held == {("nerve-centre-helpdesk/live", "database/key"): key.hex()}
    assert list(folder.iterdir()) == []
    (folder / DATABASE_FILE).touch()
    assert database_key("live", folder, "keyring") == key


@POSIX_ONLY
def test_the_folder_is_its_owner_s_alone(store: InMemory, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    database_key("live", folder, "keyring")
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "unsafe",
    [FailKeyring(), NullKeyring(), PlaintextKeyring(), AltKeyring(), Chain(), Chain(NullKeyring(), AltKeyring())],
    ids=["fail", "null", "plaintext", "alt", "empty chain", "weak chain"],
)
def test_no_safe_place_means_nothing_is_made(folder: Path, unsafe: KeyringBackend) -> None:
    keyring.set_keyring(unsafe)
    with pytest.raises(StorageError, match="This computer has no safe place for the key"):
        database_key("live", folder, "keyring")
    assert not folder.exists()
    assert secret("live", "pds", "private_key", folder) is None
    with pytest.raises(StorageError):
        keep_secret("live", "pds", "private_key", "value", folder)
    assert not folder.exists()


def test_a_chain_uses_its_safe_store_only(folder: Path) -> None:
    weak, safe = AltKeyring(), InMemory()
    keyring.set_keyring(Chain(weak, safe))
    database_key("live", folder, "keyring")
    assert (len(weak.held), len(safe.held)) == (0, 1)


def test_a_locked_store_is_said_without_names(folder: Path) -> None:
    keyring.set_keyring(Locked())
    with pytest.raises(StorageError, match="locked") as raised:
        database_key("live", folder, "keyring")
    assert "database/key" not in str(raised.value)
    assert not folder.exists()


def test_a_database_without_its_key_is_left_alone(store: InMemory, folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE_FILE).write_bytes(b"somebody's records")
    with pytest.raises(StorageError, match="Nothing was changed"):
        database_key("live", folder, "keyring")
    assert store.held == {}
    assert (folder / DATABASE_FILE).read_bytes() == b"somebody's records"


def test_what_is_no_key_is_not_used(store: InMemory, folder: Path) -> None:
    store.set_password("nerve-centre-helpdesk/live", "database/key", "swordfish")
    with pytest.raises(StorageError, match="not a key") as raised:
        database_key("live", folder, "keyring")
    assert "swordfish" not in str(raised.value)


@POSIX_ONLY
@pytest.mark.parametrize("profile", ["practice", "sandbox"])
def test_a_practice_key_lies_in_its_own_file(folder: Path, profile: str) -> None:
    keyring.set_keyring(FailKeyring())
    key = database_key(profile, folder)
    assert (folder / PRACTICE_KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert database_key(profile, folder) == key
    (folder / PRACTICE_KEY_FILE).chmod(0o644)
    with pytest.raises(StorageError, match="0600"):
        database_key(profile, folder)


def test_live_and_practice_keys_never_mix(store: InMemory, folder: Path) -> None:
    database_key("practice", folder)
    for how in ("keyring", "passphrase"):
        with pytest.raises(StorageError, match="practice database"):
            database_key("live", folder, how, lambda: "correct horse")  # type: ignore[arg-type]
    assert store.held == {}
    (folder / PRACTICE_KEY_FILE).unlink()
    (folder / DATABASE_FILE).touch()
    with pytest.raises(StorageError, match="not a practice database"):
        database_key("practice", folder)
    assert not (folder / PRACTICE_KEY_FILE).exists()
    with pytest.raises(RuleBroken):
        database_key("test", folder)


@pytest.fixture
def passphrase_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "passphrase"
    path.write_text("correct horse battery staple\n")
    path.chmod(0o600)
    monkeypatch.setenv("HELPDESK_PASSPHRASE_FILE", str(path))
    return path


@POSIX_ONLY
def test_a_passphrase_makes_the_same_key_again(folder: Path, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = database_key("live", folder, "passphrase")
    assert len(key) == 32
    assert (folder / SALT_FILE).stat().st_mode & 0o777 == 0o600
    monkeypatch.delenv("HELPDESK_PASSPHRASE_FILE")
    assert database_key("live", folder, "passphrase", lambda: "correct horse battery staple") == key
    assert database_key("live", folder, "passphrase", lambda: "another") != key
    other = database_key("live", folder.with_name("other"), "passphrase", lambda: "correct horse battery staple")
    assert other != key


@POSIX_ONLY
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o700, 0o660])
def test_a_passphrase_file_open_to_others_is_refused(folder: Path, passphrase_file: Path, mode: int) -> None:
    passphrase_file.chmod(mode)
    with pytest.raises(StorageError, match="0600"):
        database_key("live", folder, "passphrase")
    assert not folder.exists()


@POSIX_ONLY
def test_a_passphrase_file_must_be_an_ordinary_one(
    folder: Path, tmp_path: Path, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(passphrase_file)
    os.mkfifo(pipe, 0o600)
    for path in (link, pipe, tmp_path, tmp_path / "none"):
        monkeypatch.setenv("HELPDESK_PASSPHRASE_FILE", str(path))
        with pytest.raises(StorageError):
            database_key("live", folder, "passphrase")
    assert not folder.exists()


@POSIX_ONLY
def test_a_passphrase_file_beside_the_database_is_refused(folder: Path, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    inside = folder / "passphrase"
    passphrase_file.rename(inside)
    monkeypatch.setenv("HELPDESK_PASSPHRASE_FILE", str(inside))
    with pytest.raises(StorageError, match="outside"):
        database_key("live", folder, "passphrase")


def test_nobody_to_ask_and_nothing_said(folder: Path) -> None:
    with pytest.raises(StorageError, match="nobody can be asked"):
        database_key("live", folder, "passphrase")
    with pytest.raises(StorageError, match="empty"):
        database_key("live", folder, "passphrase", lambda: "")
    assert not folder.exists()


def test_a_lost_salt_is_not_made_anew(folder: Path) -> None:
    database_key("live", folder, "passphrase", lambda: "correct horse")
    (folder / DATABASE_FILE).touch()
    (folder / SALT_FILE).unlink()
    with pytest.raises(StorageError, match="salt"):
        database_key("live", folder, "passphrase", lambda: "correct horse")
    assert not (folder / SALT_FILE).exists()


_IN_A_SESSION = """
import sys
from pathlib import Path
import keyring
from helpdesk.secrets import database_key, keep_secret, secret
folder = Path(sys.argv[1])
key = database_key("live", folder, "keyring")
(folder / "helpdesk.db").touch()
assert database_key("live", folder, "keyring") == key
keep_secret("live", "pds", "private_key", "k" * 3272, folder)
assert secret("live", "pds", "private_key", folder) == "k" * 3272
print(type(keyring.get_keyring()).__module__)
"""
_NEEDED = ("dbus-run-session", "gnome-keyring-daemon")


@pytest.mark.skipif(not all(map(shutil.which, _NEEDED)), reason="needs gnome-keyring and dbus: apt-get install gnome-keyring dbus")
def test_the_real_key_store_of_a_desktop(tmp_path: Path) -> None:
    places = {name: tmp_path / name for name in ("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    for place in places.values():
        place.mkdir(mode=0o700)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)} | {name: str(path) for name, path in places.items()}
    # only when the daemon has answered that it runs is the key asked for
    script = 'printf "unlock\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" -c "$1" "$2"'
    command = ["dbus-run-session", "--", "sh", "-c", script, sys.executable, _IN_A_SESSION, str(tmp_path / "data")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().startswith(("keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.chainer"))
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kept
    assert b"kkkkkkkk" not in kept
