"""One patient's status as the command line gives it: the same gate, the same sources, in a fixed JSON shape."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.answers import Answer
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import london_time
from helpdesk.desk.enquiry import Enquiry, Ticket
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.model import StatusView
from helpdesk.desk.status import StatusMaker
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import Pathway, Sentence
from helpdesk.waits.model import WaitAnswer


class StatusReport:
    """Asks every source at once, as the window does. Raises NotFound for a number nobody knows, NumberNoLongerUsed, and
    RuleBroken where this role may not ask."""

    def __init__(self, gatekeeper: Gatekeeper, enquiry: Enquiry, status: StatusMaker, audit: AuditTrail, session: Session) -> None:
        self._gatekeeper = gatekeeper
        self._enquiry = enquiry
        self._status = status
        self._audit = audit
        self._session = session

    def make(self, number: NhsNumber, reason: str, *, tell: bool) -> StatusView:
        """`tell` is False on a live profile: nothing is worded for a caller (break-glass)."""
        require(self._session, Action.SEE_STATUS)
        self._audit.record(AuditEvent(AuditAction.STATUS_ASKED if tell else AuditAction.BREAK_GLASS, reason, (number,)))
        looked = self._gatekeeper.look(number)
        if looked.gate.number != number:
            self._audit.record(AuditEvent(AuditAction.NUMBER_REPLACED, reason, (number, looked.gate.number)))
        practice = looked.patient.practice if looked.patient is not None else None
        former = (number,) if looked.gate.number != number else ()
        ticket = Ticket(looked.gate.number, looked.gate, practice, reason, may_tell=tell, sensitive=True, former=former)
        with ThreadPoolExecutor(max_workers=max(1, len(self._enquiry.sources)), thread_name_prefix="ask") as pool:
            answers = list(pool.map(lambda info: self._enquiry.ask(ticket, info), self._enquiry.sources))
        return self._status.make(ticket, looked.patient, (looked.answer, *answers))


def as_json(view: StatusView, *, say: bool) -> dict[str, Any]:
    """Source: design, section 8 (the shape is fixed)."""
    return {
        "nhs_number": view.number.value,
        "restricted": view.restricted,
        "deceased": view.death.status.value if view.death is not None else False,
        "sources": [_source(a) for a in view.sources],
        "pathways": [] if view.restricted else [_pathway(p, view.waits.get(p.key), say) for p in view.pathways],
        "primary_care": None if view.restricted else _primary_care(view),
    }


def _source(answer: Answer[object]) -> dict[str, Any]:
    return {"source": answer.source, "state": answer.state.value, "as_at": _moment(answer.as_at), "message": answer.message}


def _pathway(pathway: Pathway, wait: WaitAnswer | None, say: bool) -> dict[str, Any]:
    event = pathway.next_event
    return {
        "specialty": {"code": pathway.specialty.code, "name": pathway.specialty.name},
        "provider": {"code": pathway.provider.code, "name": pathway.provider.name},
        "clock_start": _moment(pathway.clock_start),
        "days_waited": pathway.days_waited,
        "weeks_band": pathway.weeks_band,
        "waited_to": _moment(pathway.waited_to),
        "next_event": None
        if event is None
        else {
            "kind": event.kind.value,
            "date": event.day.isoformat(),
            "time": event.time.strftime("%H:%M") if event.time else None,
            "place": event.place or None,
        },
        "gaps": [
            {"kind": gap.kind.value, "severity": gap.severity.value, "since": gap.since.isoformat(), "evidence": gap.evidence}
            for gap in pathway.gaps
        ],
        "wait": None
        if wait is None or wait.range is None
        else {
            "half_within_weeks": wait.range.half_within_weeks,
            "three_quarters_within_weeks": wait.range.three_quarters_within_weeks,
            "based_on": wait.range.based_on,
        },
        "say": _sentences(pathway.sentences) if say else [],
    }


def _sentences(sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
    return [{"text": s.text, "source": s.source, "as_at": _moment(s.as_at)} for s in sentences]


def _primary_care(view: StatusView) -> dict[str, Any] | None:
    care = view.primary_care
    if care is None:
        return None
    return {
        "practice": {"ods": care.practice.value, "name": care.practice_name} if care.practice else None,
        "future_appointments": [{"start": a.start.isoformat(), "place": a.place, "status": a.status} for a in care.appointments or ()],
        "prescriptions": [{"status": p.status, "date": _moment(p.day)} for p in care.prescriptions or ()],
    }


def _moment(moment: date | datetime | None) -> str | None:
    if moment is None:
        return None
    return london_time(moment).isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()
