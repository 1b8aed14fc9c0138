"""`helpdesk connector …`: which connectors there are, which are configured, and whether they answer."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from helpdesk.cli import output
from helpdesk.cli.opening import passphrase, password_of
from helpdesk.cli.options import Options
from helpdesk.errors import RuleBroken
from helpdesk.lazy import load


def listing(options: Options) -> int:
    held = load("helpdesk.composition.connectors:listing")(options.start())
    if options.json:
        output.result(held)
        return 0
    output.table(
        ("Connector", "Name", "Gives", "Instances", "From"),
        [(c["id"], c["name"], ", ".join(c["provides"]), ", ".join(c["instances"]) or "none", _origin(c)) for c in held["connectors"]],
    )
    for noted in (c for c in held["connectors"] if c["note"]):
        output.problem(f"{noted['id']}: {noted['note']}{_hash(noted)}")
    for unknown in held["unknown"]:
        output.problem(f"The configuration names a connector that is not here: {unknown['kind']}.")
    for broken in held["broken"]:
        output.problem(f"{broken['folder']} is left out: {broken['reason']}{_hash(broken) if broken['refused'] else ''}")
    for missing in held["missing"]:
        output.problem(f"The configuration names a package that is not installed: {missing}.")
    return 0


def _origin(held: dict[str, Any]) -> str:
    return f"{held['package']} {held['version']}" if held["package"] else "the program"


def _hash(held: dict[str, Any]) -> str:
    return f' Its hash now: [packages.{held["package"]}] sha256 = "{held["sha256"]}"' if held["sha256"] else ""


def check(options: Options) -> int:
    """Exits with 1 when one of those asked does not answer."""
    results = load("helpdesk.composition.connectors:check")(options.start(), options.text("name") or None)
    if options.json:
        output.result(results)
    else:
        output.table(("Instance", "Answers", "Words"), [(r["name"], "yes" if r["ok"] else "no", r["message"]) for r in results])
    return 0 if all(r["ok"] for r in results) else 1


def secret(options: Options) -> int:
    """The value comes from standard input, all of it, so that it stands in no history and no list of processes; at a terminal it
    is asked for and not shown."""
    instance, name = options.text("instance"), options.text("name")
    value = "" if options.flag("forget") else _typed(name)
    asking = load("helpdesk.composition:Asking")(passphrase, password_of, lambda _first: "")
    load("helpdesk.composition.secret_changes:change")(options.start(), instance, name, value, options.text("staff"), asking)
    output.say("The secret is kept." if value else "Nothing is kept under this name any more.")
    return 0


def _typed(name: str) -> str:
    value = getpass.getpass(f"{name.replace('_', ' ').capitalize()}: ") if sys.stdin.isatty() else sys.stdin.read()
    if not value.strip():
        raise RuleBroken("Nothing was given: give the secret on standard input, or say --forget.", field="value")
    return value.strip("\r\n")
