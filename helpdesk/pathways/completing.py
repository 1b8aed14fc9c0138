"""What every pathway has, whichever source it was made from: its events, its course, and others that may be the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from helpdesk.pathways.alike import with_alike
from helpdesk.pathways.clock_history import clock_history
from helpdesk.pathways.clock_reading import Reading, days_since_referral
from helpdesk.pathways.course import course_of
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import Pathway
from helpdesk.pathways.timeline import timeline


def completed(pathways: Sequence[Pathway], joins: Sequence[Joined], today: date) -> tuple[Pathway, ...]:
    """`joins` are the facts that the pathways were made of; one that is known by a former list alone has none there."""
    of_key = {joined.key: joined for joined in joins}
    return with_alike([_completed(p, of_key[p.key], today) if p.key in of_key else p for p in pathways], today)


def _completed(pathway: Pathway, joined: Joined, today: date) -> Pathway:
    pathway = replace(pathway, events=timeline(joined, today))
    if joined.rows or joined.referrals:
        return pathway
    history = clock_history(e for e in joined.clock_events if e.day <= pathway.waited_to)
    reading = Reading(pathway.clock_start, pathway.clock_running, history)
    return replace(
        pathway,
        course=course_of(joined, reading, today, ask_team=pathway.ask_team),
        days_since_referral=days_since_referral(joined, reading, pathway.waited_to),
    )
