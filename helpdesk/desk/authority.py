"""Asks the NHS's proxy service whether the caller may speak for the patient, and compares blind who the caller says they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpdesk.answers import Answer, Remedy, SourceState, state_of
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.callers.authority import AuthorityCheck, AuthorityOutcome, AuthorityState
from helpdesk.callers.model import CallerKind, Item
from helpdesk.callers.policy import Policy
from helpdesk.callers.ports import Authorities
from helpdesk.callers.scopes import NHS_PROXY, ProxyScopes
from helpdesk.callers.service import CallerCheck
from helpdesk.clock import Clock, london_day
from helpdesk.desk.health import HealthNotes
from helpdesk.desk.model import SourceInfo
from helpdesk.desk.open_calls import OpenCalls
from helpdesk.desk.open_patient import OpenPatient
from helpdesk.errors import HelpdeskError, NotFound, NumberNoLongerUsed, RuleBroken

PATIENT_FIRST = "First check the facts about the patient; then the NHS is asked who may speak for them."
NOT_SET_UP = "The NHS proxy service is not set up on this desk."


@dataclass(frozen=True)
class ProxyLook:
    """How far the check of a proxy has got, for the screen: nothing that was said or is true. `message` says why the
    service could not be asked; `facts` are what may be typed beside the name."""

    outcome: AuthorityOutcome
    tries_left: int = 0
    facts: frozenset[Item] = frozenset()
    relationship: str = ""
    message: str = ""


class ProxyDesk:
    """Asked only with the gate open and once the patient's own facts are matched, so that it tells no stranger anything:
    docs/decisions say why it is asked before the level is reached."""

    def __init__(
        self,
        service: tuple[SourceInfo, Authorities] | None,
        policy: Policy,
        audit: AuditTrail,
        clock: Clock,
        health: HealthNotes | None = None,
    ) -> None:
        self._service = service
        self._policy = policy
        self._scopes = ProxyScopes.load()
        self._audit = audit
        self._clock = clock
        self._health = health

    def try_caller(
        self,
        calls: OpenCalls,
        opened: OpenPatient,
        name: str,
        born: str,
        nhs_number: str,
        on_record: Callable[[AuthorityOutcome], None],
    ) -> ProxyLook:
        """Asks the service, anew each time, and compares. On a match the call has its authority, once `on_record` has written
        down how the try ended: also of a person who was closed meanwhile. Raises RuleBroken where it may not be asked yet, and
        where somebody else was opened meanwhile."""
        if self._service is None:
            raise RuleBroken(NOT_SET_UP)
        if not opened.gate.open:
            raise RuleBroken(opened.gate.message)
        if not opened.check.would_reach_by_authority():
            raise RuleBroken(PATIENT_FIRST)
        info, authorities = self._service
        self._audit.record(AuditEvent(AuditAction.AUTHORITY_ASKED, "call", (opened.number,), opened.call_id, {"source": info.name}))
        try:
            proxies = authorities.proxies(opened.number)
        except HelpdeskError as error:
            # a number that the service uses no longer says nothing of the person
            if not isinstance(error, NotFound) or isinstance(error, NumberNoLongerUsed):
                self._note(info, opened, state_of(error)[0], error.message)
                on_record(AuthorityOutcome.NOT_ASKED)
                return ProxyLook(AuthorityOutcome.NOT_ASKED, message=f"{error.message} This does not mean that nobody may speak for them.")
            proxies = ()
        self._note(info, opened, SourceState.FRESH, "")
        today = london_day(self._clock.now())
        with calls.trying_proxy(opened) as before:
            check = AuthorityCheck(self._policy, self._scopes, proxies, today, before=before)
            state = check.try_caller(name, born=born, nhs_number=nhs_number)
            calls.proxy_tried(opened, state)
        on_record(state.outcome)
        calls.seen(opened, lambda one: _become(one.check, state))
        return ProxyLook(state.outcome, state.tries_left, state.facts, state.relationship, _MESSAGES.get(state.outcome, ""))

    def _note(self, info: SourceInfo, opened: OpenPatient, state: SourceState, message: str) -> None:
        if self._health is not None:
            self._health.note(Answer[object](info.name, info.label, opened.number, state, None, message, Remedy.NONE))


def _become(check: CallerCheck, state: AuthorityState) -> None:
    """The call has the authority of whoever matched; whoever was asked about and did not match has none from before."""
    held = check.state.authority
    if state.authority is not None:
        check.set_caller(CallerKind.SOMEONE_ELSE, state.authority)
    elif state.outcome is not AuthorityOutcome.NOT_ASKED and held is not None and held.kind == NHS_PROXY:
        check.set_caller(CallerKind.SOMEONE_ELSE)


_MESSAGES = {
    AuthorityOutcome.NOT_HELD: "The NHS holds nobody who may speak for this patient. A consent on file may still do.",
    AuthorityOutcome.NOT_ASKED: "Type the caller's own name, and their date of birth or NHS number.",
    AuthorityOutcome.NO_MATCH: "No match with anybody who may speak for this patient.",
    AuthorityOutcome.SPENT: "No match, and no try is left in this call.",
    AuthorityOutcome.MATCH: "This caller may speak for the patient, as the NHS has it on record.",
}
