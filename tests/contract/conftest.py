"""The recorder that stands for every service, the practice area, and the table at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area
from tests.contract.messages import Recorder
from tests.contract.service import NOW
from tests.contract.tally import COUNTS, table


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder]:
    server = Recorder()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def area() -> Area:
    return make_area(300, 5, NOW.date())


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if COUNTS:
        terminalreporter.section("contract with the published specifications")
        for line in table():
            terminalreporter.write_line(line)
