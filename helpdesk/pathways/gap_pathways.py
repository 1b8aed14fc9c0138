"""A pathway that no list, no e-RS referral and no provider's system holds now: it is known by what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from helpdesk.identifiers import OdsCode
from helpdesk.pathways.bookings import NamesOf
from helpdesk.pathways.extract_rows import ReferralRow
from helpdesk.pathways.gap_facts import Witness
from helpdesk.pathways.gap_left import Gone
from helpdesk.pathways.gap_words import own_sayings
from helpdesk.pathways.joining import Joined
from helpdesk.pathways.model import Coded, Course, Gap, GapKind, ListKind, ListRow, Pathway
from helpdesk.pathways.reference import asks_team, is_sensitive, specialty
from helpdesk.pathways.speaking import Speaking
from helpdesk.pathways.standing import Standing


def of_gone(gone: Gone, until: date, organisations: NamesOf) -> Pathway:
    """As it stood on the last list that held it. Nothing of its wait is counted, since nobody knows whether it goes on,
    and no date of that list is told."""
    row = gone.row
    ask_team = row.ask_team or asks_team(row.treatment_function)
    plain = _plain(gone.joined, row, until, organisations)
    return replace(
        plain,
        list_kind=row.list_kind,
        clock_start=row.clock_start,
        referred=row.referral_received,
        standing=Standing.LEFT_LIST.value,
        ask_team=ask_team,
        course=Course.ASK_TEAM if ask_team else Course.RTT if row.list_kind is ListKind.RTT else Course.UNKNOWN,
        as_at=gone.held.week_ending,
    )


def of_sent(joined: Joined, until: date, organisations: NamesOf) -> Pathway:
    """A referral that only an extract of referrals knows of."""
    sent = joined.sent[0]
    plain = _plain(joined, sent, until, organisations)
    return replace(plain, referred=sent.sent, standing=Standing.NOT_SEEN.value, as_at=sent.as_at)


def told(pathway: Pathway, gap: Gap, today: date, speaking: Speaking) -> Pathway:
    """The pathway with its gap and what is said of it."""
    if gap.kind is GapKind.REJECTED_NO_ACTION:
        pathway = replace(pathway, standing=Standing.RETURNED.value)
    who = Witness("", gap.sources[0] if gap.sources else "", gap.as_at)
    return replace(pathway, gaps=(gap,), sayings=own_sayings(gap.kind, pathway, gap.since, who, today, speaking))


def _plain(joined: Joined, fact: ListRow | ReferralRow, until: date, organisations: NamesOf) -> Pathway:
    return Pathway(
        key=joined.key,
        nhs_number=fact.nhs_number,
        specialty=specialty(fact.treatment_function) if fact.treatment_function.strip() else Coded("", ""),
        provider=Coded(fact.provider.value, organisations(fact.provider.value)),
        list_kind=ListKind.UNKNOWN,
        clock_start=None,
        clock_running=False,
        days_waited=None,
        weeks_band=None,
        waited_to=until,
        mark_18_weeks=None,
        referred=None,
        next_event=None,
        standing="",
        sensitive=_sensitive(fact.treatment_function, fact.provider),
        ask_team=asks_team(fact.treatment_function),
        sources=(fact.source,),
        as_at=None,
    )


def _sensitive(treatment_function: str, provider: OdsCode) -> bool:
    """What has no treatment function counts as sensitive: nobody can say that it is not."""
    return not treatment_function.strip() or is_sensitive(treatment_function, provider)
