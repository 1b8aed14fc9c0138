"""What is known to have happened on one pathway and who says so: the facts that a gap rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum

from helpdesk.clock import london_day
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.bookings import NamesOf
from helpdesk.pathways.clock import ClockEffect, clock_effect
from helpdesk.pathways.days import shown
from helpdesk.pathways.extract_rows import ClockMove, ReferralRow
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.live_bookings import EVENTS, day_of
from helpdesk.pathways.model import ListRow, Pathway, Referral
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.sentences import book
from helpdesk.pathways.speaking import Speaking

NULLIFIED = "33"
"""First activity missed. Source: DSCN 18/2006."""


class What(IntEnum):
    """What became of a date. Of two on one day the higher counts: what took place beats what did not."""

    DATED = 0
    MISSED = 1
    CANCELLED = 2
    TOOK_PLACE = 3


@dataclass(frozen=True)
class Witness:
    """Who says so: in words without any identifier, and the source with its date."""

    words: str
    source: str
    as_at: date | datetime | None

    @property
    def day(self) -> date | None:
        return None if self.as_at is None else day_of(self.as_at)


@dataclass(frozen=True)
class Happening:
    day: date
    what: What
    witness: Witness
    place: int = field(default=0)
    """Where two say the same of one day: the list first."""


@dataclass(frozen=True)
class Facts:
    """All that is looked at for one pathway. `until` is the day that its sources speak for: today, or the date of what
    is too old. `here` names the provider, or is "the provider"."""

    pathway: Pathway
    joined: Joined
    held: tuple[HeldRows, ...]
    today: date
    until: date
    organisations: NamesOf
    speaking: Speaking = field(default_factory=Speaking)

    @property
    def here(self) -> str:
        return provider_words(self.pathway.provider.code, self.organisations)

    def of_row(self, row: ListRow) -> Witness:
        words = f"the list of {provider_words(row.provider.value, self.organisations)} (week ending {shown(row.week_ending)})"
        return Witness(words, row.source, row.week_ending)

    def of_referral(self, referral: Referral) -> Witness:
        return Witness(f"e-RS{_dated(referral.as_at)}", referral.source, referral.as_at)

    def of_sent(self, sent: ReferralRow) -> Witness:
        return Witness(f"the extract of referrals ({shown(sent.as_at)})", sent.source, sent.as_at)

    def of_activity(self, activity: Activity) -> Witness:
        told = activity.kept or activity.as_at
        code = activity.provider.value if activity.provider else ""
        return Witness(f"the own system of {provider_words(code, self.organisations)}{_dated(told)}", activity.source, told)

    def happenings(self) -> list[Happening]:
        """Everything that lies behind, the latest last."""
        every = [*self._of_rows(), *self._of_activities()]
        return sorted((h for h in every if h.day <= self.today), key=lambda h: (h.day, h.what, -h.place, h.witness.words))

    def last(self) -> Happening | None:
        """The latest of them. A date that went by counts only once whoever gave it could have told what came of it."""
        every = self.happenings()
        return every[-1] if every else None

    def _of_rows(self) -> Iterator[Happening]:
        for row in self.joined.rows:
            witness = self.of_row(row)
            told = ((row.last_attended, What.TOOK_PLACE), (row.last_missed, What.MISSED), (row.cancelled, What.CANCELLED))
            yield from (Happening(day, what, witness) for day, what in told if day is not None)
            dates = (day for day in (row.next_outpatient, row.next_admission) if day is not None and day < self.today)
            yield from (Happening(day, What.DATED, witness) for day in dates)
        for referral in self.joined.referrals[:1]:
            event = referral.next_event
            if event is not None and event.day < self.today:
                yield Happening(event.day, What.DATED, self.of_referral(referral), 1)

    def _of_activities(self) -> Iterator[Happening]:
        for activity in self.joined.activities:
            if activity.start is None or (activity.kind not in EVENTS and activity.kind is not ActivityKind.ATTENDANCE):
                continue
            what, day = _became(activity), day_of(activity.start)
            if what is What.CANCELLED and day > self.today:
                day = min(self.today, self.of_activity(activity).day or self.today)  # called off before its day
            if what is not None and not (what is What.DATED and day >= self.today):
                yield Happening(day, what, self.of_activity(activity), 2)


def _became(activity: Activity) -> What | None:
    if activity.kind is ActivityKind.ATTENDANCE or activity.status in (
        ActivityStatus.ARRIVED,
        ActivityStatus.ATTENDED,
        ActivityStatus.ENDED,
    ):
        return What.TOOK_PLACE if activity.status not in (ActivityStatus.CANCELLED, ActivityStatus.MISSED) else What.MISSED
    return {
        ActivityStatus.CANCELLED: What.CANCELLED,
        ActivityStatus.MISSED: What.MISSED,
        ActivityStatus.BOOKED: What.DATED,
        ActivityStatus.PENDING: What.DATED,
    }.get(activity.status)


def provider_words(code: str, organisations: NamesOf) -> str:
    """Its name where that is known and may be said to anybody."""
    name = organisations(code) if code else ""
    return (book().speakable(name) if name != code else "") or "the provider"


def is_over(joined: Joined) -> bool:
    """Whether the wait has ended as far as its list or a clock stop says."""
    row = joined.row
    if row is not None and (row.clock_stop is not None or clock_effect(row.rtt_status) is ClockEffect.STOPPED):
        return True
    start = row.clock_start if row is not None else None
    return stopped_since(joined, start or date.min)


def stopped_since(joined: Joined, day: date) -> bool:
    """Whether the last thing that extracts of clocks say from that day on is that it stopped."""
    moves = [e.move for e in joined.clock_events if e.day >= day]
    return bool(moves) and moves[-1] is not ClockMove.START


def was_nullified(joined: Joined) -> bool:
    """Whether its clock ended because the first appointment was missed; then somebody must still say what follows."""
    row = joined.row
    return row is not None and row.rtt_status.strip() == NULLIFIED


def days_known(days: Iterable[date | None]) -> list[date]:
    return [day for day in days if day is not None]


def _dated(told: date | datetime | None) -> str:
    if told is None:
        return ""
    return f" ({shown(london_day(told) if isinstance(told, datetime) else told)})"
