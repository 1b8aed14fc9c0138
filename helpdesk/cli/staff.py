"""`helpdesk staff …`: the accounts of an embedded desk."""

from __future__ import annotations

from typing import Any

from helpdesk.access.model import Role
from helpdesk.cli import output
from helpdesk.cli.opening import new_password, opened, passphrase, password_of
from helpdesk.cli.options import Options
from helpdesk.errors import RuleBroken
from helpdesk.lazy import load


def add(options: Options) -> int:
    """The first account of a database may be made by whoever holds its key; later ones by an administrator."""
    start = options.start()
    login, name, by = options.text("login"), options.text("name"), options.text("staff")
    load("helpdesk.composition:add_staff")(start, login, name, _roles(options), by, _asking(login))
    output.say("The account is made.")
    return 0


def listing(options: Options) -> int:
    start = options.start()
    with opened(options, start, reason="list of staff") as services:
        staff = list(services.staff())
    rows = [{"login": s.login, "name": s.name, "roles": sorted(r.value for r in s.roles), "disabled": s.disabled} for s in staff]
    if options.json:
        output.result(rows)
    else:
        output.table(
            ("Login", "Name", "Roles", "State"),
            [(s.login, s.name, ", ".join(sorted(r.value for r in s.roles)), "disabled" if s.disabled else "") for s in staff],
        )
    return 0


def disable(options: Options) -> int:
    start = options.start()
    login = options.text("login")
    load("helpdesk.composition:disable_staff")(start, login, options.text("staff"), _asking(login))
    output.say("The account is disabled.")
    return 0


def _asking(login: str) -> Any:
    """How the accounts' work asks whoever sits at the terminal."""
    return load("helpdesk.composition:Asking")(passphrase, password_of, lambda first: new_password(login, first=first))


def _roles(options: Options) -> frozenset[Role]:
    try:
        return frozenset(Role(r) for r in options.many("role"))
    except ValueError:
        raise RuleBroken(f"A role is one of {', '.join(r.value for r in Role)}.", field="role") from None
