"""The stubs of connectors from installed packages, served in the practice area beside the program's own."""

from __future__ import annotations

import logging
from functools import partial

from helpdesk.composition.catalogue import everything
from helpdesk.errors import HelpdeskError
from helpdesk.practice.model import Area, StubServer
from helpdesk.practice.serving import Served
from helpdesk.registry.contract import Manifest
from helpdesk.registry.instances import loaded
from helpdesk.registry.outside_code import attempt, attempt_to_load

_log = logging.getLogger(__name__)


class OutsideStub:
    """A running stub whose end can fail without harm to the others'."""

    def __init__(self, server: StubServer, name: str) -> None:
        self.address: str = str(server.address)
        self._server = server
        self._name = name

    def stop(self) -> None:
        try:
            attempt(self._server.stop, self._name)
        except HelpdeskError as error:
            _log.warning("A stub did not end: %s", error.message)


def with_stub() -> tuple[Manifest, ...]:
    """Those that the practice area can serve; each instance is called as its connector."""
    return tuple(m for m in everything({}, live=False).manifests.values() if m.package is not None and m.stub)


def and_outside(served: Served, area: Area) -> Served:
    """With them those of packages, as far as they start."""
    servers = dict(served.servers)
    for manifest in with_stub():
        try:
            servers[manifest.id] = attempt_to_load(partial(_serve, manifest, area), manifest.name)
        except HelpdeskError as error:
            _log.warning("The practice area is served without one system: %s", error.message)
    return Served(servers)


def _serve(manifest: Manifest, area: Area) -> OutsideStub:
    return OutsideStub(loaded(manifest, manifest.stub)(area, port=0, instance=manifest.id), manifest.name)
