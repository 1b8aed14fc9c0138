"""What an installed package needs, beside what the desk itself needs."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

DESK = "nerve-centre-helpdesk"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r";.*\bextra\s*==")


def plain_name(name: str) -> str:
    """A package's name as it is compared. Source: the packaging specification, name normalisation."""
    return re.sub(r"[-_.]+", "-", name).lower()


def beyond_the_desk(package: Distribution) -> tuple[str, ...]:
    """The packages it needs that the desk does not bring."""
    brought, waiting = {DESK}, {DESK}
    while waiting:
        waiting = {needed for name in waiting for needed in _needs(_installed(name))} - brought
        brought |= waiting
    return tuple(sorted(_needs(package) - brought))


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except (PackageNotFoundError, ValueError):
        return None


def _needs(package: Distribution | None) -> set[str]:
    lines = (package.requires if package is not None else None) or ()
    names = (_NAME.match(line) for line in lines if not _EXTRA.search(line))
    return {plain_name(found.group()) for found in names if found}
