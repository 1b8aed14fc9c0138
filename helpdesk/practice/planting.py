"""Makes known shares of the area's pathways stuck in each way, others only look so, and keeps the rest from being stuck."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from helpdesk.pathways.model import GapKind, ListKind, ReferralState
from helpdesk.practice.content import content
from helpdesk.practice.model import AreaPerson
from helpdesk.practice.organisations import Provider, practices, providers
from helpdesk.practice.pathways import Plan

_WITH_PROVIDER = (ReferralState.DEFERRED_TO_PROVIDER, ReferralState.AWAITING_TRIAGE, ReferralState.TRIAGED_PROVIDER_TO_ACTION)
_QUIET_DAYS = 70
"""After so many days without anything a wait is near the point at which it counts as stuck."""
_TOLD_BY_DAYS = 50
"""After more days the provider should have been in touch about what it was only given."""
Change = Callable[[random.Random, Plan], Plan]


def planted(draw: random.Random, waiting: Iterable[tuple[AreaPerson, Plan]]) -> Iterator[tuple[AreaPerson, Plan]]:
    """The same pathways, each of them stuck in one way, looking so, or neither."""
    held = content("gaps")
    ways: dict[str, Change] = {f"stuck {kind}": partial(_stuck, GapKind(kind)) for kind in held["stuck"]}
    ways |= {f"looks {name}": _LOOKS_SO[name] for name in held["looks_so"]}
    weights = [*held["stuck"].values(), *held["looks_so"].values()]
    names, shares = [*ways, ""], [*weights, 1000 - sum(weights)]
    for person, plan in waiting:
        name = draw.choices(names, shares)[0]
        quiet = moving(draw, plan)
        yield person, ways[name](draw, quiet) if name and plan.list_kind is ListKind.RTT else _other(name, draw, quiet)


def moving(draw: random.Random, plan: Plan) -> Plan:
    """The pathway with something booked, or with something done lately, or begun not long ago."""
    if plan.outpatient is not None or plan.admission is not None:
        return replace(plan, due=None)
    seen = -draw.randrange(5, 60) if plan.clock < -_QUIET_DAYS else None
    to_hear = _WITH_PROVIDER if plan.clock > -_TOLD_BY_DAYS else _WITH_PROVIDER[-1:]
    state = None if plan.ers is None else ReferralState.BOOKED if seen is not None else draw.choice(to_hear)
    status = plan.status if seen is None or plan.status == "11" or not plan.status else "20"
    return replace(plan, attended=seen, cancelled=None, missed=None, due=None, ers=state, status=status)


def _other(name: str, draw: random.Random, plan: Plan) -> Plan:
    """A community list has no clock and no booking reference: fewer things can be seen to be stuck there."""
    at_any = (GapKind.CANCELLED_NOT_REBOOKED, GapKind.MISSED_NOT_REBOOKED, GapKind.DATE_PASSED_NO_OUTCOME, GapKind.NO_ACTIVITY)
    kind = next((k for k in at_any if name == f"stuck {k.value}"), None)
    return _stuck(kind, draw, plan) if kind is not None else plan


def _stuck(kind: GapKind, draw: random.Random, plan: Plan) -> Plan:
    bare = replace(plan, outpatient=None, admission=None, attended=None, missed=None, cancelled=None, due=None)
    return replace(_STUCK[kind](draw, replace(bare, status=_waiting(plan))), planted=kind)


def _waiting(plan: Plan) -> str:
    """A status with which nothing need have happened yet; being moved on is no such."""
    return plan.status if plan.status in ("", "11", "12") else "10"


def _back(draw: random.Random, plan: Plan, least: int, most: int) -> int:
    """Days before today, the least of them before the provider's newest list too."""
    return -(draw.randrange(least, most) + 7 * plan.provider.weeks_old + 7)


def _since(plan: Plan, days: int) -> Plan:
    """Begun no later than that day."""
    clock = min(plan.clock, days)
    return replace(plan, clock=clock, original=None if plan.original is None else min(plan.original, clock - 90))


def _begun(plan: Plan, days: int) -> Plan:
    """Begun on that very day, as for what has waited since its beginning."""
    return replace(plan, clock=days, original=None, status="10" if plan.status else "")


def _not_received(draw: random.Random, plan: Plan) -> Plan:
    return replace(plan, sent=_back(draw, plan, 15, 90), referrer=draw.choice(practices()).ods, listed=False, ers=None)


def _not_booked(draw: random.Random, plan: Plan) -> Plan:
    return replace(_begun(plan, _back(draw, plan, 24, 130)), ers=ReferralState.NOT_BOOKED)


def _overdue(draw: random.Random, plan: Plan) -> Plan:
    due = _back(draw, plan, 2, 55)
    begun = _begun(plan, due - draw.randrange(20, 90))
    return replace(begun, due=due, ers=ReferralState.DEFERRED_TO_PROVIDER if plan.ers else None)


def _rejected(draw: random.Random, plan: Plan) -> Plan:
    if plan.ers is not None:
        return replace(_begun(plan, _back(draw, plan, 20, 120)), ers=ReferralState.REJECTED)
    closed = -draw.randrange(8, 70)
    sent, outcome = closed - draw.randrange(3, 20), draw.choice(("rejected", "sent back"))
    return replace(plan, listed=False, referrer=draw.choice(practices()).ods, sent=sent, closed=closed, outcome=outcome)


def _cancelled(draw: random.Random, plan: Plan) -> Plan:
    day = _back(draw, plan, 15, 110)
    off = (ReferralState.APPT_CANCELLED_BY_PATIENT, ReferralState.APPT_CANCELLED_BY_PROVIDER)
    return replace(_since(plan, day - 40), cancelled=day, ers=draw.choice(off) if plan.ers else None)


def _missed(draw: random.Random, plan: Plan) -> Plan:
    day = _back(draw, plan, 15, 110)
    return replace(_since(plan, day - 40), missed=day, ers=ReferralState.DID_NOT_ATTEND if plan.ers else None)


def _passed(draw: random.Random, plan: Plan) -> Plan:
    day = _back(draw, plan, 8, 60)
    return replace(_since(plan, day - 40), outpatient=day, ers=ReferralState.BOOKED if plan.ers else None)


def _nothing(draw: random.Random, plan: Plan) -> Plan:
    last = _back(draw, plan, 85, 300)
    if draw.random() < 0.5:
        return replace(_begun(plan, last), ers=ReferralState.TRIAGED_PROVIDER_TO_ACTION if plan.ers else None)
    state = ReferralState.BOOKED if plan.ers else None
    return replace(_since(plan, last - 30), attended=last, status="20" if plan.status else "", ers=state)


def _gone(draw: random.Random, plan: Plan) -> Plan:
    """Gone since one to three lists, and nobody says that its clock stopped."""
    return replace(_since(plan, _back(draw, plan, 60, 200)), left=draw.randrange(1, 4), ers=None, attended=-draw.randrange(60, 75))


def _twice(draw: random.Random, plan: Plan) -> Plan:
    """On two hospitals' lists at once, and both count."""
    begun = _since(plan, _back(draw, plan, 40, 200))
    return replace(begun, also=_another(plan.provider), attended=-draw.randrange(40, 60), status="20", ers=ReferralState.BOOKED)


def _another(provider: Provider) -> Provider:
    return next(p for p in providers() if p.kind == provider.kind and p is not provider)


_STUCK: Mapping[GapKind, Change] = {
    GapKind.NOT_RECEIVED: _not_received,
    GapKind.NOT_BOOKED: _not_booked,
    GapKind.DEFERRED_OVERDUE: _overdue,
    GapKind.REJECTED_NO_ACTION: _rejected,
    GapKind.CANCELLED_NOT_REBOOKED: _cancelled,
    GapKind.MISSED_NOT_REBOOKED: _missed,
    GapKind.DATE_PASSED_NO_OUTCOME: _passed,
    GapKind.NO_ACTIVITY: _nothing,
    GapKind.LEFT_LIST_WITHOUT_STOP: _gone,
    GapKind.HELD_TWICE: _twice,
}


def _bare(plan: Plan) -> Plan:
    return replace(
        plan, outpatient=None, admission=None, attended=None, missed=None, cancelled=None, due=None, ers=None, status=_waiting(plan)
    )


def _just_sent(draw: random.Random, plan: Plan) -> Plan:
    return replace(_bare(plan), sent=-draw.randrange(2, 13), referrer=draw.choice(practices()).ods, listed=False)


def _withdrawn(draw: random.Random, plan: Plan) -> Plan:
    closed = -draw.randrange(8, 70)
    return replace(_bare(plan), sent=closed - 10, closed=closed, outcome="withdrawn", referrer=draw.choice(practices()).ods, listed=False)


def _just_cancelled(draw: random.Random, plan: Plan) -> Plan:
    return replace(_since(_bare(plan), -90), cancelled=-draw.randrange(8, 13))


def _just_missed(draw: random.Random, plan: Plan) -> Plan:
    return replace(_since(_bare(plan), -90), missed=-draw.randrange(8, 13))


def _just_passed(draw: random.Random, plan: Plan) -> Plan:
    return replace(_since(_bare(plan), -90), outpatient=-draw.randrange(1, 6))


def _due_soon(draw: random.Random, plan: Plan) -> Plan:
    return replace(_begun(_bare(plan), -draw.randrange(20, _QUIET_DAYS)), due=draw.randrange(0, 30))


def _quiet(draw: random.Random, plan: Plan) -> Plan:
    return _begun(_bare(plan), -draw.randrange(_QUIET_DAYS, 84))


def _stopped(draw: random.Random, plan: Plan) -> Plan:
    gone = _since(_bare(plan), _back(draw, plan, 60, 200))
    left = draw.randrange(1, 4)
    return replace(gone, left=left, stopped=-(7 * (plan.provider.weeks_old + left) + 1))


def _moved_on(draw: random.Random, plan: Plan) -> Plan:
    """Moved from one hospital to another: the first still lists it, and says so."""
    begun = _since(replace(_bare(plan), status="20"), _back(draw, plan, 40, 200))
    return replace(begun, attended=-draw.randrange(40, 60), also=_another(plan.provider), also_status="21", ers=ReferralState.BOOKED)


def _arrived(draw: random.Random, plan: Plan) -> Plan:
    """Sent, received and listed."""
    return replace(plan, sent=plan.clock - draw.randrange(1, 5), received=plan.clock, referrer=draw.choice(practices()).ods)


_LOOKS_SO: Mapping[str, Change] = {
    "just_sent": _just_sent,
    "just_cancelled": _just_cancelled,
    "just_missed": _just_missed,
    "just_passed": _just_passed,
    "due_soon": _due_soon,
    "quiet_for_now": _quiet,
    "left_with_a_stop": _stopped,
    "moved_on": _moved_on,
    "withdrawn": _withdrawn,
    "arrived": _arrived,
}
