"""The practice area's own published counts: as published, from a known hazard, and enough for a range."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from helpdesk.practice.published_waits import KnownList, known_lists, months, write_published
from helpdesk.waits.curve import everybodys
from helpdesk.waits.flows import flows, latest, pooled
from helpdesk.waits.published import read_month
from helpdesk.waits.reckoning import Figure, figure, reckon
from helpdesk.waits.rules import rules_on

TODAY = date(2026, 11, 22)


def _true_half(known: KnownList, waited: float) -> float:
    more = 0.0
    while known.survival(waited + more) / known.survival(waited) > 0.5:
        more += 0.1
    return more


def test_two_years_are_written_as_published_and_say_what_is_known(tmp_path: Path) -> None:
    files = write_published(tmp_path, TODAY)
    assert len(files) == 24
    assert months(TODAY)[-1].end == date(2026, 9, 30)
    read = [read_month(file) for file in files[-4:]]
    rules = rules_on(TODAY)
    near = 0
    for known in known_lists():
        key = (known.provider, known.function.removeprefix("C_"))
        run = flows([m.month for m in read], [m.cells.get(key) for m in read])
        reckoned = reckon(run, everybodys(pooled(latest(run, 3))), rules)
        assert reckoned is not None
        found = figure(reckoned, 10, rules)
        if isinstance(found, Figure):
            near += 1
            assert abs(found.half - _true_half(known, 10)) <= 2
    assert near >= 10


def test_the_same_day_gives_the_same_files(tmp_path: Path) -> None:
    one, other = (write_published(tmp_path / name, TODAY)[-1].read_bytes() for name in ("one", "other"))
    assert one == other
