"""Where changes to the connections are kept: the configuration file in use, or the practice area's own small file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import tomlkit
from filelock import FileLock, Timeout
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

from helpdesk.composition.connection_forms import ADDRESSES, typed
from helpdesk.errors import HelpdeskError, RuleBroken, StorageError
from helpdesk.private_files import make_private_folder, replace_private
from helpdesk.start import Start, usual_config

PRACTICE_FILE = "connections.toml"
_WAITS_S = 10
_SET_ANEW = "The practice area sets this anew at each start: it can be tried here, and is not kept."
_UNREADABLE = "The file of the connections cannot be read as TOML. Nothing was changed."

Tables = dict[str, dict[str, Any]]


class ConnectionFile(Protocol):
    """`where` says it to whoever looks after the desk."""

    where: str

    def tables(self) -> Tables:
        """The instances as the next start will find them. Raises RuleBroken where the file is no TOML."""

    def notes(self, instance: str) -> Mapping[str, str]:
        """The settings that cannot be kept, each with the reason."""

    def may_remove(self, instance: str) -> bool: ...

    def put(self, instance: str, table: Mapping[str, Any], usual: Mapping[str, Any]) -> None:
        """Keeps this table; what is as `usual` and was not written before is left out. Raises StorageError."""

    def remove(self, instance: str) -> None: ...


class OwnFile:
    """The configuration file of a live or sandbox desk. Comments and the order of everything in it are kept."""

    def __init__(self, start: Start) -> None:
        self._path = (start.config or usual_config()).resolve()
        self._profile = start.profile
        self.where = str(self._path)

    def tables(self) -> Tables:
        found = _read(self._path).get("connectors", {})
        return {name: dict(table) for name, table in found.items() if isinstance(table, dict)}

    def notes(self, instance: str) -> Mapping[str, str]:  # noqa: ARG002  # the protocol's names
        return {}

    def may_remove(self, instance: str) -> bool:  # noqa: ARG002  # the protocol's names
        return True

    def put(self, instance: str, table: Mapping[str, Any], usual: Mapping[str, Any]) -> None:
        fresh = f'[desk]\nprofile = "{self._profile}"\n'
        with _changing(self._path, fresh) as document:
            _put(document, instance, table, usual)

    def remove(self, instance: str) -> None:
        with _changing(self._path, "") as document:
            _remove(document, instance)


class PracticeFile:
    """What differs from the practice area's own configuration, which is made anew at each start with its addresses."""

    def __init__(self, folder: Path, generated: Mapping[str, Mapping[str, Any]]) -> None:
        self._path = folder / PRACTICE_FILE
        self._generated = generated
        self.where = str(self._path)

    def tables(self) -> Tables:
        """The generated tables, with what was kept put over them: never their addresses."""
        found = {name: dict(table) for name, table in self._generated.items()}
        for name, kept in _read(self._path).get("connectors", {}).items():
            if isinstance(kept, dict):
                found[name] = found.get(name, {}) | {k: v for k, v in kept.items() if k not in self.notes(name)}
        return found

    def notes(self, instance: str) -> Mapping[str, str]:
        own = self._generated.get(instance, {})
        return {name: _SET_ANEW for name in ADDRESSES if name in own}

    def may_remove(self, instance: str) -> bool:
        return instance not in self._generated

    def put(self, instance: str, table: Mapping[str, Any], usual: Mapping[str, Any]) -> None:
        own = self._generated.get(instance, {})
        kept = {name: value for name, value in table.items() if name not in self.notes(instance)}
        with _changing(self._path, "") as document:
            _put(document, instance, kept, {**usual, **own})

    def remove(self, instance: str) -> None:
        with _changing(self._path, "") as document:
            _remove(document, instance)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except OSError:
        raise RuleBroken("The file of the connections cannot be read.", field="config") from None
    except ValueError:
        raise RuleBroken(_UNREADABLE, field="config") from None


@contextmanager
def _changing(path: Path, fresh: str) -> Iterator[tomlkit.TOMLDocument]:
    """The file as it is now, to be changed in place; put back whole, or left as it was. `fresh` begins a new one."""
    if not path.exists():
        make_private_folder(path.parent)
    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=_WAITS_S, mode=0o600)
    try:
        lock.acquire()
    except (Timeout, OSError):
        raise StorageError("The file of the connections is in use, or cannot be written. Try again.") from None
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else fresh)
        yield document
        text = tomlkit.dumps(document).rstrip("\n") + "\n"
        if tomllib.loads(text) != document.unwrap():
            raise StorageError("The file of the connections could not be changed safely. Nothing was changed.")
        replace_private(path, text)
    except (TOMLKitError, UnicodeDecodeError):
        raise StorageError(_UNREADABLE) from None
    except HelpdeskError:
        raise
    except OSError:
        raise StorageError("The file of the connections cannot be read or written. Nothing was changed.") from None
    finally:
        lock.release()


def _put(document: tomlkit.TOMLDocument, instance: str, table: Mapping[str, Any], usual: Mapping[str, Any]) -> None:
    connectors: Any = document.get("connectors")
    if connectors is None:
        connectors = document["connectors"] = tomlkit.table(is_super_table=True)
    new = instance not in connectors
    if new:
        connectors[instance] = tomlkit.table()
    kept: Any = connectors[instance]
    for name in [name for name in kept if name not in table]:
        del kept[name]
    for name, value in table.items():
        if name in kept:
            if typed(_plain(kept[name])) != typed(value):
                kept[name] = value
        elif typed(value) != typed(usual.get(name)):
            kept[name] = value
    if new:
        kept.add(tomlkit.nl())


def _remove(document: tomlkit.TOMLDocument, instance: str) -> None:
    connectors: Any = document.get("connectors", {})
    if instance in connectors:
        del connectors[instance]


def _plain(value: Any) -> Any:
    return value.unwrap() if isinstance(value, Item) else value
