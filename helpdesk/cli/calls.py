"""`helpdesk call …`: the calls of this desk, as they were saved."""

from __future__ import annotations

from typing import Any

from helpdesk.calls.model import SavedCall
from helpdesk.cli import output
from helpdesk.cli.opening import opened
from helpdesk.cli.options import Options
from helpdesk.clock import london_time
from helpdesk.errors import NotFound


def listing(options: Options) -> int:
    start = options.start()
    with opened(options, start) as services:
        services.before_showing("call list")
        calls = services.recent_calls(options.number("limit"))
    if options.json:
        output.result([_as_json(c) for c in calls])
        return 0
    output.table(
        ("Call", "Started", "Taken by", "Reason", "Outcome"),
        [(c.id, f"{london_time(c.started):%d-%b-%Y %H:%M}", c.staff_name, c.disposition.reason, c.disposition.outcome) for c in calls],
    )
    return 0


def show(options: Options) -> int:
    start = options.start()
    with opened(options, start) as services:
        services.before_showing("call show")
        call = services.one_call(options.text("id"))
    if call is None:
        raise NotFound("There is no such call at this desk.")
    if options.json:
        output.result(_as_json(call))
        return 0
    for name, value in _as_json(call).items():
        output.say(f"{name.replace('_', ' ')}: {value}")
    return 0


def _as_json(call: SavedCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "version": call.version,
        "started": london_time(call.started).isoformat(timespec="seconds"),
        "ended": london_time(call.ended).isoformat(timespec="seconds"),
        "staff": call.staff_name,
        "role": call.role,
        "desk": call.desk,
        "nhs_number": call.patient.value if call.patient else None,
        "phone": call.phone,
        "reason": call.disposition.reason,
        "outcome": call.disposition.outcome,
        "next_action": call.disposition.next_action,
        "caller_type": call.disposition.caller_type,
        "would_have_rung_gp": call.disposition.would_have_rung_gp,
        "level_reached": call.level_reached,
        "notes": call.notes,
        "signposts": [{"id": s.id, "card": s.card_id, "version": s.card_version, "channel": s.channel} for s in call.signposts],
        "safety": list(call.safety),
    }
