"""Every connector that this run may use: the program's own, and those of installed packages as far as they are allowed."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.composition.ports import PORTS
from helpdesk.registry import manifests
from helpdesk.registry.manifests import Found
from helpdesk.registry.packages import Rules, with_packages
from helpdesk.settings import PackageSettings


def everything(packages: Mapping[str, PackageSettings], *, live: bool) -> Found:
    """`packages` are those that the configuration names. No connector's code is imported."""
    hashes = {name: named.sha256 for name, named in packages.items()}
    return with_packages(manifests.find(), Rules(hashes, strict=live, ports=PORTS.protocols))
