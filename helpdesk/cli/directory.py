"""`helpdesk directory …`: organisations and services as the national directories hold them; nothing about any patient."""

from __future__ import annotations

from typing import Any

from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.lazy import load

_ANSWERED = ("fresh", "stale", "nothing_held")


def search(options: Options) -> int:
    """Exits with 1 where a directory that is set up did not answer. Nothing found is an answer."""
    found = load("helpdesk.composition.directory:search")(options.start(), options.words("text"), options.text("postcode"))
    answers = {"organisations": found.organisations, "services": found.services}
    if options.json:
        output.result({name: _told(answer) for name, answer in answers.items()})
    else:
        _show(found)
    return 0 if all(a.state in (*_ANSWERED, "not_permitted") for a in answers.values()) else 1


def _show(found: Any) -> None:
    for answer in (found.organisations, found.services):
        if answer.message:
            output.problem(answer.message)
    rows = [(o.ods.value, o.name, o.kind if o.active else f"{o.kind} (closed)", o.phone, o.postcode, "") for o in found.organisations.items]
    rows += [(s.id, s.name, s.kind, s.phone, s.postcode, "" if s.miles is None else f"{s.miles:.1f} miles") for s in found.services.items]
    output.table(("Code", "Name", "Kind", "Telephone", "Postcode", "Away"), rows)


def _told(answer: Any) -> dict[str, Any]:
    return {
        "state": answer.state.value,
        "as_at": answer.as_at.isoformat() if answer.as_at else None,
        "message": answer.message,
        "items": [_item(item) for item in answer.items],
    }


def _item(item: Any) -> dict[str, Any]:
    held = {name: value for name, value in vars(item).items() if name not in ("as_at", "organisation", "ods")}
    code = getattr(item, "ods", None) or getattr(item, "organisation", None)
    return {**held, "ods": code.value if code else None}
