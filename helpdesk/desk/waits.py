"""The range of further waiting for each pathway that is shown, from what the pathway says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from helpdesk.pathways.model import Course, EventKind, Pathway
from helpdesk.waits.model import WaitAnswer
from helpdesk.waits.tables import WaitTables


def waits_of(tables: WaitTables | None, pathways: Sequence[Pathway], today: date, *, may_tell: bool) -> Mapping[str, WaitAnswer]:
    """By the pathway's key. Where nobody may be told there are no words; without tables there is nothing."""
    if tables is None:
        return {}
    found = {p.key: _answer(tables, p, today) for p in pathways}
    return found if may_tell else {key: replace(answer, words=(), wording="") for key, answer in found.items()}


def _answer(tables: WaitTables, pathway: Pathway, today: date) -> WaitAnswer:
    event = pathway.next_event
    return tables.answer(
        provider=pathway.provider.code,
        treatment_function=pathway.specialty.code,
        days_waited=pathway.days_waited,
        today=today,
        on_18_weeks=pathway.course is Course.RTT,
        clock_running=pathway.clock_running,
        planned=pathway.course is Course.PLANNED,
        ask_team=pathway.ask_team or pathway.course is Course.ASK_TEAM,
        urgent=pathway.no_range,
        admission_booked=event is not None and event.kind is EventKind.ADMISSION,
        specialty=pathway.specialty.name,
        provider_name=pathway.provider.name,
    )
