"""The back-test in figures: how many people came off by the weeks that would have been shown, by how long they had waited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from helpdesk.waits.back_test import Checked
from helpdesk.waits.counts import Month
from helpdesk.waits.run import Tested

_MIDDLE = (0.45, 0.55)


def report_of(months: Sequence[Month], tested: Sequence[Tested], lists: int) -> dict[str, Any]:
    """Plain values: what was loaded, each list tested, and the sums over all of them."""
    checked = [c for t in tested for c in t.checked]
    middle = [m for t in tested if (m := _share([c for c in t.checked], lambda c: c.middle)) is not None]
    return {
        "months": [str(m) for m in months],
        "lists": lists,
        "lists_tested": len(tested),
        "lists_withheld": sum(t.withheld for t in tested),
        "lists_with_45_to_55_percent_between_the_quartiles": sum(_MIDDLE[0] <= m <= _MIDDLE[1] for m in middle),
        "lists_with_quartiles": len(middle),
        "by_weeks_waited": [_row(waited, [c for c in checked if c.waited == waited]) for waited in sorted({c.waited for c in checked})],
        "later": later(checked),
        "by_list": [_list(t) for t in tested],
    }


def later(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """For each number of months later: the share that was expected to be off the list, and the share that was. All
    figures count here, also those whose weeks reach beyond the months loaded."""
    found: dict[tuple[int, int], list[tuple[int, float, float]]] = defaultdict(list)
    for c in checked:
        for months, (_, expected, off) in enumerate(c.later, 1):
            found[c.waited, months].append((c.people, expected, off))
    return [
        {"weeks_waited": waited, "months_later": months, "figures": len(rows), **_expected_and_off(rows)}
        for (waited, months), rows in sorted(found.items())
    ]


def _expected_and_off(rows: Sequence[tuple[int, float, float]]) -> dict[str, Any]:
    people = sum(n for n, _, _ in rows)
    return {
        "people": people,
        "expected_off": round(sum(n * e for n, e, _ in rows) / people, 3),
        "off": round(sum(n * o for n, _, o in rows) / people, 3),
        "mean_difference_of_one_list": round(sum(n * abs(e - o) for n, e, o in rows) / people, 3),
    }


def _row(waited: int, checked: Sequence[Checked]) -> dict[str, Any]:
    return {
        "weeks_waited": waited,
        "figures": len(checked),
        "people": sum(c.people for c in checked),
        "off_by_half": _share(checked, lambda c: c.by_half),
        "off_by_three_quarters": _share(checked, lambda c: c.by_three_quarters),
        "between_the_quartiles": _share(checked, lambda c: c.middle),
    }


def _share(checked: Sequence[Checked], of: Callable[[Checked], float | None]) -> float | None:
    known = [(c.people, share) for c in checked if (share := of(c)) is not None]
    return round(sum(n * s for n, s in known) / sum(n for n, _ in known), 3) if known else None


def _list(tested: Tested) -> dict[str, Any]:
    test = tested.test
    return {
        "provider": tested.provider,
        "treatment_function": tested.function,
        "months": test.months,
        "people": test.people,
        "off_by_half": test.within_half,
        "off_by_three_quarters": test.inside,
        "withheld": tested.withheld,
    }
