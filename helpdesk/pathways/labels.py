"""What a source is called where two of them are set side by side: with the day that it speaks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from helpdesk.clock import london_day
from helpdesk.pathways.days import shown
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import ListRow


def dated(who: str, as_at: date | datetime | None) -> str:
    """Fenmoor City list (15-Nov-2026)."""
    if as_at is None:
        return who
    return f"{who} ({shown(london_day(as_at) if isinstance(as_at, datetime) else as_at)})"


def list_label(row: ListRow, organisations: Callable[[str], str]) -> str:
    return dated(f"{organisations(row.provider.value)} list", row.week_ending)


def clock_label(event: ClockEvent, organisations: Callable[[str], str]) -> str:
    return dated(f"{organisations(event.provider.value)} clock extract", event.as_at)


def referral_label(sent: ReferralRow) -> str:
    return dated("referral extract", sent.as_at)
