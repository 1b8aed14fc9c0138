"""Which files belong to an installed package, and the one hash over all of them that a live profile's configuration names."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution
from pathlib import Path

_METADATA = ".dist-info"
_INSTALLERS_NOTES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
"""What the installer writes of its own doings: it differs from computer to computer and holds no code."""
_BYTECODE = "__pycache__"
NOT_WHOLE = "it was not installed as a package of its own, so there is no list of its files"
RUN_AT_START = "it brings a file that Python runs at every start, whatever is asked of it"


@dataclass(frozen=True)
class PackageFiles:
    """`files` by path under `root`: SHA-256, or a word for what cannot be read. `problem` says why there is no hash."""

    root: Path
    files: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def sha256(self) -> str:
        """Over lines of hash, two spaces and path, sorted by path: what `sha256sum` prints of them, hashed once more."""
        listing = "".join(f"{digest}  {path}\n" for path, digest in sorted(self.files.items()))
        return "" if self.problem else hashlib.sha256(listing.encode("utf-8")).hexdigest()


def files_of(distribution: Distribution, package: str) -> PackageFiles:
    """Every file its installer put down, and every other that lies in its folders now, each read from disk. `package` is
    the package of it that holds the manifest."""
    root = Path(str(distribution.locate_file("")))
    named = _recorded(distribution)
    if named is None:
        return PackageFiles(root, problem=NOT_WHOLE)
    if any(path.endswith(".pth") for path in named):
        return PackageFiles(root, problem=RUN_AT_START)
    lying = {path for folder in _folders(named, package) for path in _inside(root, folder)}
    return PackageFiles(root, {path: _digest(root / path) for path in sorted(filter(_counts, named | lying))})


def _recorded(distribution: Distribution) -> frozenset[str] | None:
    try:
        text = distribution.read_text("RECORD")
        return frozenset(row[0] for row in csv.reader(text.splitlines()) if row and row[0]) if text else None
    except (OSError, ValueError, csv.Error):
        return None


def _folders(named: frozenset[str], package: str) -> frozenset[str]:
    """The topmost folders that are its own: regular packages and its metadata. A folder without an __init__.py may be
    shared with others."""
    regular = {path.rpartition("/")[0] for path in named if path.endswith("/__init__.py")}
    own = {package}
    for path in named:
        parts = path.split("/")[:-1]
        above = ("/".join(parts[: n + 1]) for n in range(len(parts)))
        top = next((folder for folder in above if folder in regular or folder.endswith(_METADATA)), None)
        own |= {top} if top else set()
    return frozenset(own)


def _inside(root: Path, folder: str) -> Iterator[str]:
    for place, folders, files in os.walk(root / folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in (*files, *links):
            yield (Path(place) / name).relative_to(root).as_posix()


def _counts(path: str) -> bool:
    """Compiled copies are left out: Python makes them, and those of a checked package are never used."""
    *folders, name = path.split("/")
    notes = bool(folders) and folders[-1].endswith(_METADATA) and name in _INSTALLERS_NOTES
    return _BYTECODE not in folders and not notes


def _digest(path: Path) -> str:
    try:
        return "link" if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "missing"
