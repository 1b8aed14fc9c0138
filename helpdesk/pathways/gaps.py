"""Works out where a patient's pathways are stuck, from what all sources together show and do not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.bookings import NamesOf
from helpdesk.pathways.days import shown
from helpdesk.pathways.gap_causes import Cause, cause_of, lasted
from helpdesk.pathways.gap_facts import Facts, Witness
from helpdesk.pathways.gap_left import Gone, gone, twice_since
from helpdesk.pathways.gap_pathways import of_gone, of_sent, told
from helpdesk.pathways.gap_rules import WORST_FIRST, GapRule, ask_team_hand_off, gap_rules
from helpdesk.pathways.gap_words import gap_sentences
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import Gap, GapKind, Pathway, Severity
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.speaking import Speaking

_IN_ORDER = {kind: place for place, kind in enumerate(GapKind)}


@dataclass(frozen=True)
class Day:
    """The day at the desk, and for how long after its date a list of each source still speaks for it."""

    today: date
    limit_days: int
    limits: Mapping[str, int]
    organisations: NamesOf
    speaking: Speaking = field(default_factory=Speaking)

    def spoken_for(self, held: HeldRows) -> date:
        limit = self.limits.get(held.source, self.limit_days)
        return self.today if (self.today - held.week_ending).days <= limit else held.week_ending


def with_gaps(found: Sequence[Pathway], joins: Sequence[Joined], held: Sequence[HeldRows], about: NhsNumber, day: Day) -> list[Pathway]:
    """The pathways with their gaps, the most severe first, and those that only their gap shows. `joins` are the facts
    that the pathways were made of. Raises RuleBroken when a former list answered about somebody else."""
    left = gone(held, joins, about)
    of_key = {joined.key: joined for joined in joins}
    lost = {joined.key: g for g in left for joined in joins if not joined.rows and _shares(joined, g.joined)}
    gapped = [_gapped(p, of_key.get(p.key), lost.get(p.key), held, day) for p in found]
    shown_keys = {p.key for p in found}
    alone = [g for g in left if not any(lost.get(key) is g for key in shown_keys)]
    gapped += [_known_by_leaving(g, held, day) for g in alone]
    unseen = [j for j in joins if j.sent and j.key not in shown_keys and j.key not in lost and not (j.rows or j.referrals or j.activities)]
    return gapped + [p for j in unseen if (p := _known_by_sending(j, held, day)) is not None]


def gaps_of(facts: Facts) -> tuple[Gap, ...]:
    """Where one pathway is stuck: by one cause, and where two lists hold it at once by that too."""
    rules = gap_rules(facts.today)
    found = []
    cause = cause_of(facts)
    if cause is not None and (rule := rules.get(cause.kind)) is not None:
        found.append(_weighed(facts, cause, rule))
    found.append(_twice(facts, rules.get(GapKind.HELD_TWICE)))
    return tuple(sorted((g for g in found if g is not None), key=_order))


def _gapped(pathway: Pathway, joined: Joined | None, left: Gone | None, held: Sequence[HeldRows], day: Day) -> Pathway:
    if joined is None:
        return pathway
    facts = Facts(pathway, joined, tuple(held), day.today, min(pathway.waited_to, day.today), day.organisations, day.speaking)
    if left is not None and (gap := _left(facts, left, day)) is not None:
        return replace(pathway, gaps=(gap,))
    return replace(pathway, gaps=gaps_of(facts))


def _known_by_leaving(left: Gone, held: Sequence[HeldRows], day: Day) -> Pathway:
    pathway = of_gone(left, day.spoken_for(left.held), day.organisations)
    facts = Facts(pathway, left.joined, tuple(held), day.today, pathway.waited_to, day.organisations, day.speaking)
    gap = _left(facts, left, day)
    return pathway if gap is None else told(pathway, gap, day.today, day.speaking)


def _known_by_sending(joined: Joined, held: Sequence[HeldRows], day: Day) -> Pathway | None:
    sent = joined.sent[0]
    until = day.today if (day.today - sent.as_at).days <= day.limits.get(sent.source, day.limit_days) else sent.as_at
    pathway = of_sent(joined, until, day.organisations)
    gaps = gaps_of(Facts(pathway, joined, tuple(held), day.today, until, day.organisations, day.speaking))
    return told(pathway, gaps[0], day.today, day.speaking) if gaps else None


def _shares(one: Joined, other: Joined) -> bool:
    """Whether they hold a fact in common that is not a list's."""
    mine = {*one.referrals, *one.activities, *one.sent}
    return not mine.isdisjoint((*other.referrals, *other.activities, *other.sent))


def _weighed(facts: Facts, cause: Cause, rule: GapRule) -> Gap | None:
    days = lasted(cause, rule, facts.until)
    severity = None if days is None else rule.severity(days) if cause.dated else rule.undated
    if days is None or severity is None:
        return None
    return _gap(facts, cause, rule, severity, days)


def _left(facts: Facts, left: Gone, day: Day) -> Gap | None:
    """Where the provider sends no clock stops nobody can see one, so that it is told as less certain."""
    rule = gap_rules(facts.today).get(GapKind.LEFT_LIST_WITHOUT_STOP)
    if rule is None:
        return None
    stops = left.held.clocks_as_at
    seen = stops is not None and stops >= left.since
    who = Witness(f"the list of {facts.here}", left.row.source, left.held.week_ending)
    known = "no clock stop is known" if seen else "this provider's clock stops are not known here up to then"
    words = f"{who.words[:1].upper()}{who.words[1:]} showed it in the week ending {shown(left.row.week_ending)}, not in the week ending"
    cause = Cause(GapKind.LEFT_LIST_WITHOUT_STOP, left.since, f"{words} {shown(left.since)}; {known}.", (who,))
    days = (day.spoken_for(left.held) - left.since).days
    severity = rule.severity(days) if seen else rule.undated
    return None if severity is None else _gap(facts, cause, rule, severity, days)


def _twice(facts: Facts, rule: GapRule | None) -> Gap | None:
    both = twice_since(facts.joined, facts.held)
    if both is None or rule is None:
        return None
    since, rows = both
    one, two = (facts.of_row(row) for row in rows)
    words = f"Two entries hold it and both count: {one.words} and {two.words}, both since {shown(since)}."
    days = (facts.until - since).days
    severity = rule.severity(days)
    cause = Cause(GapKind.HELD_TWICE, since, words, (one, two))
    return None if severity is None else _gap(facts, cause, rule, severity, days)


def _gap(facts: Facts, cause: Cause, rule: GapRule, severity: Severity, days: int) -> Gap:
    turn = cause.turn or rule.turn
    hand_off = ask_team_hand_off() if facts.pathway.ask_team else rule.hand_off
    who = cause.witnesses[0]
    return Gap(
        kind=cause.kind,
        severity=severity,
        since=cause.since,
        days=days,
        evidence=cause.evidence,
        turn=turn,
        hand_off=hand_off.format(provider=facts.here),
        say=gap_sentences(cause.kind, turn, facts.pathway, cause.since, who, facts.speaking),
        sources=tuple(dict.fromkeys(w.source for w in cause.witnesses)),
        as_at=_oldest(cause.witnesses),
    )


def _oldest(witnesses: Sequence[Witness]) -> date | None:
    return min((w.day for w in witnesses if w.day is not None), default=None)


def _order(gap: Gap) -> tuple[int, int, date]:
    return WORST_FIRST.index(gap.severity), _IN_ORDER[gap.kind], gap.since
