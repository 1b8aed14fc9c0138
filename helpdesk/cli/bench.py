"""`helpdesk bench …`: how fast this program is on this computer, each figure beside the limit it is held to."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.lazy import load

LAST_PANEL = 1.06
MOONSHOT = 1.03
GAP_RATIO = 2.2
LONGEST_GAP_MS = 50
_PROGRESS_EVERY = 20


def sources(options: Options) -> int:
    """Exits with 0 when it was measured; whether the limits are kept is in its answer."""
    with load("helpdesk.composition.bench_sources:opened")() as desk:
        runs = options.number("runs")
        measured = load("ui.bench.sources:measure")(desk, runs, lambda done: _tell(done, runs))
        found = {"bench": "sources", **_servers(desk), **_figures(desk.least_ms, measured)}
    if options.json:
        output.result(found)
    else:
        _show(found)
    return 0


def _tell(done: int, runs: int) -> None:
    if done % _PROGRESS_EVERY == 0 and done < runs:
        output.problem(f"{done} of {runs} look-ups")


def _servers(desk: Any) -> dict[str, Any]:
    servers = [{"name": s.instance, "kind": s.kind, "delay_ms": s.delay_ms, "bytes": desk.bytes_of(s)} for s in desk.sources]
    return {"sources": servers, "least_ms": desk.least_ms}


def _figures(least_ms: int, measured: Any) -> dict[str, Any]:
    took = _spread([look.took_s for look in measured.looks])
    gap = _spread([look.gap_s for look in measured.looks])
    idle = _spread(measured.idle_gaps_s)
    ratio, gap_ratio = took["median"] / least_ms, gap["median"] / idle["median"]
    over = sum(look.gap_s * 1000 > LONGEST_GAP_MS for look in measured.looks)
    limits = [
        _limit("last panel, as a multiple of PDS and the slowest source", ratio, LAST_PANEL, moonshot=MOONSHOT),
        _limit("longest gap of the event loop, as a multiple of the idle one", gap_ratio, GAP_RATIO),
        _limit(f"look-ups with a gap over {LONGEST_GAP_MS} ms", over, 0),
    ]
    return {
        "runs": len(measured.looks),
        "last_panel_ms": took,
        "longest_gap_ms": gap,
        "idle_gap_ms": idle,
        "limits": limits,
        "kept": all(limit["kept"] for limit in limits),
    }


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    found = {"median": median(seconds), "least": min(seconds), "most": max(seconds)}
    return {name: round(value * 1000, 2) for name, value in found.items()}


def _limit(what: str, value: float, limit: float, **more: float) -> dict[str, Any]:
    return {"what": what, "value": round(value, 4), "limit": limit, **more, "kept": value <= limit}


def _show(found: dict[str, Any]) -> None:
    output.table(
        ("Source", "Kind", "Takes", "Sends"),
        [(s["name"], s["kind"], f"{s['delay_ms']} ms", f"{s['bytes'] / 1e6:.2f} MB") for s in found["sources"]],
    )
    output.say()
    spreads = (("Last panel painted", "last_panel_ms"), ("Longest gap", "longest_gap_ms"), ("Longest gap, idle", "idle_gap_ms"))
    rows = [(words, *(f"{found[name][key]:.1f} ms" for key in ("median", "least", "most"))) for words, name in spreads]
    output.table((f"Over {found['runs']} look-ups", "Median", "Least", "Most"), rows)
    output.say()
    for limit in found["limits"]:
        output.say(f"{limit['what']}: {limit['value']:.4g}, limit {limit['limit']:.4g}: {'kept' if limit['kept'] else 'NOT KEPT'}")
