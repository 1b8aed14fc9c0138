"""The Elective Waiting List API for the practice area and for tests: both forms of its address, over real HTTP.

Somebody's `faults[instance]` may be any of connectors.stub_faults; "array" (one entry in an array), "empty_array" (none
in one) or "no_date" (a clock start of 1900-01-01). Somebody with one entry gets an object, with several an array, with
none the bare success of the published schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from connectors import stub_faults
from connectors.fhir import NHS_NUMBER
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity, ActivityKind
from helpdesk.practice.model import Area

_JSON = "application/json"
_NO_DATE = "1900-01-01T00:00:00"
_SUNDAY = 6


def serve(area: Area, port: int = 0, instance: str = "elective_waiting_list") -> StubServer:
    """Starts it on loopback; port 0 takes a free one."""
    lists = _Lists(area, instance)
    path = Route("GET", "/elective-waiting-list/{id}", lists.by_path, lambda r: lists.fault_for(r.values["id"]))
    query = Route("GET", "/patient", lists.by_query, lambda r: lists.fault_for(_asked_for(r)))
    return StubServer([path, query], port=port, base_path="/elective-waiting-list")


class _Lists:
    def __init__(self, area: Area, instance: str) -> None:
        self._today = area.today
        self._held = {str(n): [a for a in items if a.kind is ActivityKind.WAITING] for n, items in area.activity_of(instance).items()}
        self._faults = {str(p.patient.nhs_number): f for p in area.people if (f := p.faults.get(instance))}

    def fault_for(self, number: str) -> str | None:
        fault = self._faults.get(number)
        return fault if fault in stub_faults.FAULTS else None

    def by_path(self, request: StubRequest) -> StubReply:
        return self._answer(request, request.values["id"])

    def by_query(self, request: StubRequest) -> StubReply:
        return self._answer(request, _asked_for(request))

    def _answer(self, request: StubRequest, number: str) -> StubReply:
        token = request.headers.get("Authorization")
        if token is not None and not token.startswith("Bearer "):
            return _error(401, "error.unauthorized", "Invalid token provided")
        if not _is_nhs_number(number):
            return _error(400, "error.bad-request", "The request is invalid")
        return StubReply(200, self._body(number), content_type=_JSON)

    def _body(self, number: str) -> Any:
        fault = self._faults.get(number)
        entries = [_entry(item, self._today, dated=fault != "no_date") for item in self._held.get(number, [])]
        if fault == "empty_array":
            return []
        if len(entries) == 1 and fault != "array":
            return entries[0]
        return entries or {"result": "success"}


def _asked_for(request: StubRequest) -> str:
    """The number in the query, or "" where it is not written as the specification has it."""
    values: Sequence[str] = [value for name, value in request.params if name == "patient.identifier"]
    system, _, number = values[0].partition("|") if len(values) == 1 else ("", "", "")
    return number if system == NHS_NUMBER else ""


def _entry(item: Activity, today: date, *, dated: bool) -> dict[str, Any]:
    return {
        "PATIENT_PATHWAY_IDENTIFIER": item.local_id or item.id,
        "ACTIVITY_TREATMENT_FUNCTION_CODE": item.specialty.code,
        "REFERRAL_TO_TREATMENT_PERIOD_START_DATE": _midnight(item.clock_start) if dated and item.clock_start else _NO_DATE,
        "ReportingOrganisation": str(item.provider or ""),
        "derWeekEnding": _midnight(_week_ending(item, today)),
    }


def _week_ending(item: Activity, today: date) -> date:
    """The day the item says, else the last Sunday."""
    if isinstance(item.as_at, datetime):
        return item.as_at.date()
    return item.as_at or today - timedelta(days=(today.weekday() - _SUNDAY) % 7)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _is_nhs_number(text: str) -> bool:
    try:
        NhsNumber(text)
    except RuleBroken:
        return False
    return True


def _error(status: int, code: str, words: str) -> StubReply:
    return StubReply(status, {"code": code, "data": words}, content_type=_JSON)
