"""`helpdesk practice …`: the practice area's servers, and its story patients."""

from __future__ import annotations

import signal
import sys
import threading

from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.lazy import load


def serve(options: Options) -> int:
    """Serves until SIGTERM or SIGINT, and with --until-eof until standard input ends."""
    people, seed = options.number("people"), options.number("seed")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with load("helpdesk.composition.practice:serving")(people, seed) as served:
        output.result({"seed": seed, "people": people, "systems": served.systems, "config": served.config})
        if options.flag("until_eof"):
            threading.Thread(target=_until_eof, args=(stop,), daemon=True).start()
        stop.wait()
    return 0


def _until_eof(stop: threading.Event) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    stop.set()


def stories(options: Options) -> int:
    told = load("helpdesk.composition.practice:stories")()
    if options.json:
        output.result([{"nhs_number": s.nhs_number.value, "story": s.key, "shows": s.shows} for s in told])
    else:
        output.table(("NHS number", "Story", "Shows"), [(s.nhs_number.spaced, s.title, s.shows) for s in told])
    return 0
