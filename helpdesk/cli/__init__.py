"""The command line: one command, `helpdesk`; without a subcommand it opens the desk."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NoReturn

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
    "extract check": "helpdesk.cli.extract_check:check",
    "extract import": "helpdesk.cli.extracts:import_file",
    "extract take": "helpdesk.cli.extracts:take",
    "extract list": "helpdesk.cli.extracts:listing",
    "waits import": "helpdesk.cli.waits:import_files",
    "waits backtest": "helpdesk.cli.waits:back_test",
    "connector list": "helpdesk.cli.connectors:listing",
    "connector check": "helpdesk.cli.connectors:check",
    "connector secret": "helpdesk.cli.connectors:secret",
    "directory search": "helpdesk.cli.directory:search",
    "audit verify": "helpdesk.cli.audit:verify",
    "staff add": "helpdesk.cli.staff:add",
    "staff list": "helpdesk.cli.staff:listing",
    "staff disable": "helpdesk.cli.staff:disable",
    "bench sources": "helpdesk.cli.bench:sources",
    "bench extract": "helpdesk.cli.bench_extract:extract",
    "bench pathways": "helpdesk.cli.bench_pathways:pathways",
    "bench waits": "helpdesk.cli.waits:bench",
    "doctor": "helpdesk.cli.doctor:run",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0 only when it did what it says; every error is one line on standard error."""
    options = parse(sys.argv[1:] if argv is None else argv)
    if argv is None:
        _prepare(options)
    try:
        return _run(options)
    except HelpdeskError as error:
        output.problem(error.message)
        return 1
    except KeyboardInterrupt:
        output.problem("Stopped.")
        return 130
    except BrokenPipeError:
        # whoever read the output has gone; Python would try to write the rest of it once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _prepare(options: Options) -> None:
    """Text is UTF-8 whatever the computer's language. What is logged, and what goes wrong inside the program, is one line
    on standard error that holds no value."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
    logging.basicConfig(format="helpdesk: %(message)s", level=logging.WARNING)
    sys.excepthook = _bug
    if options.command != "desk" and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _ended)


def _ended(_signal: int, _frame: object) -> NoReturn:
    """SIGTERM: leave by the way that closes what is open and takes temporary files away."""
    raise SystemExit(128 + signal.SIGTERM)


def _bug(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
    """A mistake in the program: its kind and where, without its words, which may hold a patient's data."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno})" if trace is not None else ""
    output.problem(f"A mistake in the program stopped this command: {kind.__name__}{where}.")


def _run(options: Options) -> int:
    code: int = load(_COMMANDS[options.command])(options)
    return code
