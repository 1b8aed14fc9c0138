"""Prints the fault matrix's size and result at the end of a run."""

from __future__ import annotations

import pytest

from tests.faults.printed import LINES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LINES:
        terminalreporter.section("fault matrix")
        for line in LINES:
            terminalreporter.write_line(line)
