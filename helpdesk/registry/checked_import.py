"""Lets Python load a checked package from those very files whose hashes were compared, and from nothing else."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

from helpdesk.errors import ConnectorRejected
from helpdesk.registry.contract import Package

_INIT = "/__init__.py"


class _Loader(SourceFileLoader):
    """Compiles what it has just compared, every time: compiled copies that lie beside are neither used nor made."""

    def __init__(self, name: str, path: str, digests: Mapping[str, str]) -> None:
        super().__init__(name, path)
        self._digests = digests

    def path_stats(self, path: str) -> Mapping[str, object]:
        raise OSError(path)

    def get_data(self, path: str) -> bytes:
        data = super().get_data(path)
        if hashlib.sha256(data).hexdigest() != self._digests.get(os.path.normpath(path)):
            raise ImportError("A file has changed since it was checked.")
        return data


class _Finder(MetaPathFinder):
    """Answers first for every module of the checked packages, also that there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._packages: dict[str, Package] = {}
        self._modules: dict[str, tuple[Path, bool]] = {}
        self._digests: dict[str, str] = {}

    def add(self, package: Package) -> None:
        """Raises ConnectorRejected where the package, or another version of it, was loaded before."""
        with self._lock:
            before = self._packages.get(package.name)
            if before is not None and before.sha256 == package.sha256:
                return
            modules = _modules_of(package)
            loaded = (sys.modules.get(name) for name in modules)
            if before is not None or any(module is not None and not _is_ours(module) for module in loaded):
                raise ConnectorRejected(f"The package {package.name} was loaded before it was checked: start the program again.")
            self._packages[package.name] = package
            self._modules |= modules
            self._digests |= {os.path.normpath(package.root / path): digest for path, digest in package.files.items()}
            if self not in sys.meta_path:
                sys.meta_path.insert(0, self)

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002  # Python's names
        held = self._modules.get(fullname)
        if held is None:
            if self._modules.get(fullname.rpartition(".")[0]) is not None:
                raise ModuleNotFoundError("There is no such module among the files that were checked.", name=fullname)
            return None
        place, is_package = held
        loader = _Loader(fullname, str(place), self._digests)
        return spec_from_file_location(
            fullname, place, loader=loader, submodule_search_locations=[str(place.parent)] if is_package else None
        )


def _modules_of(package: Package) -> dict[str, tuple[Path, bool]]:
    """Each module of plain Python: its file, and whether it is a package. Of a module and a package of one name Python
    takes the package."""
    found: dict[str, tuple[Path, bool]] = {}
    for path in sorted(package.files, key=lambda p: p.endswith(_INIT)):
        stem = path.removesuffix(_INIT) if path.endswith(_INIT) else path.removesuffix(".py")
        if path.endswith(".py") and all(part.isidentifier() for part in stem.split("/")):
            found[stem.replace("/", ".")] = (package.root / path, path.endswith(_INIT))
    return found


def _is_ours(module: ModuleType) -> bool:
    return isinstance(getattr(module, "__loader__", None), _Loader)


_FINDER = _Finder()


def only_checked_files(package: Package) -> None:
    """From now on modules of this package come from the files that were compared. Raises ConnectorRejected where it is
    too late for that."""
    _FINDER.add(package)
