"""`helpdesk bench extract`: how fast an import is beside the database's own speed, and who waits for it."""

from __future__ import annotations

from typing import Any

from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.lazy import load

SHARE_OF_RAW = 0.60
MOONSHOT = 0.85
LONGEST_TRANSACTION_MS = 100
LONGEST_WAIT_MS = 250
MOST_MEMORY_MIB = 300


def extract(options: Options) -> int:
    """Exits with 0 when it was measured; whether the limits are kept is in its answer."""
    people, pathways = options.number("people"), options.number("pathways")
    measured = load("helpdesk.composition.bench_extract:measure")(people, pathways, _tell)
    found = {"bench": "extract", "people": people, "pathways": pathways, **_figures(measured)}
    if options.json:
        output.result(found)
    else:
        _show(found)
    return 0


def _tell(done: int, expected: int) -> None:
    output.problem(f"{done:,} of about {expected:,} rows")


def _figures(m: Any) -> dict[str, Any]:
    ours, raw = m.rows / m.import_s, m.rows / m.raw_s
    limits = [
        {
            "what": "rows a second, as a share of the driver's own",
            "value": round(ours / raw, 3),
            "limit": SHARE_OF_RAW,
            "moonshot": MOONSHOT,
        }
        | {"kept": ours / raw >= SHARE_OF_RAW},
        _at_most("longest transaction, ms", m.longest_transaction_s * 1000, LONGEST_TRANSACTION_MS),
        _at_most("longest commit of an audit row meanwhile, ms", m.waits.audit_s * 1000, LONGEST_WAIT_MS),
        _at_most("longest commit of a draft meanwhile, ms", m.waits.draft_s * 1000, LONGEST_WAIT_MS),
        _at_most("most memory of the process that writes, MiB", m.writer_mib, MOST_MEMORY_MIB),
        _at_most("most memory of the process that reads, MiB", m.reader_mib, MOST_MEMORY_MIB),
    ]
    return {
        "rows": m.rows,
        "rows_per_s": round(ours),
        "raw_rows_per_s": round(raw),
        "commits_meanwhile": m.waits.commits,
        "limits": limits,
        "kept": all(limit["kept"] for limit in limits),
    }


def _at_most(what: str, value: float, limit: float) -> dict[str, Any]:
    return {"what": what, "value": round(value, 1), "limit": limit, "kept": value <= limit}


def _show(found: dict[str, Any]) -> None:
    output.say(f"{found['rows']:,} rows: {found['rows_per_s']:,} a second; the driver alone {found['raw_rows_per_s']:,}.")
    output.say(f"{found['commits_meanwhile']:,} commits of a desk meanwhile.")
    for limit in found["limits"]:
        output.say(f"{limit['what']}: {limit['value']:.4g}, limit {limit['limit']:.4g}: {'kept' if limit['kept'] else 'NOT KEPT'}")
