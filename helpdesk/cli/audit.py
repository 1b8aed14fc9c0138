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
        output.result(
            {
                "rows": report.rows,
                "desks": list(report.desks),
                "problems": [{"desk": p.desk, "row": p.seq, "text": p.text} for p in report.problems],
                "roots": [{"day": day.isoformat(), "root": root} for day, root in report.roots],
            }
        )
    else:
        output.say(f"{report.rows} rows, {len(report.desks)} desks, {len(report.problems)} problems.")
    for problem in report.problems:
        output.problem(f"Desk {problem.desk}, row {problem.seq}: {problem.text}")
    return 1 if report.problems else 0
