"""Secrets of any length lie sealed in one closed file, under a key in the key store; whoever changes the file is noticed."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from helpdesk.errors import RuleBroken, StorageError
from helpdesk.sealed import SEALED_FILE, UNREADABLE_FILE
from helpdesk.secrets import forget_secret, has_secret, keep_secret, secret
from tests.storage.test_storage_secrets import InMemory, Locked

SERVICE = "nerve-centre-helpdesk/live"
CANARY = "canary-value"


@pytest.fixture(autouse=True)
def store() -> Iterator[InMemory]:
    before = keyring.get_keyring()
    made = InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "live"


@pytest.mark.parametrize("length", [1, 1200, 1281, 3272, 100_000])
def test_a_secret_of_any_length_comes_back(store: InMemory, folder: Path, length: int) -> None:
    value = "".join(chr(33 + n % 90) for n in range(length - 1)) + "é"
    keep_secret("live", "pds", "private_key", value, folder)
    assert secret("live", "pds", "private_key", folder) == value
    assert secret("live", "pds", "other", folder) is None
    assert secret("practice", "pds", "private_key", folder.with_name("practice")) is None
    keep_secret("live", "pds", "private_key", "short", folder)
    assert secret("live", "pds", "private_key", folder) == "short"
    assert list(store.held) == [(SERVICE, "secrets/key")]
    assert len(store.held[SERVICE, "secrets/key"]) == 64


def test_the_file_is_closed_and_holds_nothing_in_clear(folder: Path) -> None:
    keep_secret("live", "pds", "private_key", CANARY, folder)
    held = b"".join(path.read_bytes() for path in folder.iterdir())
    assert CANARY.encode() not in held
    if os.name == "posix":
        assert (folder / SEALED_FILE).stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / SEALED_FILE).chmod(0o644)
        with pytest.raises(StorageError, match="0600"):
            secret("live", "pds", "private_key", folder)


def test_without_its_key_nothing_of_a_secret_can_be_read(folder: Path, store: InMemory) -> None:
    keep_secret("live", "pds", "private_key", CANARY, folder)
    packed = json.loads((folder / SEALED_FILE).read_text())["sealed"]["pds/private_key"]
    assert CANARY.encode() not in base64.b64decode(packed)
    store.held[SERVICE, "secrets/key"] = "00" * 32
    with pytest.raises(StorageError, match="damaged"):
        secret("live", "pds", "private_key", folder)


def test_the_same_secret_is_never_sealed_alike(folder: Path) -> None:
    seen = set()
    for _ in range(5):
        keep_secret("live", "pds", "private_key", CANARY, folder)
        seen.add((folder / SEALED_FILE).read_text())
    assert len(seen) == 5


def _changed(folder: Path, **names: str) -> None:
    path = folder / SEALED_FILE
    held = json.loads(path.read_text())
    held["sealed"].update({name.replace("__", "/"): value for name, value in names.items()})
    path.write_text(json.dumps(held))


def test_a_changed_file_is_noticed(folder: Path) -> None:
    keep_secret("live", "pds", "private_key", CANARY, folder)
    packed = json.loads((folder / SEALED_FILE).read_text())["sealed"]["pds/private_key"]
    for wrong in (packed[:-8] + "AAAAAAA=", "x" + packed[1:], "", "AAAA", packed[:20], "é"):
        _changed(folder, pds__private_key=wrong)
        with pytest.raises(StorageError, match="damaged") as caught:
            secret("live", "pds", "private_key", folder)
        assert CANARY not in str(caught.value)


def test_a_secret_opens_only_where_it_belongs(folder: Path, store: InMemory) -> None:
    keep_secret("live", "pds", "private_key", CANARY, folder)
    packed = json.loads((folder / SEALED_FILE).read_text())["sealed"]["pds/private_key"]
    _changed(folder, ers__private_key=packed, pds__api_key=packed)
    for instance, name in (("ers", "private_key"), ("pds", "api_key")):
        with pytest.raises(StorageError, match="damaged"):
            secret("live", instance, name, folder)
    store.held["nerve-centre-helpdesk/sandbox", "secrets/key"] = store.held[SERVICE, "secrets/key"]
    with pytest.raises(StorageError, match="damaged"):
        secret("sandbox", "pds", "private_key", folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 1, "sealed": []}', '{"version": 2, "sealed": {}}'])
def test_a_file_that_is_not_ours_is_left_alone(text: str, folder: Path) -> None:
    keep_secret("live", "pds", "private_key", CANARY, folder)
    (folder / SEALED_FILE).write_text(text)
    with pytest.raises(StorageError, match="Nothing was changed"):
        secret("live", "pds", "private_key", folder)
    with pytest.raises(StorageError, match="Nothing was changed"):
        keep_secret("live", "pds", "private_key", "other", folder)
    assert (folder / SEALED_FILE).read_text() == text


def test_a_lost_key_is_said_and_the_secrets_can_be_put_in_again(folder: Path, store: InMemory) -> None:
    keep_secret("live", "pds", "private_key", CANARY, folder)
    before = (folder / SEALED_FILE).read_text()
    store.held.clear()
    with pytest.raises(StorageError, match="put the secrets in again"):
        secret("live", "pds", "private_key", folder)
    keep_secret("live", "pds", "private_key", "new", folder)
    assert secret("live", "pds", "private_key", folder) == "new"
    assert (folder / UNREADABLE_FILE).read_text() == before


def test_what_earlier_versions_kept_is_still_read_and_then_moved(folder: Path, store: InMemory) -> None:
    store.held[SERVICE, "pds/api_key"] = "short"
    store.held |= {(SERVICE, "pds/private_key"): "in-parts:2", (SERVICE, "pds/private_key/0"): "ab", (SERVICE, "pds/private_key/1"): "cd"}
    assert secret("live", "pds", "api_key", folder) == "short"
    assert secret("live", "pds", "private_key", folder) == "abcd"
    assert has_secret("live", "pds", "private_key", folder)
    keep_secret("live", "pds", "private_key", "new", folder)
    forget_secret("live", "pds", "api_key", folder)
    assert list(store.held) == [(SERVICE, "secrets/key")]
    assert secret("live", "pds", "private_key", folder) == "new"


def test_a_form_may_know_whether_and_forget(folder: Path, store: InMemory) -> None:
    assert not has_secret("live", "pds", "private_key", folder)
    forget_secret("live", "pds", "private_key", folder)
    assert not folder.exists()
    keep_secret("live", "pds", "private_key", CANARY, folder)
    assert has_secret("live", "pds", "private_key", folder)
    forget_secret("live", "pds", "private_key", folder)
    assert not has_secret("live", "pds", "private_key", folder)
    assert secret("live", "pds", "private_key", folder) is None
    with pytest.raises(RuleBroken):
        keep_secret("live", "pds", "private_key", "", folder)


def test_many_at_once_lose_nothing(folder: Path) -> None:
    together = threading.Barrier(8)

    def work(n: int) -> None:
        together.wait(5)
        keep_secret("live", f"system{n}", "api_key", f"value{n}", folder)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert [secret("live", f"system{n}", "api_key", folder) for n in range(8)] == [f"value{n}" for n in range(8)]


def test_a_write_that_fails_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_secret("live", "pds", "private_key", CANARY, folder)
    before = sorted(path.name for path in folder.iterdir())

    def full(_handle: int) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr("helpdesk.private_files.os.fsync", full)
    with pytest.raises(StorageError, match="cannot be written"):
        keep_secret("live", "pds", "private_key", "other", folder)
    monkeypatch.undo()
    assert secret("live", "pds", "private_key", folder) == CANARY
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_locked_store_keeps_nothing(folder: Path) -> None:
    keyring.set_keyring(Locked())
    with pytest.raises(StorageError, match="locked"):
        keep_secret("live", "pds", "private_key", CANARY, folder)
    assert not (folder / SEALED_FILE).exists()


KeyringBackend._classes -= {InMemory, Locked}
