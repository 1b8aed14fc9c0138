"""The Retry-After header. Source: RFC 9110, 10.2.3."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,9}")


def seconds_in(text: str, received: datetime) -> float | None:
    """How long to wait from when the reply came, or None where the header says nothing that can be read."""
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        moment: datetime = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - received).total_seconds())
