"""Where a message goes, for a sending service that does not find it out by itself: taken from PDS, kept nowhere."""

from __future__ import annotations

from helpdesk.errors import RuleBroken
from helpdesk.patients.model import Patient, PhoneUse
from helpdesk.signposting.model import Channel

_MOBILE_STARTS = ("07", "+447", "00447")


def contact_of(patient: Patient, channel: Channel) -> str:
    """A mobile number, an e-mail address, or name and address by line. Raises RuleBroken where the record holds none."""
    match channel:
        case Channel.SMS:
            found = _mobile(patient)
        case Channel.EMAIL:
            found = next(iter(patient.emails), "")
        case Channel.LETTER:
            found = _name_and_address(patient)
        case _:
            found = ""
    if not found:
        raise RuleBroken("The NHS record holds no contact detail for this way of sending.")
    return found


def _mobile(patient: Patient) -> str:
    named = [p.number for p in patient.phones if p.use is PhoneUse.MOBILE]
    alike = [p.number for p in patient.phones if p.number.replace(" ", "").startswith(_MOBILE_STARTS)]
    return next(iter(named + alike), "")


def _name_and_address(patient: Patient) -> str:
    address, name = patient.address, patient.name
    if address is None or not address.lines or not address.postcode or not name.family:
        return ""
    called = " ".join(part for part in (name.title, *name.given[:1], name.family) if part)
    return "\n".join((called, *address.lines, address.postcode))
