"""Every state that a pathway can be in, made of invented facts, for the tests of what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import product
from typing import Any

import pathway_facts as facts
from pathway_facts import CITY, UBRN, WEEK, activity, referral, row

from helpdesk.identifiers import PathwayId
from helpdesk.pathways.activity import ActivityKind, ActivityStatus
from helpdesk.pathways.audience import Audience
from helpdesk.pathways.clock import status_effects
from helpdesk.pathways.extract_rows import ClockEvent, ClockMove, ReferralRow
from helpdesk.pathways.model import EventKind, ListKind, NextEvent, Pathway, ReferralState
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.sentences import book
from helpdesk.pathways.speaking import Speaking
from helpdesk.pathways.stitching import stitch

SOON = date(2026, 12, 16)
BOOKED = NextEvent(EventKind.OUTPATIENT, date(2026, 12, 4), time(10, 20), "Clinic 4")
STATUSES = [*status_effects(), "", "77"]
TEAM_PHONE = "01632 960100"


class States:
    """Of one audience."""

    def __init__(self, audience: Audience = Audience.PATIENT, phones: dict[str, str] | None = None) -> None:
        self._speaking = Speaking(book(audience), "01632 960999", phones if phones is not None else {CITY.value: TEAM_PHONE})

    def only(self, rows: list[Any], referrals: list[Any] | None = None, **more: Any) -> Pathway:
        return facts.only(rows, referrals, speaking=self._speaking, **more)

    def pathways(self) -> Iterator[tuple[str, Pathway]]:
        """One pathway for every state, status, standing and kind of event that has words."""
        for status in STATUSES:
            yield f"status {status}", self.only([row(rtt_status=status)])
            yield f"status {status}, stale", self.only([row(rtt_status=status, week_ending=date(2026, 10, 4), referral_received=None)])
            yield f"status {status}, booked", self.only([row(rtt_status=status, next_outpatient=SOON)])
        for state in ReferralState:
            yield f"e-RS {state}", self.only([], [referral(state=state, clock_start=date(2026, 9, 17))])
            yield f"e-RS {state}, kept", self.only([], [referral(state=state, as_at=datetime(2026, 10, 1, tzinfo=UTC))])
            yield f"list and e-RS {state}", self.only([row(ubrn=UBRN)], [referral(state=state, clock_start=date(2026, 3, 12))])
            yield f"list with a date and e-RS {state}", self.only([row(ubrn=UBRN, next_outpatient=SOON)], [referral(state=state)])
        for kind in EventKind:
            yield f"{kind}", self.only([], [referral(state=ReferralState.BOOKED, next_event=NextEvent(kind, SOON, time(9), "Ward 2"))])
        for name in ("cancelled", "last_missed", "due", "next_outpatient", "next_admission", "clock_stop"):
            yield f"{name} gone by", self.only([row(**{name: date(2026, 11, 10)})])
        yield "not an 18-week list", self.only([row(list_kind=ListKind.NOT_RTT)])
        yield "kind of list not known", self.only([row(list_kind=ListKind.UNKNOWN)])
        yield "restarted", self.only([row(rtt_status="11", original_referral_received=date(2025, 1, 5))])
        yield "waited 104 weeks", self.only([row(clock_start=date(2024, 1, 5))])
        yield "booked on an old list", self.only([row(week_ending=date(2026, 11, 1), next_outpatient=SOON)])
        yield "first week on an old list", self.only([row(week_ending=date(2026, 11, 1), clock_start=date(2026, 10, 28))])
        yield "first week", self.only([row(clock_start=date(2026, 11, 16))])
        yield from self.activity_pathways()
        yield from self.contact_pathways()
        yield from self.list_pathways()
        yield from self.gap_pathways()
        yield "ask the team", self.only([row(ask_team=True)])
        yield "ask the team, booked", self.only([row(ask_team=True, next_outpatient=SOON)])

    def activity_pathways(self) -> Iterator[tuple[str, Pathway]]:
        """Those that only a provider's own system knows."""
        waits = activity(ActivityKind.WAITING, ActivityStatus.ACTIVE, clock_start=date(2026, 3, 3), as_at=WEEK)
        for kind in (ActivityKind.APPOINTMENT, ActivityKind.ADMISSION, ActivityKind.DIAGNOSTIC):
            yield f"own {kind}", self.only([], activities=[activity(kind, start=datetime(2026, 12, 16, 9, tzinfo=UTC), place="Ward 2")])
        yield "own list", self.only([], activities=[waits])
        yield "own list, new", self.only([], activities=[replace(waits, clock_start=date(2026, 11, 16))])
        yield "own list, old", self.only([], activities=[replace(waits, as_at=date(2026, 10, 4))])
        yield "own list, old and new", self.only([], activities=[replace(waits, as_at=date(2026, 10, 4), clock_start=date(2026, 10, 1))])
        yield "own list, ask the team", self.only([], activities=[replace(waits, ask_team=True)])
        yield "own referral", self.only([], activities=[activity(ActivityKind.REFERRAL, ActivityStatus.TO_BOOK)])
        for status in (ActivityStatus.CANCELLED, ActivityStatus.MISSED):
            yield f"own appointment {status}", self.only([], activities=[activity(status=status, start=date(2026, 11, 10))])

        for kind, status in product(ActivityKind, ActivityStatus):
            beside = activity(kind, status, id="a2", start=date(2026, 11, 20))
            yield f"own list and {kind} {status}", self.only([], activities=[waits, beside])

    def contact_pathways(self) -> Iterator[tuple[str, Pathway]]:
        """Those of which e-RS tells a day to be in touch by, a number to ring, or a request for advice."""
        for state in (ReferralState.DEFERRED_TO_PROVIDER, ReferralState.AWAITING_TRIAGE):
            for by in (date(2026, 11, 12), date(2026, 11, 27)):
                for phone in ("", "01632 960001"):
                    waits = referral(state=state, contact_by=by, service_phone=phone, service="Clinic 4")
                    yield f"in touch by {by}, {state} {phone}", self.only([], [waits])
                    yield f"on a list, in touch by {by}, {state} {phone}", self.only([row(ubrn=UBRN)], [waits])
        yield "booked with a number", self.only([], [referral(state=ReferralState.BOOKED, next_event=BOOKED, service_phone="01632 960001")])
        for words_of_it in ("the specialist has not answered yet", "it was cancelled", "we cannot tell where it stands"):
            yield f"advice: {words_of_it}", self.only([], [referral(state=ReferralState.UNKNOWN, advice=words_of_it)])
            yield f"on a list, advice: {words_of_it}", self.only([row(ubrn=UBRN)], [referral(advice=words_of_it)])

    def list_pathways(self) -> Iterator[tuple[str, Pathway]]:
        """Those of lists that show more than waiting."""
        seen = row(last_attended=date(2026, 6, 1))
        yield "seen once", self.only([seen])
        yield "two waits", self.only([row(clock_start=date(2026, 9, 1), original_referral_received=date(2025, 1, 5))])
        yield "planned", self.only([row(rtt_status="98", clock_start=None, due=date(2027, 1, 10))])
        yield "planned, gone by", self.only([row(rtt_status="98", clock_start=None, due=date(2026, 10, 10))])
        yield "for a test", self.only([row(treatment_function="812", rtt_status="92", clock_start=None)])
        yield "moved", self.only([row(rtt_status="21"), replace(row(), provider=facts.GENERAL)])
        yield "two starts", self.only([row(), replace(row(clock_start=date(2026, 4, 1)), provider=facts.GENERAL)])
        cancelled = referral(state=ReferralState.APPT_CANCELLED_BY_PROVIDER)
        yield "two systems", self.only([row(ubrn=UBRN, next_outpatient=SOON)], [cancelled])
        for kind, status in product(ActivityKind, ActivityStatus):
            beside = activity(kind, status, start=date(2026, 11, 10), local_id="P1")
            yield f"on a list, {kind} {status}", self.only([row()], activities=[beside])

    def gap_pathways(self) -> Iterator[tuple[str, Pathway]]:
        """Those that an extract of clocks or referrals, or a former list, knows of."""
        for move in ClockMove:
            yield f"clock {move}", self.held(clock_events=(self.moved(ClockMove.START, 3), self.moved(move, 10)), rows=(row(),))
        for answered in (None, date(2026, 11, 10)):
            sent = self.sent(received=answered)
            yield f"sent, received {answered}", self.held(referrals=(sent,))
            yield f"sent long ago, received {answered}", self.held(referrals=(replace(sent, sent=date(2026, 5, 1)),))
        yield "sent back", self.held(referrals=(self.sent(closed=date(2026, 11, 1), outcome="rejected"),))
        yield "left the list", self.held(former=(row(week_ending=date(2026, 11, 8)),), former_weeks=(date(2026, 11, 8),))

    def held(self, **given: Any) -> Pathway:
        held = HeldRows(**({"provider": CITY.value, "week_ending": WEEK, "rows": (), "source": "waiting_lists"} | given))
        (found,) = stitch(
            [held], [], about=facts.JANE, today=facts.TODAY, limit_days=10, organisations=facts.named, speaking=self._speaking
        )
        return found

    def moved(self, move: ClockMove, day: int) -> ClockEvent:
        status = {ClockMove.START: "10", ClockMove.STOP: "30", ClockMove.NULLIFY: "33"}[move]
        pathway = PathwayId("P1", "XFC01")
        return ClockEvent(facts.JANE, CITY, WEEK, date(2026, 11, day), move, status, "L1", pathway, None, "110", "clocks")

    def sent(self, **given: Any) -> ReferralRow:
        usual: dict[str, Any] = {
            "nhs_number": facts.JANE,
            "provider": CITY,
            "as_at": WEEK,
            "sent": date(2026, 9, 1),
            "received": None,
            "accepted": None,
            "closed": None,
            "outcome": "",
            "referrer": None,
            "local_patient_id": "L2",
            "pathway_id": None,
            "ubrn": UBRN,
            "treatment_function": "110",
            "source": "referral_extract",
        }
        return ReferralRow(**(usual | given))
