"""`helpdesk waits …`: published counts of waiting, and how the figures made of them did on months that are over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpdesk.cli import output
from helpdesk.cli.opening import opened
from helpdesk.cli.options import Options
from helpdesk.errors import RuleBroken
from helpdesk.lazy import load

_EVERY = 50_000
LIMIT_S = 60


def import_files(options: Options) -> int:
    """Each file whole or not at all; then every list is reckoned anew. Exits with 1 at the first file that is refused."""
    paths = [Path(name) for name in options.many("files")]
    if missing := next((path for path in paths if not path.is_file()), None):
        raise RuleBroken(f"There is no such file: {missing.name}.", field="file")
    with opened(options, options.start(), reason="import of published counts") as services:
        taken = [_take_in(services, path) for path in paths]
        report = services.waits.reckon(_tell)
    if options.json:
        output.result({"files": taken, "back_test": _short(report)})
    else:
        for one in taken:
            done = "took the place of the former file" if one["replaced"] else "imported" if one["changed"] else "was there already"
            output.say(f"{one['month']}: {done}; {one['rows']} rows, {one['providers']} providers, {one['waiting']} people waiting.")
        output.say(_sum(report))
    return 0


def back_test(options: Options) -> int:
    """Reckons and tries every list anew; the table of how it did."""
    with opened(options, options.start(), reason="back-test of waits") as services:
        report = services.waits.reckon(_tell)
    if options.json:
        output.result(report)
        return 0
    output.say(_sum(report))
    output.table(
        ("Weeks waited", "Figures", "People", "Off by the half figure", "Off by the three-quarters figure", "Between the quartiles"),
        [
            (
                f"{row['weeks_waited']} to {row['weeks_waited'] + 4}",
                str(row["figures"]),
                str(row["people"]),
                *(_percent(row[name]) for name in ("off_by_half", "off_by_three_quarters", "between_the_quartiles")),
            )
            for row in report["by_weeks_waited"]
        ],
    )
    for one in report["by_list"]:
        if one["withheld"]:
            off = (
                f"{_percent(one['off_by_half'])} by the half figure, {_percent(one['off_by_three_quarters'])} by the three-quarters figure"
            )
            output.say(f"{one['provider']} {one['treatment_function']} shows no figure: {off}.")
    return 0


def bench(options: Options) -> int:
    """Exits with 0 when it was measured; whether the limit is kept is in its answer. It opens no data folder."""
    measured = load("helpdesk.composition.bench_waits:measure")(options.number("rows"))
    seconds = measured.take_in_s + measured.reckon_s
    found = {
        "bench": "waits",
        "rows": measured.rows,
        "megabytes": round(measured.bytes / 1e6, 1),
        "providers": measured.providers,
        "take_in_s": round(measured.take_in_s, 2),
        "reckon_s": round(measured.reckon_s, 2),
        "limits": [{"what": "seconds to import", "value": round(seconds, 2), "limit": LIMIT_S, "kept": seconds <= LIMIT_S}],
        "kept": seconds <= LIMIT_S,
    }
    if options.json:
        output.result(found)
    else:
        kept = "kept" if found["kept"] else "NOT KEPT"
        output.say(f"{measured.rows} rows of {measured.providers} providers in {seconds:.1f} s, limit {LIMIT_S} s: {kept}")
    return 0


def _take_in(services: Any, path: Path) -> dict[str, Any]:
    try:
        taken = services.waits.take_in(path, "command line", lambda rows: _rows(path, rows))
    except RuleBroken as refused:
        raise RuleBroken(f"{path.name}: {refused.message}", field=refused.field) from None
    held = taken.held
    return {
        "file": path.name,
        "month": str(held.month),
        "rows": held.rows,
        "providers": held.providers,
        "waiting": held.waiting,
        "people_by_part": taken.totals,
        "changed": taken.changed,
        "replaced": taken.replaced,
    }


def _rows(path: Path, rows: int) -> None:
    if rows % _EVERY == 0:
        output.problem(f"{path.name}: {rows} rows")


def _tell(done: int, of: int) -> None:
    if done % 200 == 0 and done < of:
        output.problem(f"reckoning: {done} of {of}")


def _short(report: dict[str, Any]) -> dict[str, Any]:
    return {name: report[name] for name in ("months", "lists", "lists_tested", "lists_withheld")}


def _sum(report: dict[str, Any]) -> str:
    months = report["months"]
    span = f"{months[0]} to {months[-1]}" if months else "none"
    return (
        f"Months held: {len(months)} ({span}). Lists reckoned: {report['lists']}; "
        f"tried on later months: {report['lists_tested']}; withheld: {report['lists_withheld']}."
    )


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{share * 100:.0f}%"
