"""The patient who is open in one call: what is truly known of them, and how far the caller has got."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from helpdesk.answers import Answer
from helpdesk.callers.model import Item, Level, Verification
from helpdesk.callers.policy import Policy
from helpdesk.callers.service import CallerCheck, expected_from
from helpdesk.clock import london_day
from helpdesk.desk import banner
from helpdesk.desk.enquiry import Ticket
from helpdesk.desk.gate import Looked
from helpdesk.desk.model import Gate, GateState, Opened, StatusView
from helpdesk.desk.wording import audience_of
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber, Ubrn
from helpdesk.patients.model import FactKind, Patient, Query
from helpdesk.patients.numbers import national
from helpdesk.patients.supplied import supplied


class Verifying:
    """Begins the check of a caller from what is held of the patient and what the search words already gave."""

    def __init__(self, policy: Policy, organisation: Callable[[str], str]) -> None:
        self._policy = policy
        self._organisation = organisation

    def begin(self, patient: Patient, query: Query | None, rang_from: str = "", before: Verification | None = None) -> CallerCheck:
        """`rang_from` is the number the telephone system gave: it stands on the screen and the caller did not say it, so it
        proves nothing. `before` is how far this person's check had got earlier in this call."""
        practice = patient.practice.value if patient.practice else ""
        phones = tuple(p.number for p in patient.phones)
        rang = national(rang_from)
        unseen = tuple(p for p in phones if not rang or national(p) != rang)
        expected = expected_from(
            born=patient.born.whole if patient.born else None,
            address_lines=patient.address.lines if patient.address else (),
            postcode=patient.address.postcode if patient.address else "",
            phones=unseen or phones,
            hospital_numbers=patient.hospital_numbers,
            nhs_number=patient.nhs_number.value,
            practice_names=(self._organisation(practice),) if practice else (),
            ubrns=(),
            former_nhs_numbers=(patient.asked_for.value,) if patient.superseded else (),
        )
        said = supplied(patient, query, rang_from=rang_from) if query is not None else {}
        displayed = () if unseen else (Item.PHONE,)
        return CallerCheck(self._policy, expected, {Item(k): v for k, v in said.items()}, displayed, before=before)


class OpenPatient:
    """Lives inside the core; what leaves it is `view`, masked, and a ticket once the level is reached. `query` is what the
    caller said when they were searched for: booking references in it are asked for too, and whose they are is seen then."""

    def __init__(self, call_id: str, looked: Looked, check: CallerCheck, query: Query | None = None) -> None:
        if looked.patient is None:
            raise RuleBroken("Nobody with this number is known.")
        self.call_id = call_id
        self.patient = looked.patient
        self.gate: Gate = looked.gate
        self.check = check
        self.glass_until: datetime | None = None
        self._pds = looked.answer
        self._ubrns = tuple(Ubrn(reference) for reference in (query.of(FactKind.UBRN) if query is not None else ()))
        self._answers: dict[str, Answer[object]] = {}

    @property
    def number(self) -> NhsNumber:
        return self.gate.number

    @property
    def gate_restricted(self) -> bool:
        return self.gate.state is GateState.RESTRICTED

    def glass(self, now: datetime) -> bool:
        """Whether break-glass is on; it ends by itself, and once the caller is verified."""
        return self.glass_until is not None and now < self.glass_until and self.check.state.level < Level.STATUS

    def reached(self, now: datetime) -> bool:
        """Whether this patient's status may be on the screen."""
        return self.glass(now) or self.check.state.level >= Level.STATUS

    @property
    def answers(self) -> tuple[Answer[object], ...]:
        """PDS's answer and every other one so far, the newest of each source."""
        return (self._pds, *self._answers.values())

    def keep(self, answer: Answer[object]) -> None:
        if answer.about != self.number:
            raise RuleBroken("An answer about somebody else was thrown away.")
        self._answers[answer.source] = answer

    def ticket(self, now: datetime) -> Ticket:
        """Leave to ask the sources. Raises RuleBroken until the level is reached, and once break-glass has ended."""
        if not self.reached(now):
            raise RuleBroken("The caller is not verified yet.")
        check = self.check.state
        return Ticket(
            number=self.number,
            gate=self.gate,
            practice=self.patient.practice,
            ubrns=self._ubrns,
            former=(self.patient.asked_for,) if self.patient.superseded else (),
            purpose="break glass" if self.glass(now) else "call",
            call_id=self.call_id,
            may_tell=check.level >= Level.STATUS,
            proxy=check.authority is not None,
            sensitive=check.authority is not None and check.authority.sensitive,
            audience=audience_of(check.caller),
        )

    def why_not_send(self) -> str:
        if self.patient.death is not None:
            return "Nothing is sent to someone who has died."
        if not self.gate.open:
            return self.gate.message
        if self.check.state.level < Level.STATUS:
            return "The caller is not verified yet."
        return ""

    def why_no_disclosure(self) -> str:
        """Why nobody outside may be told who this is, for this call; "" where they may."""
        return "" if self.check.state.level >= Level.STATUS else "The caller is not verified yet."

    def view(self, now: datetime, organisation: Callable[[str], str]) -> Opened:
        drawn = banner.draw(self.patient, self.check.state, organisation, london_day(now), glass=self.glass(now))
        for item in banner.displayed(drawn):
            self.check.strike(item)
        until = self.glass_until if self.glass(now) else None
        return Opened(self.call_id, self.number, self.gate, self._pds.without_value(), drawn, self.check.state, glass_until=until)

    def displayed(self, view: StatusView) -> StatusView:
        """The view, once what it shows is struck off."""
        if view.primary_care is not None and view.primary_care.practice is not None:
            self.check.strike(Item.GP_PRACTICE)
        return view
