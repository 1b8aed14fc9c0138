"""One desk's calls: what a member of staff may do between the ring and the wrap-up."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.answers import Answer
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.callers.authority import AuthorityOutcome
from helpdesk.callers.model import Authority, CallerKind, Item, ItemState, Level
from helpdesk.callers.scopes import NHS_PROXY
from helpdesk.callers.service import CallerCheck
from helpdesk.calls.model import CallDraft, Disposition, SavedCall
from helpdesk.clock import Clock
from helpdesk.desk.authority import NOT_SET_UP, ProxyDesk, ProxyLook
from helpdesk.desk.beside import Beside
from helpdesk.desk.deadline import within
from helpdesk.desk.enquiry import Enquiry
from helpdesk.desk.finishing import Finishing
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.links import DeepLinks
from helpdesk.desk.model import Opened, SourceInfo, StatusView
from helpdesk.desk.offers import CardOffer, Offers
from helpdesk.desk.open_calls import OpenCalls
from helpdesk.desk.open_patient import OpenPatient, Verifying
from helpdesk.desk.ports import CallStore, SpentItems, WorkItems
from helpdesk.desk.status import StatusMaker
from helpdesk.errors import ConnectorUnavailable, RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Query
from helpdesk.patients.ports import Demographics
from helpdesk.queue.model import WorkItem, WorkKind

NOT_YET = "The caller is not verified yet."
GLASS_FOR = timedelta(minutes=15)
"""How long break-glass lasts."""


@dataclass(frozen=True)
class DeskParts:
    """What a call desk is made of."""

    session: Session
    clock: Clock
    audit: AuditTrail
    calls: CallStore
    spent: SpentItems
    work: WorkItems
    gatekeeper: Gatekeeper
    verifying: Verifying
    enquiry: Enquiry
    status: StatusMaker
    offers: Offers
    finishing: Finishing
    organisation: Callable[[str], str]
    spent_alert: int = 5
    links: DeepLinks | None = None
    demographics: Demographics | None = None
    proxies: ProxyDesk | None = None


class CallDesk:
    """Every method may be called on any thread and returns only after what it promises is committed."""

    def __init__(self, parts: DeskParts) -> None:
        self._p = parts
        self._open = OpenCalls()
        self._finishing = threading.Lock()
        self.beside = Beside(self._open, parts.links, parts.demographics, parts.audit, parts.session, parts.clock)

    # the call itself

    def begin(self, phone: str = "") -> CallDraft:
        """A new call, on disk with its audit row when this returns."""
        self._require(Action.TAKE_CALLS)
        draft = CallDraft(id=str(uuid.uuid4()), started=self._p.clock.now(), phone=phone)
        self._open.keep(draft, self._p.calls.put_draft)
        self._record(AuditAction.CALL_STARTED, draft.id)
        return draft

    def unfinished(self) -> tuple[CallDraft, ...]:
        """Calls of this member of staff that were never saved, oldest first."""
        self._require(Action.TAKE_CALLS)
        return tuple(self._p.calls.open_drafts())

    def resume(self, draft: CallDraft) -> CallDraft:
        self._require(Action.TAKE_CALLS)
        self._open.rang_from(draft.id, draft.phone)
        self._record(AuditAction.CALL_RESUMED, draft.id)
        return draft

    def keep(self, draft: CallDraft) -> None:
        """The draft on disk is the one handed in last, whichever thread comes first."""
        self._require(Action.TAKE_CALLS)
        self._open.keep(draft, self._p.calls.put_draft)

    def check(self, draft: CallDraft) -> None:
        """Raises RuleBroken naming the field that still has to be filled in."""
        self._p.finishing.check(draft)

    def propose(self, draft: CallDraft) -> Disposition:
        """Codes for the empty fields, from what was done."""
        return self._p.finishing.propose(draft, self._open.current(draft.id))

    def finish(self, draft: CallDraft) -> SavedCall:
        """Saves the call with its messages and its work in one transaction. Raises RuleBroken with `field`."""
        self._require(Action.TAKE_CALLS)
        with self._finishing:
            saved = self._p.finishing.finish(draft, self._open.current(draft.id))
            self._open.end(draft.id)
        return saved

    def safety(self, call_id: str | None, route: str) -> None:
        """Logs that a route of the 999 / 111 card was used."""
        self._record(AuditAction.SAFETY_CARD, call_id, route=route)

    # the person

    def open_patient(self, call_id: str, number: NhsNumber, query: Query | None) -> Opened:
        """Asks PDS, draws the gate and begins the check of the caller; whoever was open in the call is not any more. Raises
        NotFound, NumberNoLongerUsed, ConnectorUnavailable when PDS cannot answer and nobody with this number is held here,
        and RuleBroken when somebody else was asked for while PDS was."""
        self._require(Action.SEE_STATUS)
        wish = self._want(call_id)
        looking = within(0, [lambda: self._p.gatekeeper.look(number)])[0]  # PDS is asked while the audit row is committed
        self._record(AuditAction.PATIENT_OPENED, call_id, number)
        looked = looking.result()
        if looked.patient is None:
            raise ConnectorUnavailable(f"{looked.answer.message} Nobody with this number is held here.")
        if looked.gate.number != number:
            self._record(AuditAction.NUMBER_REPLACED, call_id, number, looked.gate.number)
        if not looked.gate.open:
            self._record(AuditAction.GATE_CLOSED, call_id, looked.gate.number, why=looked.gate.state.value)
        before = self._open.before(call_id, looked.gate.number)
        check = self._p.verifying.begin(looked.patient, query, self._open.phone(call_id), before)
        opened = OpenPatient(call_id, looked, check, query)
        self._open.opened(wish, opened)
        return self._seen(opened)

    def close_patient(self, call_id: str) -> None:
        """Wrong person: everything about them leaves this call, and whoever is still being opened does not come."""
        self._want(call_id)

    def try_item(self, call_id: str, item: Item, said: str) -> Opened:
        """Compares what the caller said. Only the kind of item and the result are kept."""
        opened, before = self._open.change(call_id, lambda check: check.try_item(item, said))
        result = opened.check.state.results[item].state
        self._record(AuditAction.VERIFICATION_TRIED, call_id, opened.number, item=item.value, result=result.value)
        if result is ItemState.SPENT:
            self._count_spent(opened, item.value)
        return self._seen(opened, before)

    def cannot_say(self, call_id: str, item: Item) -> Opened:
        opened, _ = self._open.change(call_id, lambda check: check.cannot_say(item))
        return self._seen(opened)

    def tick(self, call_id: str, act: str) -> Opened:
        opened, before = self._open.change(call_id, lambda check: check.tick(act))
        self._record(AuditAction.VERIFICATION_TRIED, call_id, opened.number, act=act)
        return self._seen(opened, before)

    def set_caller(self, call_id: str, kind: CallerKind, authority: Authority | None) -> Opened:
        """Raises RuleBroken for an authority that only the NHS can give: it stays as it was given, or is not there."""
        opened, before = self._open.change(call_id, lambda check: check.set_caller(kind, _given_or_chosen(authority, check)))
        given = opened.check.state.authority
        words = f"{given.kind} {given.scope.name.lower()}{' sensitive' if given.sensitive else ''}" if given is not None else "none"
        self._record(AuditAction.VERIFICATION_TRIED, call_id, opened.number, caller=kind.value, authority=words)
        return self._seen(opened, before)

    def try_proxy(self, call_id: str, name: str, born: str = "", nhs_number: str = "") -> tuple[Opened, ProxyLook]:
        """Whether the NHS lets this caller speak for the patient: their own name with their birth date or NHS number, as
        they said them. Raises RuleBroken until the facts about the patient are matched."""
        if self._p.proxies is None:
            raise RuleBroken(NOT_SET_UP)
        opened = self._open.must(call_id)
        before = opened.check.state.level
        look = self._p.proxies.try_caller(self._open, opened, name, born, nhs_number, partial(self._proxy_tried, opened))
        return self._seen(opened, before), look

    def break_glass(self, call_id: str, reason: str) -> Opened:
        """Staff may see, the caller may not be told, nothing is sent; it ends with the call and is reviewed."""
        self._require(Action.BREAK_GLASS)
        if len(reason.split()) < 2:
            raise RuleBroken("Say in a few words why the record must be seen.", field="reason")
        opened = self._open.must(call_id)
        if opened.gate_restricted:
            raise RuleBroken("This record is restricted; a supervisor must be asked.")
        if opened.check.state.level >= Level.STATUS:
            raise RuleBroken("The caller is verified: the status is open to them.")
        self._record(AuditAction.BREAK_GLASS, call_id, opened.number, purpose=reason)
        self._raise(WorkKind.BREAK_GLASS_REVIEW, opened, "A record was seen without a verified caller", "privacy_officer")
        opened.glass_until = self._p.clock.now() + GLASS_FOR
        return self._seen(opened)

    def look_again(self, call_id: str) -> Opened:
        """The patient as the screen may have them now: break-glass ends by itself."""
        return self._seen(self._open.must(call_id))

    # what can be said

    def sources(self, call_id: str) -> tuple[SourceInfo, ...]:
        self._open.must(call_id)
        return self._p.enquiry.sources

    def ask(self, call_id: str, source: SourceInfo) -> Answer[object]:
        """One source's answer, kept for `status`. Raises RuleBroken until the caller's level is reached."""
        opened = self._open.must(call_id)
        answer = self._p.enquiry.ask(opened.ticket(self._p.clock.now()), source)
        opened.keep(answer)
        return answer.without_value()

    def status(self, call_id: str) -> StatusView:
        """What may be said from the answers there are so far."""
        return self._status(self._open.must(call_id))

    def may_send(self, call_id: str) -> str:
        """Empty when messages may be sent to this patient, else the reason why not."""
        opened = self._open.current(call_id)
        return NOT_YET if opened is None else opened.why_not_send()

    def cards(self, call_id: str) -> tuple[CardOffer, ...]:
        opened = self._open.current(call_id)
        if opened is None or not opened.reached(self._p.clock.now()):
            return self._p.offers.make(None, None)
        return self._p.offers.make(opened.patient.needs, self._status(opened))

    def history(self, call_id: str) -> tuple[SavedCall, ...]:
        """This patient's earlier calls, latest first; audited before they are returned."""
        opened = self._open.must(call_id)
        opened.ticket(self._p.clock.now())
        if not opened.gate.may_show_held:
            raise RuleBroken("Restricted person: earlier calls are for a supervisor only.")
        # a call kept under a number that was replaced since is this patient's all the same
        calls = tuple(replace(c, patient=opened.number) for c in self._p.calls.calls_of(opened.number))
        self._record(AuditAction.HISTORY_SHOWN, call_id, opened.number, count=str(len(calls)))
        return calls

    # inside

    def _status(self, opened: OpenPatient) -> StatusView:
        view = self._p.status.make(opened.ticket(self._p.clock.now()), opened.patient, opened.answers)
        return self._open.seen(opened, lambda one: one.displayed(view))

    def _require(self, action: Action) -> None:
        require(self._p.session, action)

    def _want(self, call_id: str) -> int:
        wish, gone = self._open.want(call_id)
        if gone is not None:
            self._record(AuditAction.PATIENT_CLOSED, call_id, gone.number)
        return wish

    def _seen(self, opened: OpenPatient, before: Level | None = None) -> Opened:
        """The patient as the screen may have it now; what is about to be displayed is struck off first."""
        view = self._open.seen(opened, lambda one: one.view(self._p.clock.now(), self._p.organisation))
        if before is not None and view.verification.level > before:
            level = view.verification.level
            self._record(AuditAction.VERIFICATION_REACHED, opened.call_id, opened.number, level=level.name.lower())
        return view

    def _proxy_tried(self, opened: OpenPatient, outcome: AuthorityOutcome) -> None:
        self._record(AuditAction.VERIFICATION_TRIED, opened.call_id, opened.number, authority=NHS_PROXY, result=outcome.value)
        if outcome is AuthorityOutcome.SPENT:
            self._count_spent(opened, NHS_PROXY)

    def _count_spent(self, opened: OpenPatient, item: str) -> None:
        if self._p.spent.spend(opened.number, opened.call_id, item) >= self._p.spent_alert:
            self._raise(WorkKind.VERIFICATION_ALERT, opened, "Five verification items were spent in one day", "supervisor")

    def _raise(self, kind: WorkKind, opened: OpenPatient, reason: str, owner: str) -> None:
        key = uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}:{opened.call_id}:{opened.number}")
        self._p.work.raise_item(WorkItem(str(key), kind, self._p.clock.now(), reason, opened.number, opened.call_id, owner))

    def _record(self, action: AuditAction, call_id: str | None, *subjects: NhsNumber, purpose: str = "", **details: str) -> None:
        self._p.audit.record(AuditEvent(action, purpose or "call", subjects, call_id, details))


def _given_or_chosen(authority: Authority | None, check: CallerCheck) -> Authority | None:
    """The authority that was chosen; of one that the NHS gave, what this very check holds."""
    if authority is None or authority.kind != NHS_PROXY:
        return authority
    held = check.state.authority
    if held is None or held.kind != NHS_PROXY:
        raise RuleBroken("Whether the NHS has a proxy on record is asked, not chosen.", field="authority")
    return held
