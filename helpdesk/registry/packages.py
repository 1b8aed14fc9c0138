"""Finds connectors in installed packages by their entry points, and says which may be loaded; none of their code is imported."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass, field, replace
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, distributions
from pathlib import Path

from helpdesk.registry.contract import CONNECTORS, Manifest, Package
from helpdesk.registry.manifests import Broken, Found, read_manifest
from helpdesk.registry.needs import beyond_the_desk, plain_name
from helpdesk.registry.package_files import PackageFiles, files_of

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_OWN = frozenset({"helpdesk", "connectors", "ui", "resources"})
_ENTRY = re.compile(r"(?P<module>[^:]+):[A-Za-z_]\w*")
NOT_NAMED = "Not allowed on a live profile, whose configuration does not name its package with a hash."
OTHER_FILES = "Not allowed, since its files are not those whose hash the configuration names."


@dataclass(frozen=True)
class Rules:
    """`hashes` are those that the configuration names, by package. Where `strict` (a live profile) no other package is
    loaded; `ports` are what a connector may offer."""

    hashes: Mapping[str, str] = field(default_factory=dict)
    strict: bool = True
    ports: Collection[str] = ()


@dataclass(frozen=True)
class _Offer:
    """One entry point: `value` names the package that holds the manifest."""

    id: str
    value: str
    distribution: Distribution
    package: Package


def with_packages(own: Found, rules: Rules) -> Found:
    """The program's own connectors and those of installed packages. An own one always keeps its id; of two packages that
    offer the same id the first by name that may be loaded has it."""
    hashes = {plain_name(name): digest.lower() for name, digest in rules.hashes.items()}
    found, broken, seen = dict(own.manifests), list(own.broken), set[str]()
    for offer in sorted(_offers(), key=lambda o: (o.package.name, o.id)):
        seen.add(offer.package.name)
        judged = _judged(offer, frozenset(own.manifests), hashes, rules)
        if isinstance(judged, Manifest) and judged.id in found:
            judged = Broken(judged.id, f"The package {found[judged.id].package.name} offers this id too.", judged.package)  # type: ignore[union-attr]  # own ones were looked at
        if isinstance(judged, Manifest):
            found[judged.id] = judged
        else:
            broken.append(judged)
    return Found(found, tuple(broken), tuple(name for name in sorted(hashes) if name not in seen))


def _offers() -> Iterator[_Offer]:
    """Of two installed packages of one name Python imports the one it finds first, and so it is here."""
    seen: set[str] = set()
    for distribution in distributions():
        entries = _entries(distribution)
        if not entries:
            continue
        name, version = _named(distribution)
        if name not in seen:
            seen.add(name)
            yield from (_Offer(id_, value, distribution, Package(name, version)) for id_, value in entries)


def _entries(distribution: Distribution) -> tuple[tuple[str, str], ...]:
    try:
        text = distribution.read_text("entry_points.txt") or ""
        if CONNECTORS not in text:
            return ()
        parser = ConfigParser(delimiters=("=",), interpolation=None, strict=False, default_section="")
        parser.optionxform = str  # type: ignore[assignment, method-assign]  # as Python's documentation has it
        parser.read_string(text)
        return tuple(parser.items(CONNECTORS)) if parser.has_section(CONNECTORS) else ()
    except (OSError, ValueError, ConfigError):
        return ()


def _named(distribution: Distribution) -> tuple[str, str]:
    """Its name and version as it says, or "" where it does not."""
    try:
        held = distribution.metadata
        return plain_name(str(held["Name"] or "")), str(held["Version"] or "")
    except (OSError, ValueError, TypeError, KeyError):
        return "", ""


def _judged(offer: _Offer, own: Collection[str], hashes: Mapping[str, str], rules: Rules) -> Manifest | Broken:
    folder = _folder_of(offer.value) if offer.value.isidentifier() else None
    reason = _problem(offer, folder, own)
    if reason or folder is None:
        return Broken(offer.id, reason or "Its package is not there.", offer.package)
    files = files_of(offer.distribution, offer.value)
    if not files.problem and folder != files.root / offer.value:
        files = PackageFiles(files.root, problem="what Python would load under its name lies in another place")
    wanted = hashes.get(offer.package.name)
    package = replace(
        offer.package,
        sha256=files.sha256,
        checked=bool(wanted) and wanted == files.sha256,
        root=files.root,
        files=files.files,
        no_hash=f"It has no hash, since {files.problem}." if files.problem else "",
    )
    read = read_manifest(folder / "manifest.toml", offer.id, "entry point")
    if isinstance(read, Broken):
        return replace(read, package=package)
    if reason := _out_of_bounds(read, offer.value, rules.ports):
        return Broken(offer.id, reason, package, provides=read.provides, name=read.short or read.name)
    if reason := _not_allowed(offer.distribution, package, wanted, strict=rules.strict):
        return Broken(offer.id, reason, package, refused=True, provides=read.provides, name=read.short or read.name)
    return replace(read, package=package)


def _problem(offer: _Offer, folder: Path | None, own: Collection[str]) -> str:
    if not offer.package.name:
        return "Its package does not say what it is called."
    if not _ID.fullmatch(offer.id):
        return "Its id is not made of small letters, digits and underscores."
    if offer.id in own:
        return "The program has a connector of its own with this id."
    if offer.value.partition(".")[0] in _OWN | sys.stdlib_module_names:
        return f"Its package calls itself {offer.value}, a name that is not its own."
    if not offer.value.isidentifier():
        return "Its entry point does not name a package that stands by itself."
    return "" if folder is not None else "The package that its entry point names is not there."


def _out_of_bounds(manifest: Manifest, package: str, ports: Collection[str]) -> str:
    for name in ("factory", "settings", "stub"):
        entry = _ENTRY.fullmatch(getattr(manifest, name))
        module = entry["module"] if entry else ""
        if getattr(manifest, name) == "" and name == "stub":
            continue
        if module != package and not module.startswith(f"{package}."):
            return f"Its {name} does not lie inside its own package."
    strange = next((port for port in manifest.provides if port not in ports), None)
    return "" if strange is None else f"It offers {strange}, which this desk has no use for."


def _not_allowed(distribution: Distribution, package: Package, wanted: str | None, *, strict: bool) -> str:
    if wanted is None:
        return NOT_NAMED if strict else ""
    if not package.sha256:
        return f"Not allowed: {package.no_hash[0].lower()}{package.no_hash[1:]}"
    if not package.checked:
        return OTHER_FILES
    more = beyond_the_desk(distribution)
    return f"Not allowed on a live profile, since it needs {', '.join(more)}, which the desk does not bring." if strict and more else ""


def _folder_of(package: str) -> Path | None:
    """Where Python would load a package from, found without running any of its code; None for one without __init__.py."""
    try:
        spec = PathFinder.find_spec(package)
    except (ImportError, ValueError, OSError):
        return None
    return Path(spec.origin).parent if spec is not None and spec.submodule_search_locations and spec.origin else None
