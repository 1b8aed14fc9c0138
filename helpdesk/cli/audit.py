"""`helpdesk audit verify`: whether the record of who saw what is whole."""

from __future__ import annotations

from helpdesk.cli import output
from helpdesk.cli.opening import opened
from helpdesk.cli.options import Options


def verify(options: Options) -> int:
    """Exits with 1 when a row was changed, removed or put in another order."""
    start = options.start()
    with opened(options, start, reason="audit verify") as services:
        report = services.verify_audit()
    if options.json:
        output.result({"rows": report.rows, "desks": list(report.desks), "problems": list(report.problems)})
    else:
        output.say(f"{report.rows} rows, {len(report.desks)} desks, {len(report.problems)} problems.")
    for problem in report.problems:
        output.problem(problem)
    return 1 if report.problems else 0
