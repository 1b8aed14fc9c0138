"""Each state seen of a referral is kept whole, and what was kept before there was more to keep still reads."""

from __future__ import annotations

import json
from datetime import date

from pathway_facts import JANE, SEEN, UBRN, referral

from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import EventKind, NextEvent, ReferralState


class Rows:
    """Observations in hand."""

    def __init__(self) -> None:
        self.held: list[tuple[str, str, str]] = []

    def keep(self, source: str, patient: NhsNumber, key: str, as_at: str, payload: str) -> None:
        assert (source, patient) == ("ers", JANE)
        self.held.append((key, as_at, payload))

    def latest(self, source: str, patient: NhsNumber) -> list[tuple[str, str, str]]:
        return self.held if (source, patient) == ("ers", JANE) else []


FULL = referral(
    state=ReferralState.DEFERRED_TO_PROVIDER,
    clock_start=date(2026, 9, 1),
    service="Hip clinic",
    next_event=NextEvent(EventKind.OUTPATIENT, date(2026, 12, 4)),
    contact_by=date(2026, 11, 12),
    service_phone="01632 960001",
    advice="it has ended",
)


def test_all_of_it_is_kept_and_read_back() -> None:
    rows = Rows()
    KeptReferrals(rows).keep(FULL)
    KeptReferrals(rows).keep(referral())
    assert KeptReferrals(rows).latest("ers", JANE) == (FULL, referral())


def test_what_was_kept_before_there_was_more_to_keep_is_read() -> None:
    rows = Rows()
    KeptReferrals(rows).keep(FULL)
    ((key, as_at, payload),) = rows.held
    old = {name: value for name, value in json.loads(payload).items() if name not in ("contact_by", "service_phone", "advice")}
    rows.held = [(key, as_at, json.dumps(old))]
    (read,) = KeptReferrals(rows).latest("ers", JANE)
    assert (read.ubrn, read.state, read.as_at) == (UBRN, ReferralState.DEFERRED_TO_PROVIDER, SEEN)
    assert (read.contact_by, read.service_phone, read.advice) == (None, "", "")
