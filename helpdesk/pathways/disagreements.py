"""Where two sources disagree about the clock or the referral of one pathway: side by side, each with its date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from helpdesk.pathways.bookings import NamesOf
from helpdesk.pathways.clock import TRANSFERRED, ClockEffect, clock_effect
from helpdesk.pathways.clock_history import ClockHistory, ClockState
from helpdesk.pathways.clock_reading import is_counting
from helpdesk.pathways.days import shown
from helpdesk.pathways.extract_rows import ClockEvent
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.labels import clock_label, dated, list_label, referral_label
from helpdesk.pathways.model import ListKind, ListRow


def disagreements(joined: Joined, history: ClockHistory, organisations: NamesOf) -> tuple[str, ...]:
    """One sentence for each thing that the sources of a pathway do not agree about, but for what is booked next."""
    return (
        *_starts(joined, history, organisations),
        *_running(joined, history, organisations),
        *_stops(joined, history, organisations),
        *_received(joined, organisations),
        *_closed(joined, organisations),
    )


def _side_by_side(what: str, said: Iterable[tuple[str, date]]) -> Iterable[str]:
    """Nothing where all say the same day."""
    once = tuple(dict.fromkeys(said))
    if len({day for _, day in once}) > 1:
        yield f"{what}: " + ", ".join(f"{who} says {shown(day)}" for who, day in once)


def _starts(joined: Joined, history: ClockHistory, organisations: NamesOf) -> Iterable[str]:
    said = [(list_label(row, organisations), row.clock_start) for row in joined.rows]
    said += [(dated("e-RS", r.as_at), r.clock_start) for r in joined.referrals]
    if history.runs and not _list_has_gone_on(joined, history):
        day = history.runs[-1].start
        said += [(clock_label(e, organisations), day) for e in joined.clock_events if e.day == day][:1]
    return _side_by_side("Clock start", [(who, day) for who, day in said if day is not None])


def _running(joined: Joined, history: ClockHistory, organisations: NamesOf) -> Iterable[str]:
    counting = [f"{list_label(r, organisations)} still counts it" for r in joined.rows if is_counting(r) and not _passed_on(r)]
    stopped = [f"{list_label(r, organisations)} says that it stopped{_on(r.clock_stop)}" for r in joined.rows if _has_stopped(r)]
    last = _last(joined.clock_events, history)
    if last is not None and history.state is ClockState.RUNNING:
        counting.append(f"{clock_label(last, organisations)} still counts it")
    elif last is not None and not _is_news(joined, history) and not _list_has_gone_on(joined, history):
        stopped.append(f"{clock_label(last, organisations)} says that it stopped{_on(history.since)}")
    if counting and stopped:
        yield "18-week clock: " + ", ".join((*counting, *stopped))


def _stops(joined: Joined, history: ClockHistory, organisations: NamesOf) -> Iterable[str]:
    said = [(list_label(row, organisations), row.clock_stop) for row in joined.rows if _has_stopped(row)]
    last = _last(joined.clock_events, history)
    if last is not None and history.state is not ClockState.RUNNING:
        said.append((clock_label(last, organisations), history.since))
    return _side_by_side("Clock stop", [(who, day) for who, day in said if day is not None])


def _received(joined: Joined, organisations: NamesOf) -> Iterable[str]:
    """Compared at one provider only: the next one receives it later."""
    for row in joined.rows:
        told = [(referral_label(s), s.received) for s in joined.sent if s.provider == row.provider]
        said = [(list_label(row, organisations), row.referral_received), *told]
        yield from _side_by_side("Referral received", [(who, day) for who, day in said if day is not None])


def _closed(joined: Joined, organisations: NamesOf) -> Iterable[str]:
    for sent in joined.sent:
        held = [row for row in joined.rows if is_counting(row) and sent.provider == row.provider]
        if sent.closed is not None and held and sent.closed <= held[0].week_ending:
            where = list_label(held[0], organisations)
            yield f"Where it stands: {where} still holds it, {referral_label(sent)} says that it was closed on {shown(sent.closed)}"


def _on(day: date | None) -> str:
    return f" on {shown(day)}" if day is not None else ""


def _passed_on(row: ListRow) -> bool:
    return row.rtt_status.strip() == TRANSFERRED


def _has_stopped(row: ListRow) -> bool:
    if row.list_kind is ListKind.NOT_RTT:
        return False
    return row.clock_stop is not None or clock_effect(row.rtt_status) is ClockEffect.STOPPED


def _last(events: Sequence[ClockEvent], history: ClockHistory) -> ClockEvent | None:
    """The event that brought the present state about."""
    return next((e for e in reversed(events) if e.day == history.since), None)


def _is_news(joined: Joined, history: ClockHistory) -> bool:
    """Whether the clock stopped only after every list was made."""
    since = history.since
    return since is not None and all(row.week_ending < since for row in joined.rows)


def _list_has_gone_on(joined: Joined, history: ClockHistory) -> bool:
    """Whether a list newer than the clock extract shows a clock that began after all that the extract knows."""
    row, since = joined.row, history.since
    if row is None or row.clock_start is None or since is None:
        return False
    return row.week_ending > max(e.as_at for e in joined.clock_events) and row.clock_start > since
