"""Opens another system for the patient of a call: offered only where it may be, and on record before it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.access.model import Action, Session
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.desk.open_patient import OpenPatient
from helpdesk.desk.ports import Link
from helpdesk.errors import RuleBroken

NOT_CONFIRMED = "PDS could not confirm today that this record is unrestricted, so no other system is told who the patient is."


@dataclass(frozen=True)
class LinkOffer:
    """`why_not` says why it cannot be opened now, "" where it can; `tells_patient` whether the patient's number goes along."""

    name: str
    label: str
    tells_patient: bool
    why_not: str = ""


class DeepLinks:
    """One desk's links, in the order of the configuration, for whoever is open in a call (None: nobody)."""

    def __init__(self, links: Sequence[tuple[str, str, Link]], audit: AuditTrail, session: Session) -> None:
        self._links = {name: (label, link) for name, label, link in links}
        self._audit = audit
        self._session = session

    def offers(self, opened: OpenPatient | None) -> tuple[LinkOffer, ...]:
        return tuple(LinkOffer(name, label, link.tells_patient, _why_not(link, opened)) for name, (label, link) in self._links.items())

    def open(self, call_id: str, opened: OpenPatient | None, name: str) -> str:
        """The address for the browser, good for one use where a patient is in it. Its audit row is committed first: where
        the patient's number goes along, that is a disclosure to whoever runs the other system. Raises RuleBroken."""
        require(self._session, Action.SEE_STATUS)
        if name not in self._links:
            raise RuleBroken("There is no such link on this desk.")
        _, link = self._links[name]
        why = _why_not(link, opened)
        if why:
            raise RuleBroken(why)
        told = opened if link.tells_patient else None
        subjects = (told.number,) if told is not None else ()
        details = {"link": name, "host": link.host, "told": "nhs_number" if told is not None else "nothing"}
        self._audit.record(AuditEvent(AuditAction.LINK_OPENED, "call", subjects, call_id, details))
        return link.address(told.number if told is not None else None)


def _why_not(link: Link, opened: OpenPatient | None) -> str:
    if not link.tells_patient:
        return ""
    if opened is None:
        return "No patient is open in this call."
    if not opened.gate.open:
        return opened.gate.message if opened.gate_restricted else NOT_CONFIRMED
    return opened.why_no_disclosure()
