"""Puts the sources' answers together into what may be shown and said about one patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from helpdesk.answers import Answer, SourceState
from helpdesk.clock import Clock, london_day
from helpdesk.desk.enquiry import Ticket
from helpdesk.desk.model import GateState, Port, PrimaryCare, SourceInfo, StatusView
from helpdesk.desk.waits import waits_of
from helpdesk.desk.wording import DeskWording, muted
from helpdesk.errors import RuleBroken
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.general import Situation, nothing_found, notice, say_situation
from helpdesk.pathways.model import Pathway, Referral, Saying
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.speaking import Speaking
from helpdesk.pathways.stitching import stitch, visible_to
from helpdesk.patients.model import DeathStatus, Patient
from helpdesk.primary_care.model import PracticeAppointment, Prescription
from helpdesk.primary_care.wording import Write, practice_words, prescription_words
from helpdesk.waits.tables import WaitTables

LIST_LIMIT_DAYS = 10
BREAK_GLASS = "Do not disclose: caller not verified"
WAITS = (Port.WAITING_LISTS, Port.REFERRALS, Port.HOSPITAL_ACTIVITY)
NO_ANSWER = (SourceState.UNAVAILABLE, SourceState.NOT_PERMITTED)


class StatusMaker:
    """Pure: it asks nobody. What the gate or the caller's standing forbids is left out here, not in the window."""

    def __init__(
        self,
        organisation: Callable[[str], str],
        clock: Clock,
        sources: Sequence[SourceInfo],
        waits: WaitTables | None = None,
        wording: DeskWording | None = None,
    ) -> None:
        self._organisation = organisation
        self._clock = clock
        self._waits = waits
        self._ports = {info.name: info.port for info in sources}
        self._list_days = {info.name: info.list_days for info in sources}
        self._wording = wording or DeskWording()
        self._port_names = {info.name: info.port.value for info in sources}

    def make(self, ticket: Ticket, patient: Patient | None, answers: Sequence[Answer[object]]) -> StatusView:
        """The view for the number on the ticket. Raises RuleBroken when an answer is about somebody else."""
        if any(a.about != ticket.number for a in answers) or (patient is not None and patient.nhs_number != ticket.number):
            raise RuleBroken("An answer about somebody else was thrown away.")
        today = london_day(self._clock.now())
        view = StatusView(
            number=ticket.number,
            restricted=ticket.gate.state is GateState.RESTRICTED,
            death=patient.death if patient is not None else None,
            may_tell=ticket.may_tell,
            sources=tuple(a.without_value() for a in answers),
            today=today,
            wording=self._wording.note(today),
        )
        made = self._told(view, ticket, answers, today)
        return muted(made) if view.wording.missing else made

    def _told(self, view: StatusView, ticket: Ticket, answers: Sequence[Answer[object]], today: date) -> StatusView:
        speaking = self._wording.speaking(ticket.audience, today)
        if not ticket.gate.may_show_held:
            situation = Situation.RESTRICTED if view.restricted else Situation.UNCONFIRMED
            return replace(view, general=say_situation(situation, today, speaking), notice=notice(situation))
        return self._with_facts(view, ticket, answers, today, speaking)

    def _with_facts(
        self, view: StatusView, ticket: Ticket, answers: Sequence[Answer[object]], today: date, speaking: Speaking
    ) -> StatusView:
        every = self._pathways(ticket, answers, today, speaking)
        pathways = visible_to(every, proxy=ticket.proxy, sensitive_scope=ticket.sensitive)
        if not ticket.may_tell or view.death is not None:
            pathways = tuple(replace(p, sayings=(), gaps=tuple(replace(g, say=()) for g in p.gaps)) for p in pathways)
        return replace(
            view,
            pathways=pathways,
            waits={} if view.death is not None else waits_of(self._waits, pathways, today, may_tell=ticket.may_tell),
            primary_care=self._primary_care(ticket, answers, speaking.pages.text),
            general=self._general(view, ticket, answers, speaking, found=len(pathways), hidden=len(pathways) < len(every)),
            notice=self._notice(view, ticket),
        )

    def _pathways(self, ticket: Ticket, answers: Sequence[Answer[object]], today: date, speaking: Speaking) -> tuple[Pathway, ...]:
        held: list[HeldRows] = []
        referrals: list[Referral] = []
        activities: list[Activity] = []
        for answer in answers:
            for part in answer.value if isinstance(answer.value, tuple) else ():
                if isinstance(part, HeldRows):
                    held.append(_named(part, answer.source))
                elif isinstance(part, Referral):
                    referrals.append(replace(part, source=answer.source))
                elif isinstance(part, Activity):
                    activities.append(part if part.source == answer.source else replace(part, source=answer.source))
        return stitch(
            held,
            referrals,
            about=ticket.number,
            today=today,
            limit_days=LIST_LIMIT_DAYS,
            limits=self._list_days,
            organisations=self._organisation,
            speaking=speaking,
            activities=activities,
        )

    def _primary_care(self, ticket: Ticket, answers: Sequence[Answer[object]], write: Write) -> PrimaryCare | None:
        asked = [_of_practice(a) for a in answers if self._ports.get(a.source) is Port.PRACTICE_APPOINTMENTS]
        given = [a for a in asked if a.state not in NO_ANSWER]
        appointments: tuple[PracticeAppointment, ...] | None = None
        if given:
            appointments = tuple(sorted((p for a in given for p in a.value or ()), key=lambda p: p.start))
        prescriptions = self._prescriptions(answers)
        if ticket.practice is None and appointments is None and prescriptions is None:
            return None
        name = self._organisation(ticket.practice.value) if ticket.practice is not None else ""
        words = tuple(w.text for a in (given or asked) for w in practice_words(a, write)) if ticket.may_tell else ()
        words += self._prescription_words(answers, write) if ticket.may_tell else ()
        return PrimaryCare(ticket.practice, name, appointments, words, prescriptions)

    def _prescription_words(self, answers: Sequence[Answer[object]], write: Write) -> tuple[str, ...]:
        """Said only of those there are: a caller who rings about a wait need not hear that there is none."""
        tracked = [a for a in answers if self._ports.get(a.source) is Port.PRESCRIPTIONS and a.value]
        return tuple(w.text for a in tracked for w in prescription_words(_of_tracker(a), write))

    def _prescriptions(self, answers: Sequence[Answer[object]]) -> tuple[Prescription, ...] | None:
        given = [a for a in answers if self._ports.get(a.source) is Port.PRESCRIPTIONS and a.state not in NO_ANSWER]
        if not given:
            return None
        return tuple(p for a in given for p in (a.value if isinstance(a.value, tuple) else ()) if isinstance(p, Prescription))

    def _general(
        self, view: StatusView, ticket: Ticket, answers: Sequence[Answer[object]], speaking: Speaking, *, found: int, hidden: bool
    ) -> tuple[Saying, ...]:
        today = view.today or london_day(self._clock.now())
        if not ticket.may_tell:
            return say_situation(Situation.NOT_TOLD, today, speaking)
        if view.death is not None:
            died = Situation.DECEASED if view.death.status is DeathStatus.CONFIRMED else Situation.DEATH_REPORTED
            return say_situation(died, today, speaking)
        said: tuple[Saying, ...] = ()
        if not ticket.gate.open:
            said = say_situation(Situation.UNCONFIRMED, today, speaking)
        if found or not self._all_in(answers):
            return said
        asked = [a for a in answers if self._ports.get(a.source) in WAITS]
        weighed = ([a for a in asked if not self._needs_reference(a)] if ticket.gate.open else []) or asked
        return (*said, *nothing_found(weighed, today, hidden=hidden, ports=self._port_names, speaking=speaking))

    def _needs_reference(self, answer: Answer[object]) -> bool:
        """e-RS that was not asked for want of a booking reference leaves nothing unsaid that a list would hold."""
        return self._ports.get(answer.source) is Port.REFERRALS and answer.state is SourceState.NOT_PERMITTED

    def _all_in(self, answers: Sequence[Answer[object]]) -> bool:
        return {a.source for a in answers} >= set(self._ports)

    def _notice(self, view: StatusView, ticket: Ticket) -> str:
        if not ticket.may_tell:
            return BREAK_GLASS
        if not ticket.gate.open:
            return notice(Situation.UNCONFIRMED)
        if view.death is not None:
            return notice(Situation.DECEASED if view.death.status is DeathStatus.CONFIRMED else Situation.DEATH_REPORTED)
        return ""


def _named(held: HeldRows, source: str) -> HeldRows:
    """Its rows under the name of the instance that answered with them."""
    return replace(
        held,
        rows=tuple(replace(row, source=source) for row in held.rows),
        former=tuple(replace(row, source=source) for row in held.former),
    )


def _of_practice(answer: Answer[object]) -> Answer[tuple[PracticeAppointment, ...]]:
    held = answer.value if isinstance(answer.value, tuple) else None
    kept = tuple(p for p in held if isinstance(p, PracticeAppointment)) if held is not None else None
    return Answer(answer.source, answer.label, answer.about, answer.state, answer.as_at, answer.message, answer.remedy, kept)


def _of_tracker(answer: Answer[object]) -> Answer[tuple[Prescription, ...]]:
    held = answer.value if isinstance(answer.value, tuple) else None
    kept = tuple(p for p in held if isinstance(p, Prescription)) if held is not None else None
    return Answer(answer.source, answer.label, answer.about, answer.state, answer.as_at, answer.message, answer.remedy, kept)
