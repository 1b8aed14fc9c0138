"""Answers each question in a process of its own that has some folder of installed packages; the program is imported once.

A question is a line of JSON: {"site": folder, "do": name, "with": [arguments]}; the answer is another line.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

from helpdesk.clock import SystemClock
from helpdesk.composition import connectors
from helpdesk.composition.sources import connect, instances_of, settings_of
from helpdesk.errors import HelpdeskError
from helpdesk.identifiers import NhsNumber
from helpdesk.lazy import load
from helpdesk.practice.area import make_area
from helpdesk.start import begin

AREA = (200, 1, date(2026, 11, 20))
MODULE = "eye_screening"


def listing(config: str) -> Any:
    return connectors.listing(begin(config=config))


def check(config: str) -> Any:
    return connectors.check(begin(config=config), None)


def ask(config: str, instance: str, *numbers: str) -> Any:
    """What that instance answers about each person, and whether its package was imported."""
    start = begin(config=config)
    made = instances_of(settings_of(start.tables), start, SystemClock())
    connected = connect(made)
    one = next(i for i in made if i.name == instance)
    return {
        "answers": [_answer(one.connector, NhsNumber(number)) for number in numbers],
        "settings": sorted(type(one.settings).model_fields),
        "sources": [[s.info.name, s.info.label, s.info.port.value] for s in connected.sources],
        "imported": MODULE in sys.modules,
    }


def _answer(connector: Any, number: NhsNumber) -> Any:
    try:
        return [[a.kind.value, a.status.value, str(a.provider), str(a.clock_start)] for a in connector.activity(number).items]
    except HelpdeskError as error:
        return [type(error).__name__, error.message]


def serve() -> str:
    """The address of the example's stub, which runs for as long as its process does."""
    return str(load(f"{MODULE}.stub:serve")(make_area(*AREA)).address)


QUESTIONS: dict[str, Callable[..., Any]] = {"listing": listing, "check": check, "ask": ask, "serve": serve}


def _child(question: dict[str, Any], until: int) -> NoReturn:
    sys.path.insert(0, question["site"])
    sys.stdout.write(json.dumps(QUESTIONS[question["do"]](*question["with"])) + "\n")
    sys.stdout.flush()
    if question["do"] == "serve":
        os.read(until, 1)  # until the parent ends
    os._exit(0)


def main() -> None:
    until, ends = os.pipe()
    for line in sys.stdin:
        question = json.loads(line)
        child = os.fork()
        if child == 0:
            os.close(ends)
            _child(question, until)
        if question["do"] != "serve":
            os.waitpid(child, 0)


if __name__ == "__main__":
    main()
