"""Finds the connectors by reading their manifests, without importing any of their code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.lazy import package_folder
from helpdesk.registry.contract import API, Manifest, Package

_TEXTS = ("id", "name", "factory", "stub", "settings")
_LISTS = ("provides", "secrets")


@dataclass(frozen=True)
class Broken:
    """A connector that cannot be used, and why; it harms no other. `folder` is its folder's name; of one from outside, the
    id it offers itself under, and `package` what it comes in. `refused`: it is whole, but not allowed on this profile.
    `provides` and `name` are what its manifest says, where it could be read."""

    folder: str
    reason: str
    package: Package | None = None
    refused: bool = False
    provides: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Found:
    """`missing` are packages that the configuration names and that are not installed."""

    manifests: dict[str, Manifest]
    broken: tuple[Broken, ...]
    missing: tuple[str, ...] = ()

    def unusable(self, kind: str) -> Broken | None:
        """The connector from outside that offers itself under this id and cannot be used."""
        if kind in self.manifests:
            return None
        return next((b for b in self.broken if b.folder == kind and b.package is not None), None)


def find(folder: Path | None = None) -> Found:
    """Every connector under the folder (the program's own `connectors` unless another is given)."""
    root = folder or package_folder("connectors")
    manifests: dict[str, Manifest] = {}
    broken: list[Broken] = []
    for path in sorted(root.glob("*/manifest.toml")):
        read = read_manifest(path, path.parent.name)
        if isinstance(read, Manifest):
            manifests[read.id] = read
        else:
            broken.append(read)
    return Found(manifests, tuple(broken))


def read_manifest(path: Path, called: str, named_by: str = "folder") -> Manifest | Broken:
    """What one manifest says. `called` is the id it must have, `named_by` what gives it that name. No code is imported."""
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Broken(called, "Its manifest cannot be read.")
    problem = _problem(held, called, named_by)
    if problem:
        return Broken(called, problem, provides=_ports(held))
    return Manifest(
        **{name: held[name] for name in _TEXTS},
        api=held["api"],
        provides=tuple(held["provides"]),
        secrets=tuple(held["secrets"]),
        short=str(held.get("short", "")),
        notice=str(held.get("notice", "")),
    )


def _ports(held: dict[str, Any]) -> tuple[str, ...]:
    provides = held.get("provides")
    return tuple(p for p in provides if isinstance(p, str)) if isinstance(provides, list) else ()


def _problem(held: dict[str, Any], called: str, named_by: str) -> str:
    for name in _TEXTS:
        if not isinstance(held.get(name), str):
            return f"Its manifest has no {name}."
    for name in _LISTS:
        if not (isinstance(held.get(name), list) and all(isinstance(v, str) for v in held[name])):
            return f"Its manifest has no list {name}."
    if held["id"] != called:
        return f"Its id is not the name of its {named_by}."
    return "" if held.get("api") == API else f"It is made for version {held.get('api')} of the contract; this program speaks {API}."
