"""The words of the verification screen."""

from __future__ import annotations

from helpdesk.callers.model import Item, ItemState, Level

ITEMS = {
    Item.DATE_OF_BIRTH: ("Date of birth", "Any order, any format"),
    Item.ADDRESS: ("First line of address", "House and street"),
    Item.POSTCODE: ("Postcode", "The whole of it"),
    Item.PHONE: ("Phone number on record", "With its code"),
    Item.HOSPITAL_NUMBER: ("Hospital number", "On hospital letters, not known at home"),
    Item.NHS_NUMBER: ("NHS number", "10 digits"),
    Item.GP_PRACTICE: ("GP practice", "Its name"),
    Item.UBRN: ("Booking reference", "12 digits, on the referral letter"),
}

RESULTS = {
    ItemState.NOT_ASKED: "Not asked",
    ItemState.NO_MATCH: "No match",
    ItemState.MATCH: "Match",
    ItemState.SPENT: "Spent",
    ItemState.STRUCK: "Struck off",
    ItemState.NOT_HELD: "Not held",
}

WHY_NOT = {
    ItemState.SPENT: "Two tries used in this call",
    ItemState.STRUCK: "Already on screen, so it proves nothing",
    ItemState.NOT_HELD: "Not held, so it cannot be asked",
}

LADDER = (
    (Level.PUBLIC, "Public facts", "no check"),
    (Level.DIRECTORY, "Directory", "name only"),
    (Level.STATUS, "Status", "where a referral stands"),
    (Level.CONTACT_DETAILS, "Contact details", "address, phone, practice"),
)

AUTHORITY = {
    "consent_recorded": "Consent is on file",
    "patient_on_line": "The patient is on the line and agrees",
    "proxy": "Legal proxy, seen on file",
}
NHS_PROXY = {"nhs_proxy": "NHS proxy on record"}
"""Given by the NHS's answer alone: it is shown, and cannot be chosen."""


def authorities(now: str) -> dict[str, str]:
    """What can be chosen, and what the NHS gave where it did."""
    return NHS_PROXY | AUTHORITY if now in NHS_PROXY else AUTHORITY


MAY_TELL: tuple[tuple[str, Level | None], ...] = (
    ("Where a referral stands", Level.STATUS),
    ("Contact details", Level.CONTACT_DETAILS),
    ("Dates already booked", Level.STATUS),
    ("Results, at any level", None),
)

IF_IT_FAILS = "“I can’t talk about the record, but I can listen. If anything is urgent, tell me now and I will pass it on.”"
