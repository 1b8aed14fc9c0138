"""Facts of one invented patient by which a pathway is stuck since a given number of days, one for each kind of gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pathway_facts import CITY, GENERAL, JANE, TODAY, UBRN, WEEK, named, referral, row

from helpdesk.identifiers import PathwayId
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.model import Gap, GapKind, ListRow, Pathway, Referral, ReferralState
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.stitching import stitch

LONG_AGO = TODAY - timedelta(days=400)
FORMER = tuple(WEEK - timedelta(weeks=back) for back in (1, 2, 3, 4))


@dataclass(frozen=True)
class Known:
    """All that is known of her. `stops` says whether the providers' clock stops are held."""

    rows: tuple[ListRow, ...] = ()
    referrals: tuple[Referral, ...] = ()
    activities: tuple[Activity, ...] = ()
    former: tuple[ListRow, ...] = ()
    events: tuple[ClockEvent, ...] = ()
    sent: tuple[ReferralRow, ...] = ()
    stops: bool = True
    limits: Mapping[str, int] = field(default_factory=dict)

    def held(self) -> list[HeldRows]:
        return [
            HeldRows(
                provider.value,
                WEEK,
                tuple(r for r in self.rows if r.provider == provider),
                f"{provider.value} list",
                former=tuple(r for r in self.former if r.provider == provider),
                former_weeks=FORMER,
                clock_events=tuple(e for e in self.events if e.provider == provider),
                referrals=tuple(s for s in self.sent if s.provider == provider),
                clocks_as_at=WEEK if self.stops else None,
            )
            for provider in (CITY, GENERAL)
        ]


def pathways(known: Known, today: date = TODAY) -> tuple[Pathway, ...]:
    return stitch(
        known.held(),
        known.referrals,
        about=JANE,
        today=today,
        limit_days=10,
        organisations=named,
        limits=known.limits,
        activities=known.activities,
    )


def gaps(known: Known, today: date = TODAY) -> tuple[Gap, ...]:
    return tuple(gap for pathway in pathways(known, today) for gap in pathway.gaps)


def kinds(known: Known, today: date = TODAY) -> list[GapKind]:
    return [gap.kind for gap in gaps(known, today)]


def back(days: int, today: date = TODAY) -> date:
    return today - timedelta(days=days)


def waiting(**changed: object) -> ListRow:
    """Waiting for more than a year, and seen the week before last: nothing is stuck."""
    return row(**({"clock_start": LONG_AGO, "referral_received": LONG_AGO, "last_attended": back(12)} | changed))


def quiet(**changed: object) -> ListRow:
    return waiting(**({"last_attended": None, "rtt_status": "10"} | changed))


def sent(**changed: object) -> ReferralRow:
    given = ReferralRow(JANE, CITY, TODAY, back(40), None, None, None, "", None, "", None, UBRN, "330", "referrals")
    return replace(given, **changed)  # type: ignore[arg-type]  # the fields as they are named


def clock_event(move: ClockMove, day: date, **changed: object) -> ClockEvent:
    given = ClockEvent(JANE, CITY, WEEK, day, move, "30", "L1", PathwayId("P1", "XFC01"), None, "110", "clocks")
    return replace(given, **changed)  # type: ignore[arg-type]  # the fields as they are named


def former(weeks: Sequence[int], **changed: object) -> tuple[ListRow, ...]:
    """The same row in the lists of so many weeks before."""
    return tuple(waiting(**({"week_ending": WEEK - timedelta(weeks=w), "last_attended": None} | changed)) for w in weeks)


def _twice(days: int) -> Known:
    both = {"clock_start": back(days), "referral_received": back(days)}
    return Known(rows=(waiting(**both), waiting(**both, provider=GENERAL, local_patient_id="G1")))


STUCK: Mapping[GapKind, Callable[[int], Known]] = {
    GapKind.NOT_RECEIVED: lambda days: Known(sent=(sent(sent=back(days), provider=GENERAL, ubrn=None),)),
    GapKind.NOT_BOOKED: lambda days: Known(
        (quiet(ubrn=UBRN, clock_start=back(days), referral_received=back(days)),), (referral(state=ReferralState.NOT_BOOKED),)
    ),
    GapKind.DEFERRED_OVERDUE: lambda days: Known((quiet(due=back(days)),)),
    GapKind.REJECTED_NO_ACTION: lambda days: Known(sent=(sent(sent=back(days + 5), closed=back(days), outcome="rejected"),)),
    GapKind.CANCELLED_NOT_REBOOKED: lambda days: Known((quiet(cancelled=back(days)),)),
    GapKind.MISSED_NOT_REBOOKED: lambda days: Known((quiet(last_missed=back(days)),)),
    GapKind.DATE_PASSED_NO_OUTCOME: lambda days: Known((quiet(next_outpatient=back(days)),)),
    GapKind.NO_ACTIVITY: lambda days: Known((waiting(last_attended=back(days)),)),
    GapKind.HELD_TWICE: _twice,
}
"""For each kind that has a threshold in days: what is known when it has been so for that many."""
