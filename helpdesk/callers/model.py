"""Blind verification: what the caller said is compared here and only match or no match comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Item(StrEnum):
    """The kinds of fact a caller can be asked for."""

    DATE_OF_BIRTH = "date_of_birth"
    ADDRESS = "address"
    POSTCODE = "postcode"
    PHONE = "phone"
    HOSPITAL_NUMBER = "hospital_number"
    NHS_NUMBER = "nhs_number"
    GP_PRACTICE = "gp_practice"
    UBRN = "ubrn"


class Level(IntEnum):
    """How far the caller may be told. Each level holds those below it."""

    PUBLIC = 0
    DIRECTORY = 1
    STATUS = 2
    CONTACT_DETAILS = 3


class ItemState(StrEnum):
    NOT_ASKED = "not_asked"
    NO_MATCH = "no_match"
    MATCH = "match"
    SPENT = "spent"
    """Two wrong tries: not to be tried again in this call."""
    STRUCK = "struck"
    """The program has displayed it in this call, so it proves nothing."""
    NOT_HELD = "not_held"
    """Nobody has this fact of the patient, so it cannot be asked."""


class CallerKind(StrEnum):
    PATIENT = "patient"
    SOMEONE_ELSE = "someone_else"
    PROFESSIONAL = "professional"


@dataclass(frozen=True)
class Authority:
    """Why a caller who is not the patient may be told: `kind` one of "consent_recorded", "patient_on_line",
    "proxy" (seen on file), "nhs_proxy" (matched with the NHS's own register); `scope` the level it reaches; `sensitive`
    only where the patient included sensitive services."""

    kind: str
    scope: Level = Level.STATUS
    sensitive: bool = False


@dataclass(frozen=True, repr=False)
class Expected:
    """The true answers, by item, in every form that counts as right. Lives inside the service only: it is never given
    to a presenter, and its `repr` shows nothing."""

    answers: Mapping[Item, tuple[str, ...]]

    def __repr__(self) -> str:
        return "Expected(•••)"


@dataclass(frozen=True)
class ItemResult:
    state: ItemState
    tries_left: int = 2


@dataclass(frozen=True)
class Verification:
    """How far this call has got. Only kinds of item and results are in it, never what was said or what is true."""

    caller: CallerKind = CallerKind.PATIENT
    results: Mapping[Item, ItemResult] = field(default_factory=dict)
    acts: frozenset[str] = frozenset()
    """What the handler did and ticked: "rang_number_on_record"."""
    authority: Authority | None = None
    level: Level = Level.PUBLIC
    needed: str = ""
    """What is still missing for STATUS, in words: "1 more match, one not known at home"."""
    named: bool = False
    """Whether the caller has said a name; the name itself is not in it."""
    cannot_say: frozenset[Item] = frozenset()
    """What the caller said they do not know. It may still be asked."""
