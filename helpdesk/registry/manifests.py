"""Finds the connectors by reading their manifests, without importing any of their code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.lazy import package_folder
from helpdesk.registry.contract import API, Manifest

_TEXTS = ("id", "name", "factory", "stub", "settings")
_LISTS = ("provides", "secrets")


@dataclass(frozen=True)
class Broken:
    """A connector folder that cannot be used, and why; it harms no other."""

    folder: str
    reason: str


@dataclass(frozen=True)
class Found:
    manifests: dict[str, Manifest]
    broken: tuple[Broken, ...]


def find(folder: Path | None = None) -> Found:
    """Every connector under the folder (the program's own `connectors` unless another is given)."""
    root = folder or package_folder("connectors")
    manifests: dict[str, Manifest] = {}
    broken: list[Broken] = []
    for path in sorted(root.glob("*/manifest.toml")):
        read = _read(path)
        if isinstance(read, Manifest):
            manifests[read.id] = read
        else:
            broken.append(read)
    return Found(manifests, tuple(broken))


def _read(path: Path) -> Manifest | Broken:
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Broken(path.parent.name, "Its manifest cannot be read.")
    problem = _problem(held, path.parent.name)
    if problem:
        return Broken(path.parent.name, problem)
    return Manifest(
        **{name: held[name] for name in _TEXTS},
        api=held["api"],
        provides=tuple(held["provides"]),
        secrets=tuple(held["secrets"]),
        short=str(held.get("short", "")),
        notice=str(held.get("notice", "")),
    )


def _problem(held: dict[str, Any], folder: str) -> str:
    for name in _TEXTS:
        if not isinstance(held.get(name), str):
            return f"Its manifest has no {name}."
    for name in _LISTS:
        if not (isinstance(held.get(name), list) and all(isinstance(v, str) for v in held[name])):
            return f"Its manifest has no list {name}."
    if held["id"] != folder:
        return "Its id is not the name of its folder."
    return "" if held.get("api") == API else f"It is made for version {held.get('api')} of the contract; this program speaks {API}."
