"""The command line: one command, `helpdesk`; without a subcommand it opens the desk."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from helpdesk.cli import output
from helpdesk.cli.options import Options, parse
from helpdesk.errors import HelpdeskError
from helpdesk.lazy import load

_COMMANDS = {
    "desk": "helpdesk.cli.desk:run",
    "practice serve": "helpdesk.cli.practice:serve",
    "practice stories": "helpdesk.cli.practice:stories",
    "patient search": "helpdesk.cli.people:search",
    "patient status": "helpdesk.cli.people:status",
    "call list": "helpdesk.cli.calls:listing",
    "call show": "helpdesk.cli.calls:show",
    "pop": "helpdesk.cli.desk:pop",
    "extract check": "helpdesk.cli.extracts:check",
    "extract import": "helpdesk.cli.extracts:import_file",
    "extract list": "helpdesk.cli.extracts:listing",
    "connector list": "helpdesk.cli.connectors:listing",
    "connector check": "helpdesk.cli.connectors:check",
    "audit verify": "helpdesk.cli.audit:verify",
    "staff add": "helpdesk.cli.staff:add",
    "staff list": "helpdesk.cli.staff:listing",
    "staff disable": "helpdesk.cli.staff:disable",
    "doctor": "helpdesk.cli.doctor:run",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0 only when it did what it says; every error is one line on standard error."""
    options = parse(sys.argv[1:] if argv is None else argv)
    try:
        return _run(options)
    except HelpdeskError as error:
        output.problem(error.message)
        return 1
    except KeyboardInterrupt:
        output.problem("Stopped.")
        return 130


def _run(options: Options) -> int:
    code: int = load(_COMMANDS[options.command])(options)
    return code
