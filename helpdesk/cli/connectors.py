"""`helpdesk connector …`: which connectors there are, which are configured, and whether they answer."""

from __future__ import annotations

from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.lazy import load


def listing(options: Options) -> int:
    held = load("helpdesk.composition.connectors:listing")(options.start())
    if options.json:
        output.result(held)
        return 0
    output.table(
        ("Connector", "Name", "Gives", "Instances"),
        [(c["id"], c["name"], ", ".join(c["provides"]), ", ".join(c["instances"]) or "none") for c in held["connectors"]],
    )
    for unknown in held["unknown"]:
        output.problem(f"The configuration names a connector that is not here: {unknown['kind']}.")
    for broken in held["broken"]:
        output.problem(f"{broken['folder']} is left out: {broken['reason']}")
    return 0


def check(options: Options) -> int:
    """Exits with 1 when one of those asked does not answer."""
    results = load("helpdesk.composition.connectors:check")(options.start(), options.text("name") or None)
    if options.json:
        output.result(results)
    else:
        output.table(("Instance", "Answers", "Words"), [(r["name"], "yes" if r["ok"] else "no", r["message"]) for r in results])
    return 0 if all(r["ok"] for r in results) else 1
