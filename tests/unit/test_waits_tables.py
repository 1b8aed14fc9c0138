"""What is answered for one pathway: a range, or why there is none; never outside the gate, never more than may be said."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.desk.waits import waits_of
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import Coded, Course, EventKind, ListKind, NextEvent, Pathway
from helpdesk.waits.counts import CellCounts, Month
from helpdesk.waits.packing import pack_curves, unpack_curves
from helpdesk.waits.ports import HeldMonth
from helpdesk.waits.reckoning import Reckoned
from helpdesk.waits.rules import rules_on
from helpdesk.waits.tables import UNSIGNED, WaitTables
from tests.unit.wait_world import World

TODAY = date(2026, 9, 20)
RULES = rules_on(TODAY)
SOAK = os.environ.get("HELPDESK_SOAK") == "1"


class Held:
    """Curves of one hospital; nothing else is asked of it."""

    def __init__(self, curves: Mapping[str, bytes]) -> None:
        self._curves = curves

    def run(self) -> tuple[Mapping[str, bytes], str]:
        return self._curves, ""

    def put(self, *_: Any) -> None: ...

    def months(self) -> Sequence[HeldMonth]:
        return ()

    def providers(self) -> Sequence[str]:
        return ()

    def counts(self, provider: str, months: Sequence[Month]) -> Mapping[str, Mapping[Month, CellCounts]]:
        return {}

    def keep_run(self, curves: Iterable[tuple[str, bytes]], report: str) -> None: ...


@pytest.fixture(scope="module")
def known() -> Reckoned:
    """To the end of July 2026."""
    return World(weekly=400, months=7, seed=11).reckoned(RULES)


@pytest.fixture(scope="module")
def tables(known: Reckoned) -> WaitTables:
    return _tables(known)


def _tables(known: Reckoned, *, live: bool = False) -> WaitTables:
    functions = ("110", "130", "X02", "X04")
    made = WaitTables(Held({"XFC01": pack_curves({f: (known, None) for f in functions})}), live=live)
    made.read()
    return made


def _asked(**changed: Any) -> dict[str, Any]:
    usual = {"provider": "XFC01", "treatment_function": "110", "days_waited": 100, "today": TODAY, "on_18_weeks": True}
    return {**usual, "specialty": "Trauma and orthopaedics", "provider_name": "Fenmoor City Hospital", **changed}


def test_the_words_are_those_of_the_rules_with_both_figures(tables: WaitTables) -> None:
    answer = tables.answer(**_asked())
    assert answer.range is not None
    assert answer.words == (
        "Of people who had waited about as long as you for trauma and orthopaedics at Fenmoor City Hospital, half came off the list "
        f"within {answer.range.half_within_weeks} weeks and a quarter took longer than {answer.range.three_quarters_within_weeks}.",
        "This is not a date or a promise.",
    )
    assert "May 2026 to July 2026" in answer.range.based_on
    assert "not yet checked" in answer.range.based_on
    assert answer.range.as_at == date(2026, 7, 31)
    assert (answer.range.quarter_within_weeks or 0) <= answer.range.half_within_weeks < answer.range.three_quarters_within_weeks


NEVER = {
    "cancer or another pathway whose team answers": {"ask_team": True},
    "P1 or P2": {"urgent": True},
    "a planned list": {"planned": True},
    "not an 18-week pathway": {"on_18_weeks": False},
    "active monitoring": {"clock_running": False},
    "no clock start": {"days_waited": None},
    "a clock start to come": {"days_waited": -1},
    "a booked admission": {"admission_booked": True},
    "children's services": {"treatment_function": "420"},
    "children's services as published": {"treatment_function": "X04"},
    "a code whose heading is not known": {"treatment_function": "840"},
    "no code": {"treatment_function": ""},
    "another hospital": {"provider": "XTG01"},
    "another list": {"treatment_function": "400"},
    "counts too old": {"today": date(2026, 11, 1)},
    "longer than is told apart": {"days_waited": 104 * 7},
    "few waited as long": {"days_waited": 100 * 7},
}


@pytest.mark.parametrize("name", NEVER)
def test_there_is_no_figure_and_it_is_said_why(tables: WaitTables, name: str) -> None:
    answer = tables.answer(**_asked(**NEVER[name]))
    assert answer.range is None
    assert answer.words == ()
    assert answer.why_not.startswith("No reliable figure: ")


def test_the_last_day_on_which_the_counts_are_fresh_enough_has_a_figure(tables: WaitTables) -> None:
    assert tables.answer(**_asked(today=date(2026, 10, 31))).range is not None


@pytest.mark.parametrize(("code", "as_published"), [("108", "110"), ("302", "X02"), ("C_130", "130")])
def test_other_codes_are_looked_up_where_they_are_counted(tables: WaitTables, code: str, as_published: str) -> None:
    answer = tables.answer(**_asked(treatment_function=code))
    assert answer.range is not None
    assert ("counted together" in answer.range.based_on) == (code.removeprefix("C_") != as_published)


def test_a_list_that_failed_its_back_test_or_changed_its_pace_shows_none(known: Reckoned) -> None:
    for changed in (replace(known, failed=True), replace(known, pace=None)):
        assert _tables(changed).answer(**_asked()).range is None


def test_a_live_desk_says_no_words_that_nobody_signed_off(known: Reckoned) -> None:
    answer = _tables(known, live=True).answer(**_asked())
    assert answer.range is not None
    assert answer.words == ()
    assert answer.missing == UNSIGNED


def test_nothing_is_known_before_it_was_read(known: Reckoned) -> None:
    unread = WaitTables(Held({"XFC01": pack_curves({"110": (known, None)})}), live=False)
    assert unread.answer(**_asked()).range is None


def test_curves_come_back_from_where_they_are_kept(known: Reckoned) -> None:
    (back, test) = unpack_curves(pack_curves({"110": (known, None)}))["110"]
    assert test is None
    assert back.pool.seen == known.pool.seen
    assert abs((back.curve.quantile(10, 0.5) or 0) - (known.curve.quantile(10, 0.5) or 0)) < 0.01


def _pathway(**changed: Any) -> Pathway:
    usual = Pathway(
        key="k",
        nhs_number=NhsNumber("9990000018"),
        specialty=Coded("110", "Trauma and orthopaedics"),
        provider=Coded("XFC01", "Fenmoor City Hospital"),
        list_kind=ListKind.RTT,
        clock_start=date(2026, 5, 1),
        clock_running=True,
        days_waited=100,
        weeks_band="14",
        waited_to=TODAY,
        mark_18_weeks=None,
        referred=None,
        next_event=None,
        standing="",
        sensitive=False,
        ask_team=False,
        sources=("fenmoor_list",),
        as_at=TODAY,
        course=Course.RTT,
    )
    return replace(usual, **changed)


def _allowed(pathway: Pathway) -> bool:
    """The gate, told a second time and in other words."""
    admitted = pathway.next_event is not None and pathway.next_event.kind is EventKind.ADMISSION
    counted = pathway.specialty.code in {"110", "130", "108", "302"} and pathway.provider.code == "XFC01"
    waited = pathway.days_waited is not None and 0 <= pathway.days_waited < 104 * 7
    return (
        pathway.course is Course.RTT
        and pathway.clock_running
        and waited
        and counted
        and not (pathway.ask_team or pathway.no_range or admitted)
    )


def _random(draw: random.Random) -> Pathway:
    event = draw.choice((None, *(NextEvent(kind, TODAY) for kind in EventKind)))
    return _pathway(
        specialty=Coded(draw.choice(("110", "130", "108", "302", "420", "X04", "840", "400", "370", "")), "A name"),
        provider=Coded(draw.choice(("XFC01", "XTG01", "")), "A place"),
        clock_running=draw.random() < 0.7,
        days_waited=draw.choice((None, draw.randrange(-3, 900))),
        course=draw.choice(tuple(Course)),
        ask_team=draw.random() < 0.2,
        no_range=draw.random() < 0.1,
        next_event=event,
    )


def _outside(tables: WaitTables, times: int, seed: int) -> tuple[int, int]:
    """Figures in all, and those that the gate does not allow, over that many random pathways."""
    draw = random.Random(seed)
    shown = wrong = 0
    for _ in range(times):
        pathway = _random(draw)
        (answer,) = waits_of(tables, [pathway], TODAY, may_tell=True).values()
        assert (answer.range is None) == bool(answer.why_not)
        shown += answer.range is not None
        wrong += (answer.range is not None or bool(answer.words)) and not _allowed(pathway)
    return shown, wrong


def test_no_figure_outside_the_gate(tables: WaitTables) -> None:
    shown, wrong = _outside(tables, 6_000, 1)
    assert shown > 10
    assert wrong == 0


@pytest.mark.skipif(not SOAK, reason="the long form: HELPDESK_SOAK=1")
@pytest.mark.timeout(1800)
def test_soak_no_figure_outside_the_gate_in_a_million(tables: WaitTables) -> None:
    assert _outside(tables, 1_000_000, 2)[1] == 0


def test_where_nobody_may_be_told_there_are_figures_without_words(tables: WaitTables) -> None:
    (answer,) = waits_of(tables, [_pathway()], TODAY, may_tell=False).values()
    assert answer.range is not None
    assert answer.words == ()
    assert waits_of(None, [_pathway()], TODAY, may_tell=True) == {}
