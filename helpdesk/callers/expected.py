"""Gathers the true answers of one patient for the blind check, from plain values that other features hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from helpdesk.callers.matching import can_be_asked
from helpdesk.callers.model import Expected, Item


def expected_from(
    *,
    born: date | None = None,
    address_lines: Collection[str] = (),
    postcode: str = "",
    phones: Collection[str] = (),
    hospital_numbers: Collection[str] = (),
    nhs_number: str = "",
    practice_names: Collection[str] = (),
    ubrns: Collection[str] = (),
    former_nhs_numbers: Collection[str] = (),
) -> Expected:
    """What counts as right. `born` is None unless the whole date is known; `practice_names` may hold the practice's
    street too. What is too little to prove anything is left out, so that it is never asked."""
    lines = [line.strip(" ,") for line in address_lines if line.strip(" ,")]
    held: Mapping[Item, Collection[str]] = {
        Item.DATE_OF_BIRTH: (born.isoformat(),) if born else (),
        Item.ADDRESS: (", ".join([*lines, postcode]),) if lines else (),
        Item.POSTCODE: (postcode,),
        Item.PHONE: phones,
        Item.HOSPITAL_NUMBER: hospital_numbers,
        Item.NHS_NUMBER: (nhs_number, *former_nhs_numbers),
        Item.GP_PRACTICE: practice_names,
        Item.UBRN: ubrns,
    }
    usable = {item: tuple(answer for answer in answers if can_be_asked(item, answer)) for item, answers in held.items()}
    return Expected({item: answers for item, answers in usable.items() if answers})
