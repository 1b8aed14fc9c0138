"""What all tests share: no identifier may stand in any log, and no warning may go unnoticed."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator

import pytest

from helpdesk.identifiers import NhsNumber

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_NUMBER = re.compile(r"(?<!\d)(9\d{2})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
_REQUEST_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
"""Taken out first: among thousands of random ones some hold ten digits that pass the check."""
_OTHERS = re.compile(r"07700[ ]?900\d{3}|\bZZ99 ?\d[A-Z]{2}\b|@example\.org", re.IGNORECASE)


def identifiers_in(text: str) -> list[str]:
    """The kinds of identifier of test people that stand in a text; never their values."""
    text = _REQUEST_ID.sub("", text)
    found = ["phone, postcode or e-mail"] if _OTHERS.search(text) else []
    for match in _NUMBER.finditer(text):
        digits = "".join(match.groups())
        if NhsNumber.check_digit(digits[:9]) == digits[9]:
            found.append("NHS number")
    return found


class _Watch(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.leaks: list[str] = []
        self.loud: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        words = self.format(record)
        self.leaks += [f"{kind} in a line of {record.name}" for kind in identifiers_in(words)]
        if record.levelno >= logging.WARNING and record.name.split(".")[0] in ("helpdesk", "connectors", "ui"):
            self.loud.append(words)


@pytest.fixture(autouse=True)
def _logs_hold_nobody(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that logs an identifier of a test person, or a warning it did not announce with
    `@pytest.mark.expects_log("part of the line")`."""
    watch = _Watch()
    root = logging.getLogger()
    level = root.level
    root.addHandler(watch)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(watch)
        root.setLevel(level)
    announced = [str(a) for mark in request.node.iter_markers("expects_log") for a in mark.args]
    unexpected = [line for line in watch.loud if not any(part in line for part in announced)]
    assert not watch.leaks, watch.leaks
    assert not unexpected, unexpected
