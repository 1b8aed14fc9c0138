"""When something that is harmless to repeat is tried again."""

from __future__ import annotations

import random
from datetime import datetime

from connectors.calls import Failed, Raw
from connectors.retry_after import seconds_in

_FIRST_S = 0.1
_MOST_S = 2.0
_SAYS_WHEN = frozenset({429, 503})


def pause_s(came: Raw | Failed, tried: int, now: datetime) -> float | None:
    """Seconds until the next try, None where there is to be none: a refused or reset connection after an exponential
    back-off with full jitter, a 429 or 503 at the moment it names and as much later. Never a time-out: whoever waited
    that long has no time for a second."""
    jitter_s = random.uniform(0, min(_MOST_S, _FIRST_S * 2**tried))  # noqa: S311  # spreads the load; nothing secret
    if isinstance(came, Failed):
        return jitter_s if came.again else None
    if came.status not in _SAYS_WHEN:
        return None
    asked_s = seconds_in(came.headers.get("Retry-After", ""), now)
    return None if asked_s is None else asked_s + jitter_s
