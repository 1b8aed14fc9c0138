"""A child process that is a desk taking files in, and stops dead at a named moment until it is killed."""

from __future__ import annotations

import sys
import threading
from typing import Any

from connectors.mesh.client import MeshMailbox
from connectors.mesh.stub import STUB_KEY, STUB_PASSWORD
from helpdesk.composition import sources
from helpdesk.composition.opening import DeskFolder
from helpdesk.start import begin
from helpdesk.storage.snapshots import SqlSnapshots

SECRETS = {"shared_key": STUB_KEY, "mailbox_password": STUB_PASSWORD}
MOMENTS: dict[str, tuple[type[Any], str]] = {
    "before the swap": (SqlSnapshots, "go_live"),
    "before the acknowledgement": (MeshMailbox, "acknowledge"),
}


def stop_at(moment: str) -> None:
    """The method is never entered; the parent hears that it was called."""

    def stopped(*_given: Any, **_named: Any) -> None:
        sys.stdout.write("here\n")
        sys.stdout.flush()
        threading.Event().wait()

    setattr(*MOMENTS[moment], stopped)


def main(config: str, data: str, moment: str) -> None:
    sources.secret = lambda _profile, _instance, name, _folder=None: SECRETS.get(name)  # type: ignore[assignment]  # a key store of its own
    if moment in MOMENTS:
        stop_at(moment)
    DeskFolder(begin(config=config, data_dir=data))
    sys.stdout.write("open\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
