"""The end of a call: checked, then saved with its messages and its work in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.answers import SourceState
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.callers.model import ItemState, Level
from helpdesk.calls import wrap_up
from helpdesk.calls.model import CallDraft, Disposition, Dispositions, SavedCall, Signposted
from helpdesk.clock import Clock
from helpdesk.desk.open_patient import OpenPatient
from helpdesk.desk.ports import CallStore
from helpdesk.errors import RuleBroken
from helpdesk.queue.model import WorkItem, WorkKind
from helpdesk.signposting.model import Card, Channel, OutgoingMessage
from helpdesk.signposting.service import message_text, refuse_unsigned

_SENT = frozenset({Channel.SMS, Channel.APP, Channel.EMAIL})
_KINDS = {"handler": WorkKind.CALL_BACK, "supervisor": WorkKind.SUPERVISOR}
_NOT_OURS = frozenset({"", "emergency_service"})


class Finishing:
    """What must be true of a call before it is saved, and what goes with it."""

    def __init__(
        self, store: CallStore, cards: Sequence[Card], dispositions: Dispositions, session: Session, clock: Clock, profile: str
    ) -> None:
        self._store = store
        self._cards = {card.id: card for card in cards}
        self._dispositions = dispositions
        self._session = session
        self._clock = clock
        self._profile = profile

    def check(self, draft: CallDraft) -> None:
        wrap_up.check(draft, self._dispositions)

    def propose(self, draft: CallDraft, opened: OpenPatient | None) -> Disposition:
        if opened is None:
            return wrap_up.propose(draft)
        if opened.gate_restricted:
            given = draft.disposition
            handed = replace(given, outcome=given.outcome or "handed_off_pending", next_action=given.next_action or "supervisor_takes_over")
            return wrap_up.propose(replace(draft, disposition=handed))
        states = {a.state for a in opened.answers}
        results = opened.check.state.results.values()
        failed = opened.check.state.level < Level.STATUS and any(r.state is ItemState.SPENT for r in results)
        others = [a.state for a in opened.answers[1:]]
        return wrap_up.propose(
            draft,
            unable_to_verify=failed,
            source_stale=SourceState.STALE in states,
            source_down=bool(others) and all(s is SourceState.UNAVAILABLE for s in others),
            nothing_held=bool(others) and all(s is SourceState.NOTHING_HELD for s in others),
        )

    def finish(self, draft: CallDraft, opened: OpenPatient | None) -> SavedCall:
        """Raises RuleBroken with the field it concerns; nothing is saved then and the draft stays. Asked again for a call
        that was saved, because its acknowledgement was lost, it gives back what was saved."""
        before = self._store.call(draft.id)
        if before is not None:
            return _as_saved(before, draft)
        self.check(draft)
        if draft.patient is not None and (opened is None or opened.number != draft.patient):
            raise RuleBroken(
                "The patient of this call is not open any more. Open them again, or take them out of the call.", field="patient"
            )
        saved = self._saved(draft, opened)
        messages = tuple(self._message(s, draft, opened) for s in draft.signposts if Channel(s.channel) in _SENT)
        if messages:
            require(self._session, Action.SEND_MESSAGES)
        details = {"messages": str(len(messages)), "outcome": draft.disposition.outcome, "level": saved.level_reached}
        subjects = (draft.patient,) if draft.patient is not None else ()
        event = AuditEvent(AuditAction.CALL_SAVED, "call", subjects, draft.id, details)
        self._store.save(saved, messages, self._work(draft), event)
        return saved

    def _saved(self, draft: CallDraft, opened: OpenPatient | None) -> SavedCall:
        s = self._session
        level = opened.check.state.level.name.lower() if opened is not None else draft.level_reached
        return SavedCall(
            id=draft.id,
            version=1,
            started=draft.started,
            ended=self._clock.now(),
            staff_id=s.staff.id,
            staff_name=s.staff.name,
            role=s.role.value,
            desk=s.desk,
            organisation=s.organisation,
            phone=draft.phone,
            patient=draft.patient,
            notes=draft.notes,
            disposition=draft.disposition,
            level_reached=level,
            caller_kind=draft.caller_kind,
            said=draft.said,
            signposts=draft.signposts,
            safety=draft.safety,
        )

    def _message(self, given: Signposted, draft: CallDraft, opened: OpenPatient | None) -> OutgoingMessage:
        if opened is None or draft.patient is None:
            raise RuleBroken("A message needs a patient it goes to.", field="signposts")
        refusal = opened.why_not_send()
        if refusal:
            raise RuleBroken(refusal, field="signposts")
        card = self._cards.get(given.card_id)
        if card is None or card.version != given.card_version:
            raise RuleBroken("This card has changed since it was chosen. Choose it again.", field="signposts")
        refuse_unsigned(card, self._profile)
        channel = Channel(given.channel)
        return OutgoingMessage(
            reference=given.id,
            call_id=draft.id,
            nhs_number=draft.patient,
            channel=channel,
            card_id=card.id,
            card_version=card.version,
            text=message_text(card, channel),
            subject=card.email_subject if channel is Channel.EMAIL else "",
        )

    def _work(self, draft: CallDraft) -> tuple[WorkItem, ...]:
        """What somebody must do after this call: the next action's owner, and letters to print."""
        chosen = next((c for c in self._dispositions.next_actions if c.code == draft.disposition.next_action), None)
        work = []
        if chosen is not None and chosen.owner not in _NOT_OURS:
            role = chosen.owner if chosen.owner in ("handler", "supervisor") else "navigator"
            work.append(self._item(draft, _KINDS.get(chosen.owner, WorkKind.HAND_OFF), chosen.words, role))
        work += [
            self._item(draft, WorkKind.HAND_OFF, "A letter to print and post", "handler", s.id)
            for s in draft.signposts
            if s.channel == "letter"
        ]
        return tuple(work)

    def _item(self, draft: CallDraft, kind: WorkKind, reason: str, role: str, part: str = "") -> WorkItem:
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}:{draft.id}:{part}"))
        return WorkItem(key, kind, draft.started, reason, draft.patient, draft.id, role)


_TYPED = ("started", "phone", "patient", "notes", "disposition", "caller_kind", "said", "signposts", "safety")


def _as_saved(saved: SavedCall, draft: CallDraft) -> SavedCall:
    if any(getattr(saved, name) != getattr(draft, name) for name in _TYPED):
        raise RuleBroken("This call was saved before with other content. A change to it is a correction.")
    return saved
