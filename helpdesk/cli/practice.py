"""`helpdesk practice …`: the practice area's servers, and its story patients."""

from __future__ import annotations

import os
import signal
import sys
import threading

from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.lazy import load


def serve(options: Options) -> int:
    """Serves until SIGTERM or SIGINT, and with --until-eof until standard input ends."""
    people, seed = options.number("people"), options.number("seed")
    # a pipe and not an Event: a signal that comes while an Event is being waited for can lock it for ever
    ended, end = os.pipe()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: _tell(end))
    with load("helpdesk.composition.practice:serving")(people, seed) as served:
        output.result({"seed": seed, "people": people, "systems": dict(served.systems), "config": served.config})
        if options.flag("until_eof"):
            threading.Thread(target=_until_eof, args=(end,), daemon=True).start()
        os.read(ended, 1)
    return 0


def _until_eof(end: int) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    _tell(end)


def _tell(end: int) -> None:
    os.write(end, b".")


def stories(options: Options) -> int:
    told = load("helpdesk.composition.practice:stories")()
    if options.json:
        output.result([{"nhs_number": s.nhs_number.value, "story": s.key, "shows": s.shows} for s in told])
    else:
        output.table(("NHS number", "Story", "Shows"), [(s.nhs_number.spaced, s.title, s.shows) for s in told])
    return 0
