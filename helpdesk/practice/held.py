"""The area's extracts as the desk's database answers them, for whoever works on an area without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import ListRow
from helpdesk.pathways.ports import HeldRows
from helpdesk.practice.model import Area
from helpdesk.practice.organisations import providers

R = TypeVar("R", ListRow, ClockEvent, ReferralRow)
Key = tuple[NhsNumber, str]


def held_rows(area: Area) -> Mapping[NhsNumber, tuple[HeldRows, ...]]:
    """By person, one entry for each provider's list, also where it holds nothing of them."""
    rows, former, events, sent = _by(area.list_rows), _by(area.former_rows), _by(area.clock_events), _by(area.sent)
    weeks = {
        code: tuple(sorted({row.week_ending for row in area.former_rows if row.provider.value == code}, reverse=True))
        for code in area.list_weeks
    }
    people = {key[0] for key in (*rows, *former, *sent)}
    return {
        number: tuple(
            HeldRows(
                provider=p.ods.value,
                week_ending=area.list_weeks[p.ods.value],
                rows=rows.get((number, p.ods.value), ()),
                source=p.instance,
                former=tuple(sorted(former.get((number, p.ods.value), ()), key=lambda row: row.week_ending, reverse=True)),
                former_weeks=weeks[p.ods.value],
                clock_events=events.get((number, p.ods.value), ()),
                referrals=sent.get((number, p.ods.value), ()),
                clocks_as_at=area.list_weeks[p.ods.value],
            )
            for p in providers()
        )
        for number in people
    }


def _by(rows: Iterable[R]) -> Mapping[Key, tuple[R, ...]]:
    found: defaultdict[Key, list[R]] = defaultdict(list)
    for row in rows:
        found[row.nhs_number, row.provider.value].append(row)
    return {key: tuple(group) for key, group in found.items()}
