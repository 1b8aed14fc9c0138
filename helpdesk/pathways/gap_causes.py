"""Finds the one cause that a pathway is stuck by: what matters most first, so that one cause is never two gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from helpdesk.pathways.activity import ActivityKind, ActivityStatus
from helpdesk.pathways.bookings import CALLED_OFF
from helpdesk.pathways.clock import ClockEffect, clock_effect
from helpdesk.pathways.days import shown
from helpdesk.pathways.gap_facts import Facts, Happening, What, Witness, days_known, is_over, was_nullified
from helpdesk.pathways.gap_rules import GapRule, is_sent_back, list_shows_by
from helpdesk.pathways.live_bookings import STANDS, day_of
from helpdesk.pathways.model import Course, GapKind, ListKind, Referral, ReferralState, Turn
from helpdesk.pathways.standing import Standing

_WITH_PROVIDER = frozenset({ReferralState.DEFERRED_TO_PROVIDER, ReferralState.AWAITING_TRIAGE})
_AT_PROVIDER = _WITH_PROVIDER | {ReferralState.TRIAGED_PROVIDER_TO_ACTION}
_SENT_BACK = frozenset({ReferralState.REJECTED, ReferralState.TRIAGE_RESPONSE, ReferralState.ASSESSMENT_RESULT})
_LIVE = frozenset({ActivityStatus.ACTIVE, ActivityStatus.TO_BOOK, ActivityStatus.UNKNOWN})
_OF_DATE = {
    What.CANCELLED: (GapKind.CANCELLED_NOT_REBOOKED, "shows an appointment cancelled on"),
    What.MISSED: (GapKind.MISSED_NOT_REBOOKED, "shows an appointment missed on"),
    What.DATED: (GapKind.DATE_PASSED_NO_OUTCOME, "shows a date on"),
}


@dataclass(frozen=True)
class Cause:
    """Why it is stuck. `dated` is False where the source tells the state and not since when: `since` is then the day on
    which it was seen. `until` is the day that the sources of this cause speak for, where it is not the pathway's."""

    kind: GapKind
    since: date
    evidence: str
    witnesses: tuple[Witness, ...]
    dated: bool = True
    turn: Turn | None = None
    until: date | None = None
    began: date | None = None
    """Of what is not dated: since when it can have been so at all."""


def cause_of(facts: Facts) -> Cause | None:
    """The cause, whether or not it has lasted long enough. None while something is booked, while sources contradict each
    other about whether anything is, and where the wait is over. `low` holds the first day of each kind."""
    if _has_a_date(facts) or facts.pathway.standing.split(";")[0] == Standing.DISAGREE.value:
        return None
    if is_over(facts.joined):
        return _missed_alone(facts) if was_nullified(facts.joined) else None
    last = facts.last()
    rules = (
        _sent_back(facts, last),
        _of_a_date(last),
        _called_off_in_ers(facts, last),
        _not_booked(facts, last),
        _overdue(facts, last),
        _not_received(facts),
        _nothing(facts, last),
    )
    return next((cause for cause in rules if cause is not None), None)


def _has_a_date(facts: Facts) -> bool:
    return facts.pathway.next_event is not None or any(
        a.start is not None and day_of(a.start) >= facts.today and a.status in STANDS for a in facts.joined.activities
    )


def _missed_alone(facts: Facts) -> Cause | None:
    last = facts.last()
    return _of_a_date(last) if last is not None and last.what is What.MISSED else None


def _sent_back(facts: Facts, last: Happening | None) -> Cause | None:
    for sent in facts.joined.sent[:1]:
        back = sent.closed is not None and is_sent_back(sent.outcome) and not _has_arrived(facts, sent.closed)
        if back and sent.closed is not None and (last is None or last.day <= sent.closed):
            who = facts.of_sent(sent)
            words = f"{_begun(who)} shows the referral sent back on {shown(sent.closed)}; nothing is known of it since."
            return Cause(GapKind.REJECTED_NO_ACTION, sent.closed, words, (who,))
    referral = facts.joined.referral
    if referral is None or not _is_sent_back(facts, referral):
        return None
    who = facts.of_referral(referral)
    held = f" {_begun(facts.of_row(facts.joined.rows[0]))} still holds it." if facts.joined.rows else ""
    words = f"{_begun(who)} shows the referral sent back or no longer open, without saying since when.{held}"
    turn = Turn.PROVIDER if referral.state is ReferralState.CANCELLED_REFERRAL else None
    return _undated(GapKind.REJECTED_NO_ACTION, facts, words, who, referral, turn)


def _is_sent_back(facts: Facts, referral: Referral) -> bool:
    """A referral that was cancelled is a gap only while a provider's list still holds it: else nobody waits for it."""
    if any(h.what is What.TOOK_PLACE for h in facts.happenings()):
        return False
    return referral.state in _SENT_BACK or (referral.state is ReferralState.CANCELLED_REFERRAL and bool(facts.joined.rows))


def _of_a_date(last: Happening | None) -> Cause | None:
    if last is None or last.what not in _OF_DATE:
        return None
    kind, words = _OF_DATE[last.what]
    after = "no outcome is known" if last.what is What.DATED else "nothing is booked since"
    told = last.witness.day
    known_to = None if last.what is not What.DATED or told is None or told > last.day else last.day
    evidence = f"{_begun(last.witness)} {words} {shown(last.day)}; {after}."
    return Cause(kind, last.day, evidence, (last.witness,), until=known_to)


def _called_off_in_ers(facts: Facts, last: Happening | None) -> Cause | None:
    """What e-RS alone says; it tells no day. Once somebody was seen its state is of what was before."""
    referral = facts.joined.referral
    if referral is None or last is not None:
        return None
    who = facts.of_referral(referral)
    if referral.state in CALLED_OFF:
        words = f"{_begun(who)} shows the appointment cancelled, without saying when; nothing is booked since."
        return _undated(GapKind.CANCELLED_NOT_REBOOKED, facts, words, who, referral)
    if referral.state is ReferralState.DID_NOT_ATTEND:
        words = f"{_begun(who)} shows the appointment missed, without saying when; nothing is booked since."
        return _undated(GapKind.MISSED_NOT_REBOOKED, facts, words, who, referral)
    return None


def _not_booked(facts: Facts, last: Happening | None) -> Cause | None:
    if last is not None:
        return None
    referral = facts.joined.referral
    if referral is not None and referral.state is ReferralState.NOT_BOOKED:
        who, turn = facts.of_referral(referral), None
    else:
        asked = next((a for a in facts.joined.activities if a.status is ActivityStatus.TO_BOOK), None)
        if asked is None:
            return None
        who, turn = facts.of_activity(asked), Turn.PROVIDER
    began = _began(facts)
    if began is None:
        words = f"{_begun(who)} shows that nothing has been booked yet, without saying since when."
        seen = who.day or facts.until
        return Cause(GapKind.NOT_BOOKED, seen, words, (who,), dated=False, turn=turn)
    words = f"{_begun(who)} shows that nothing has been booked yet; the referral is of {shown(began)}."
    return Cause(GapKind.NOT_BOOKED, began, words, (who,), turn=turn)


def _overdue(facts: Facts, last: Happening | None) -> Cause | None:
    """The latest day by which it was to be acted on, once it has gone by with nothing after it."""
    due = max(_dues(facts), key=lambda d: (d[0], d[1].words), default=None)
    if due is None or due[0] >= facts.today or (last is not None and last.day >= due[0]):
        return None
    day, who = due
    words = f"{_begun(who)} gave {shown(day)} as the day to act by; nothing is booked."
    return Cause(GapKind.DEFERRED_OVERDUE, day, words, (who,))


def _dues(facts: Facts) -> list[tuple[date, Witness]]:
    """The provider's own list first, then e-RS, then what its system says."""
    joined = facts.joined
    listed = [(row.due, facts.of_row(row)) for row in joined.rows if row.due is not None]
    asked = [(r.contact_by, facts.of_referral(r)) for r in joined.referrals[:1] if r.contact_by is not None and r.state in _WITH_PROVIDER]
    live = (a for a in joined.activities if a.status in _LIVE and a.kind is not ActivityKind.TASK)
    own = [(a.due, facts.of_activity(a)) for a in live if a.due is not None]
    return listed or asked or own


def _not_received(facts: Facts) -> Cause | None:
    """Sent, and in no list and no system of the provider. What looks like it there counts as arrived."""
    joined = facts.joined
    if joined.rows or any(a.provider is not None for a in joined.activities):
        return None
    sent = joined.sent[0] if joined.sent else None
    if sent is not None and (sent.received or sent.accepted or sent.closed):
        return None
    if sent is not None and sent.sent is not None:
        day, who, code = sent.sent, facts.of_sent(sent), sent.provider.value
    else:
        referral = joined.referral
        if referral is None or referral.provider is None or referral.clock_start is None or referral.state not in _AT_PROVIDER:
            return None
        day, who, code = referral.clock_start, facts.of_referral(referral), referral.provider.value
    held = next((h for h in facts.held if h.provider == code and h.has_list), None)
    if (held is None and sent is None) or (held is not None and (held.week_ending - day).days < list_shows_by()):
        return None
    if _has_arrived(facts, day):
        return None
    where = "" if held is None else f" The list of {facts.here} (week ending {shown(held.week_ending)}) does not show it."
    words = f"{_begun(who)} shows the referral sent on {shown(day)} and nothing of its arrival.{where}"
    until = min(facts.today, who.day or facts.today) if held is None else None
    return Cause(GapKind.NOT_RECEIVED, day, words, (who,), until=until)


def _has_arrived(facts: Facts, day: date) -> bool:
    """Whether some list holds a wait of the same specialty that began no earlier."""
    own = facts.pathway.specialty.code
    rows = (row for held in facts.held for row in held.rows)
    begun = (
        max(days_known((row.referral_received, row.clock_start)), default=date.min) for row in rows if _same(row.treatment_function, own)
    )
    return any(began >= day for began in begun)


def _same(treatment_function: str, code: str) -> bool:
    return bool(code) and treatment_function.strip().upper().removeprefix("C_") == code


def _nothing(facts: Facts, last: Happening | None) -> Cause | None:
    if not _still_waits(facts):
        return None
    since = last.day if last is not None else _began(facts)
    if since is None:
        return None
    rows = facts.joined.rows
    who = facts.of_row(rows[0]) if rows else _own_word(facts)
    what = "the last thing recorded is of" if last is not None else "nothing is recorded since the wait began on"
    also = (last.witness,) if last is not None and last.witness != who else ()
    return Cause(GapKind.NO_ACTIVITY, since, f"{_begun(who)}: {what} {shown(since)}, and nothing is booked.", (who, *also))


def _still_waits(facts: Facts) -> bool:
    """Whether somebody is expected to act now: not after treatment, while a check is kept, or on a planned list."""
    if facts.pathway.course is Course.PLANNED:
        return False
    row = facts.joined.row
    if row is None:
        waits = (ActivityKind.WAITING, ActivityKind.REFERRAL)
        listed = any(a.kind in waits and a.status in _LIVE for a in facts.joined.activities)
        return listed or (facts.joined.referral is not None and facts.joined.referral.state in _AT_PROVIDER)
    effect = clock_effect(row.rtt_status)
    return effect is ClockEffect.RUNNING or (
        effect is ClockEffect.UNKNOWN and (row.list_kind is ListKind.NOT_RTT or row.clock_start is not None)
    )


def _own_word(facts: Facts) -> Witness:
    referral = facts.joined.referral
    return facts.of_referral(referral) if referral is not None else facts.of_activity(facts.joined.activities[0])


def _began(facts: Facts) -> date | None:
    """The latest day from which this wait counts: on a clock that began again, that day."""
    joined = facts.joined
    listed = [day for row in joined.rows for day in (row.clock_start, row.referral_received)]
    told = [r.clock_start for r in joined.referrals[:1]] + [s.sent for s in joined.sent[:1]]
    own = [day for a in joined.activities for day in (a.clock_start, a.referred)]
    return max(days_known([*listed, *told, *own]), default=None)


def _undated(kind: GapKind, facts: Facts, words: str, who: Witness, referral: Referral, turn: Turn | None = None) -> Cause:
    seen = min(who.day or facts.until, facts.today)
    return Cause(kind, seen, words, (who,), dated=False, turn=turn, began=referral.clock_start or _began(facts))


def lasted(cause: Cause, rule: GapRule, until: date) -> int | None:
    """For how many days, or None where it cannot have been so for long enough."""
    days = ((cause.until or until) - cause.since).days
    if cause.dated:
        return days if days >= rule.low else None
    if cause.began is not None and (until - cause.began).days < rule.low:
        return None
    return max(0, days)


def _begun(who: Witness) -> str:
    return who.words[:1].upper() + who.words[1:] if not who.words.startswith("e-RS") else who.words
