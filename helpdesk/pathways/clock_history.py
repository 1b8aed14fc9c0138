"""The rules of the 18-week clock, applied to its starts and stops in the order of their days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from helpdesk.pathways.clock import RESTARTED, TRANSFERRED, status_moves
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove


class ClockState(StrEnum):
    NONE = "no clock"
    RUNNING = "running"
    STOPPED = "stopped"
    MONITORED = "active monitoring"
    NULLIFIED = "nullified"


@dataclass(frozen=True)
class ClockRun:
    """One clock. `ended` is None while it runs; a nullified one counts as never started."""

    start: date
    ended: date | None = None
    nullified: bool = False
    restarted: bool = False
    """Whether it is a new clock, at zero, after active monitoring."""


@dataclass(frozen=True)
class ClockHistory:
    """What the starts and stops of one pathway come to. `since` is the day of the last move that changed the state."""

    state: ClockState = ClockState.NONE
    runs: tuple[ClockRun, ...] = ()
    since: date | None = None
    unmatched: tuple[ClockEvent, ...] = ()
    """Moves that do not fit: a stop without a start, a second start at one provider without a stop between."""

    @property
    def running(self) -> ClockRun | None:
        return self.runs[-1] if self.state is ClockState.RUNNING else None


def clock_history(events: Iterable[ClockEvent]) -> ClockHistory:
    """The clock after these moves, in whatever order they come.

    Active monitoring stops it and a return starts another at zero; a nullified clock counts as never started, and
    booking again starts another; a transfer is the same clock, so that the first start counts.
    Source: NHS England, Recording and reporting RTT waiting times, v5.0.
    """
    history = ClockHistory()
    begun_at: set[str] = set()
    ordered = sorted(events, key=lambda e: (e.day, e.rtt_status.strip(), e.provider.value, e.move.value))
    for _, of_day in groupby(ordered, key=lambda e: e.day):
        for event in _in_turn(list(of_day), running=history.running is not None):
            history = _after(history, event, begun_at)
    return history


def is_transfer(event: ClockEvent) -> bool:
    return event.rtt_status.strip() == TRANSFERRED


def ends_clock(event: ClockEvent) -> bool:
    """Not where a provider passes the patient on and closes its own row: the clock goes on elsewhere."""
    return event.move is ClockMove.NULLIFY or (event.move is ClockMove.STOP and not is_transfer(event))


def state_after(event: ClockEvent) -> ClockState:
    """What the clock is after this stop."""
    return ClockState.NULLIFIED if event.move is ClockMove.NULLIFY else stopped_by(event.rtt_status)


def stopped_by(status: str) -> ClockState:
    """What a stop with this status makes of the clock."""
    does = status_moves().get(status.strip(), "")
    return {"nullifies": ClockState.NULLIFIED, "monitors": ClockState.MONITORED}.get(does, ClockState.STOPPED)


def _in_turn(events: Sequence[ClockEvent], *, running: bool) -> Iterable[ClockEvent]:
    """The moves of one day, of which no times are known: each time the one that fits, as far as any does."""
    starts = [e for e in events if e.move is ClockMove.START]
    stops = [e for e in events if ends_clock(e)]
    while starts or stops:
        fitting = (stops or starts) if running else (starts or stops)
        event = fitting.pop(0)
        running = not ends_clock(event)
        yield event
    yield from (e for e in events if e.move is not ClockMove.START and not ends_clock(e))


def _after(history: ClockHistory, event: ClockEvent, begun_at: set[str]) -> ClockHistory:
    """`begun_at` holds the providers that have started the clock that runs; it is kept up to date here."""
    if ends_clock(event):
        begun_at.clear()
        return _stopped(history, event)
    running = history.running
    if event.move is not ClockMove.START:
        return history if running is not None else replace(history, unmatched=(*history.unmatched, event))
    restarts = event.rtt_status.strip() == RESTARTED
    again = event.provider.value in begun_at
    if running is None or (restarts and event.day > running.start):
        if running is not None:
            history = replace(_ended(history, event.day), unmatched=(*history.unmatched, event))
        begun_at.clear()
        begun_at.add(event.provider.value)
        return replace(history, state=ClockState.RUNNING, since=event.day, runs=(*history.runs, ClockRun(event.day, restarted=restarts)))
    begun_at.add(event.provider.value)
    if again and event.day != running.start and not is_transfer(event):
        return replace(history, unmatched=(*history.unmatched, event))
    return history


def _stopped(history: ClockHistory, event: ClockEvent) -> ClockHistory:
    state = state_after(event)
    if history.running is None:
        return replace(history, state=state, since=event.day, unmatched=(*history.unmatched, event))
    return replace(_ended(history, event.day, nullified=state is ClockState.NULLIFIED), state=state, since=event.day)


def _ended(history: ClockHistory, day: date, *, nullified: bool = False) -> ClockHistory:
    *before, last = history.runs
    return replace(history, runs=(*before, replace(last, ended=day, nullified=nullified)))
