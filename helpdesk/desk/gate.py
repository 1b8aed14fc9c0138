"""The gate: PDS is asked first, and nothing else is asked unless it says that this person is unrestricted."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.answers import Answer, Remedy, SourceState, state_of
from helpdesk.clock import Clock
from helpdesk.desk.model import Gate, GateState, SourceInfo
from helpdesk.errors import ConnectorError, HelpdeskError, NotFound, NumberNoLongerUsed
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.patients.ports import Demographics, PersonIndex

RESTRICTED = "This record is restricted. Nothing may be looked up, told or sent here; hand the call to a supervisor."
NOT_CONFIRMED = "PDS could not confirm today that this record is unrestricted, so nothing else is asked and nothing is sent."


@dataclass(frozen=True, repr=False)
class Looked:
    """What PDS and the local index know of one person, and the gate that follows. `patient` is None only when neither
    knows the number; it stays inside the core."""

    gate: Gate
    answer: Answer[Patient]
    patient: Patient | None


class Gatekeeper:
    """Asks PDS about one person and draws the gate. Source: design, section 2.4; GP Connect Foundations 1.2.1
    (consumers shall not send requests for sensitive patients)."""

    def __init__(self, index: PersonIndex, demographics: Demographics | None, source: SourceInfo, clock: Clock) -> None:
        self._index = index
        self._demographics = demographics
        self._source = source
        self._clock = clock

    def look(self, number: NhsNumber) -> Looked:
        """Raises NumberNoLongerUsed; NotFound when PDS has no such number and nobody here holds it. Any other failure
        of PDS closes the gate and is in the answer."""
        if self._demographics is None:
            if self._index.person(number) is None:
                raise NotFound("PDS is not set up on this desk, and nobody here has this NHS number.")
            return self._not_confirmed(number, SourceState.NOT_PERMITTED, Remedy.REPORT, "PDS is not set up on this desk.")
        try:
            patient = self._demographics.get(number)
        except NumberNoLongerUsed:
            raise
        except (NotFound, ConnectorError) as error:
            return self._failed(number, error)
        self._index.remember(patient)
        return self._confirmed(patient)

    def _confirmed(self, patient: Patient) -> Looked:
        held = self._index.person(patient.nhs_number)
        if held is not None:
            patient = patient.with_hospital_numbers(held.hospital_numbers)
        state = GateState.RESTRICTED if patient.restricted else GateState.OPEN
        message = "The number asked for has been replaced; this is the current record." if patient.superseded else ""
        gate = Gate(state, patient.nhs_number, patient.sensitivity, RESTRICTED if patient.restricted else "")
        answer = self._answer(patient.nhs_number, SourceState.FRESH, message=message, as_at=patient)
        return Looked(gate, answer, patient)

    def _failed(self, number: NhsNumber, error: HelpdeskError) -> Looked:
        held = self._index.person(number)
        if isinstance(error, NotFound) and held is None:
            raise error
        state, remedy = state_of(error)
        return self._not_confirmed(number, state, remedy, error.message)

    def _not_confirmed(self, number: NhsNumber, state: SourceState, remedy: Remedy, message: str) -> Looked:
        held = self._index.person(number)
        number = held.nhs_number if held is not None else number
        known = self._index.known_sensitivity(number)
        if known is Sensitivity.RESTRICTED:
            gate = Gate(GateState.RESTRICTED, number, known, RESTRICTED)
        else:
            gate = Gate(GateState.UNCONFIRMED, number, known, NOT_CONFIRMED)
        kept = held if held is not None and held.source == self._source.name else None
        if kept is not None and state is SourceState.UNAVAILABLE:
            message = f"{message} What stands here was held from an earlier answer."
            return Looked(gate, self._answer(number, SourceState.STALE, message=message, as_at=kept, remedy=remedy), held)
        return Looked(gate, self._answer(number, state, message=message, remedy=remedy), held)

    def _answer(
        self, number: NhsNumber, state: SourceState, *, message: str, as_at: Patient | None = None, remedy: Remedy = Remedy.NONE
    ) -> Answer[Patient]:
        moment = as_at.as_at if as_at is not None else None
        return Answer(self._source.name, self._source.label, number, state, moment, message, remedy)
