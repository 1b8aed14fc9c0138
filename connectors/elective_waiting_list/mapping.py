"""From an entry of the Elective Waiting List API to a fact of the desk: five fields, by white list."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pydantic import Field

from connectors.errors_http import misunderstood
from connectors.fhir import Piece, read
from connectors.text import plain
from helpdesk.errors import ConnectorUnavailable, RuleBroken
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.reference import specialty

_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?")
_MISSING = date(1900, 1, 1)
"""How the data set writes a date that it does not have."""


class _Entry(Piece):
    pathway: str = Field(alias="PATIENT_PATHWAY_IDENTIFIER")
    treatment_function: str | int | None = Field(default=None, alias="ACTIVITY_TREATMENT_FUNCTION_CODE")
    clock_start: str | None = Field(default=None, alias="REFERRAL_TO_TREATMENT_PERIOD_START_DATE")
    organisation: str = Field(alias="ReportingOrganisation")
    week_ending: str = Field(alias="derWeekEnding")
    nhs_number: str | int | None = Field(default=None, alias="NHS_NUMBER")


def activities_of(body: Any, number: NhsNumber, *, source: str, label: str) -> tuple[Activity, ...]:
    """Every entry of the reply, which may be one object or an array of them.

    The specification gives no NHS number in the reply, so nothing in it can say whose it is. It is taken all the same,
    because the question names one person, the connection carries one question at a time, and the answer is stamped with
    the number that was asked. Three things guard the join: an NHS number that does stand in an entry must be the one
    asked for, else the whole answer is thrown away; an entry joins other facts of this person only where its provider
    and its pathway identifier are theirs (its issuer is not given, so it never joins by the identifier alone); and what
    joins nothing stands as a row of its own, naming its source.

    Raises ConnectorUnavailable for another shape, and for a reply without any entry: what that means is documented
    nowhere, so it is no "nothing held"."""
    rows = body if isinstance(body, list) else [body]
    if rows in ([], [{}], [{"result": "success"}]):
        raise ConnectorUnavailable(f"{label} named no waiting list, and does not say whether that means there is none.")
    return tuple(dict.fromkeys(_activity(read(_Entry, row, label), number, source, label) for row in rows))


def _activity(entry: _Entry, number: NhsNumber, source: str, label: str) -> Activity:
    if entry.nhs_number is not None and str(entry.nhs_number) != number.value:
        raise misunderstood(label)
    week = _day(entry.week_ending, label)
    if week is None:
        raise misunderstood(label)
    pathway = plain(entry.pathway)
    return Activity(
        nhs_number=number,
        kind=ActivityKind.WAITING,
        status=ActivityStatus.ACTIVE,
        id=pathway,
        provider=_organisation(entry.organisation, label),
        specialty=specialty(plain(str(entry.treatment_function or ""))),
        local_id=pathway,
        clock_start=_day(entry.clock_start or "", label),
        source=source,
        as_at=week,
    )


def _organisation(text: str, label: str) -> OdsCode:
    """Without a provider an entry could neither be named nor joined."""
    found = _code(text)
    if found is None:
        raise misunderstood(label)
    return found


def _code(text: str) -> OdsCode | None:
    try:
        return OdsCode.parse(text)
    except RuleBroken:
        return None


def _day(text: str, label: str) -> date | None:
    """A date with midnight behind it, as a rule without a zone; None where it is missing or 1900-01-01."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    day = _calendar(found[1]) if found else None
    if day is None:
        raise misunderstood(label)
    return None if day == _MISSING else day


def _calendar(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
