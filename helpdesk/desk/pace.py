"""How often the desk asks how far a message has got: soon at first, then seldom, and not for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

_MARKS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))
_THEN_EVERY = timedelta(hours=6)
_GIVE_UP_AFTER = timedelta(days=7)


def next_look(queued: datetime, now: datetime, *, first: bool = False, followed: bool = True) -> datetime:
    """When to ask next. The `first` time is a minute after the service took it, however long it had waited; later ones go
    by its age. One that cannot be `followed`, having no id at the service, is only looked at once it is too old."""
    if not followed:
        return queued + _GIVE_UP_AFTER
    if first:
        return now + _MARKS[0]
    return next((queued + mark for mark in _MARKS if queued + mark > now), now + _THEN_EVERY)


def too_old(queued: datetime, now: datetime) -> bool:
    """Whether it is not asked about any more. Source: GOV.UK Notify tells of the last seven days only."""
    return now - queued >= _GIVE_UP_AFTER
