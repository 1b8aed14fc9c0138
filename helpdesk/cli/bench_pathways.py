"""`helpdesk bench pathways`: one patient's pathways, gaps and words, and a look through the whole area, beside their limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.lazy import load

PATIENT_P95_MS = 10
AREA_S = 60
FULL = 200_000
LONGEST_WRITE_MS = 100
_TOLD_EVERY = 20_000


def pathways(options: Options) -> int:
    """Exits with 0 when it was measured; whether the limits are kept is in its answer."""
    room: Any = load("helpdesk.composition.bench_pathways:measure")
    with load("helpdesk.composition.bench_area:filled")(options.number("pathways")) as area:
        found = {"bench": "pathways", **_figures(area.pathways, room(area, options.number("patients"), _tell))}
    output.result(found) if options.json else _show(found)
    return 0


def _tell(done: int, total: int) -> None:
    if done and done // _TOLD_EVERY != (done - 400) // _TOLD_EVERY:
        output.problem(f"{done} of {total} people")


def _figures(count: int, measured: Any) -> dict[str, Any]:
    """The area's seconds are those measured; at another size than the full one they are also stretched to it."""
    looks = sorted(measured.looks_s)
    patient = {"median": _at(looks, 0.5), "p95": _at(looks, 0.95), "most": looks[-1]}
    patient = {name: round(seconds * 1000, 2) for name, seconds in patient.items()}
    stretched = measured.first_s * FULL / count
    write_ms = max(measured.puts_s) * 1000
    limits = [
        _limit("one patient: pathways, gaps and words, p95 in ms", patient["p95"], PATIENT_P95_MS),
        _limit(f"the whole area of {FULL} pathways, in s", stretched, AREA_S, extrapolated=count < FULL),
        _limit("longest write of the list, in ms", write_ms, LONGEST_WRITE_MS),
    ]
    return {
        "pathways": count,
        "people": measured.first.people,
        "gaps": measured.first.gaps,
        "patients": len(looks),
        "patient_ms": patient,
        "area_s": {"first": round(measured.first_s, 2), "again": round(measured.again_s, 2)},
        "limits": limits,
        "kept": all(limit["kept"] for limit in limits),
    }


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _limit(what: str, value: float, limit: float, **more: bool) -> dict[str, Any]:
    return {"what": what, "value": round(value, 2), "limit": limit, **more, "kept": value <= limit}


def _show(found: dict[str, Any]) -> None:
    output.say(f"{found['pathways']} pathways of {found['people']} people; {found['gaps']} gaps.")
    output.say(f"The area: {found['area_s']['first']} s; looked through again: {found['area_s']['again']} s.")
    output.say()
    for limit in found["limits"]:
        stretched = " (extrapolated)" if limit.get("extrapolated") else ""
        kept = "kept" if limit["kept"] else "NOT KEPT"
        output.say(f"{limit['what']}{stretched}: {limit['value']:.4g}, limit {limit['limit']:.4g}: {kept}")
