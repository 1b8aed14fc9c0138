"""Why PDS no longer has a person on any practice's list in England, in words.

Source: PDS FHIR R4, Extension-PDS-RemovalFromRegistration and PDS-RemovalReasonExitCode.
"""

from __future__ import annotations

from datetime import date

from connectors.fhir import Extension, Period, extension
from connectors.text import plain

REASONS = {
    "DEA": "Registration ended by death",
    "EMB": "Moved abroad",
    "SCT": "Moved to Scotland",
    "NIT": "Moved to Northern Ireland",
    "TRA": "Temporary registration ended",
    "ORR": "Registration ended",
}


def removal_of(among: list[Extension], today: date) -> str:
    """The reason that holds today, or "". A code that is not known is shown in PDS's own words."""
    removed = extension(among, "Extension-PDS-RemovalFromRegistration")
    reason = extension(removed.extension, "removalFromRegistrationCode") if removed else None
    if removed is None or reason is None:
        return ""
    when = extension(removed.extension, "effectiveTime")
    period = when.value_period if when and when.value_period else Period()
    if not period.covers(today):
        return ""
    words = next((c.display for c in reason.value_concept.coding if c.display), "") if reason.value_concept else ""
    return REASONS.get(reason.code, plain(words) or REASONS["ORR"])
