"""A patient as the desk knows one, from PDS or from the local index; nothing clinical."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber, OdsCode

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date of which only the year, or the year and month, may be known (PDS gives birth and death dates so)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise RuleBroken("A date with a day needs a month.", field="date")
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            raise RuleBroken("There is no such date.", field="date") from None

    @classmethod
    def from_iso(cls, text: str) -> PartialDate:
        """From `yyyy`, `yyyy-mm` or `yyyy-mm-dd`, with or without a time behind it. Raises RuleBroken."""
        parts = text.split("T", 1)[0].split("-")
        if not 1 <= len(parts) <= 3 or len(parts[0]) != 4 or not all(p.isascii() and p.isdigit() and len(p) <= 4 for p in parts):
            raise RuleBroken("A date is written yyyy, yyyy-mm or yyyy-mm-dd.", field="date")
        return cls(*(int(p) for p in parts))

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @property
    def whole(self) -> date | None:
        """The date, when every part is known."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def iso(self) -> str:
        parts = [f"{self.year:04}"] + [f"{p:02}" for p in (self.month, self.day) if p is not None]
        return "-".join(parts)

    @property
    def shown(self) -> str:
        """As it stands on screen: 01-Jan-1950, Jan-1950 or 1950. Source: NHS Common User Interface, date display."""
        if self.month is None:
            return f"{self.year:04}"
        month = MONTHS[self.month - 1]
        return f"{month}-{self.year:04}" if self.day is None else f"{self.day:02}-{month}-{self.year:04}"

    def age_on(self, day: date) -> int:
        """Whole years lived on that day; a missing month or day counts as the first."""
        return day.year - self.year - ((day.month, day.day) < (self.month or 1, self.day or 1))


class Sensitivity(StrEnum):
    """PDS's confidentiality of a record. Anything but `U` is RESTRICTED: R, V, REDACTED and values not known yet."""

    UNRESTRICTED = "unrestricted"
    RESTRICTED = "restricted"


class DeathStatus(StrEnum):
    """Source: PDS DeathNotificationStatus: 1 informal ("reported"), 2 formal ("confirmed")."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Death:
    status: DeathStatus
    day: PartialDate | None = None


@dataclass(frozen=True)
class PersonName:
    family: str = ""
    given: tuple[str, ...] = ()
    title: str = ""

    @property
    def shown(self) -> str:
        """SMITH, Jane (Mrs). Source: NHS Common User Interface, patient name display."""
        first = f", {self.given[0]}" if self.given else ""
        title = f" ({self.title})" if self.title else ""
        return f"{self.family.upper() or 'NAME NOT KNOWN'}{first}{title}"


@dataclass(frozen=True)
class Address:
    """`lines` hold no postcode; a postcode has one space before its last three characters."""

    lines: tuple[str, ...] = ()
    postcode: str = ""


class PhoneUse(StrEnum):
    MOBILE = "mobile"
    HOME = "home"
    OTHER = "other"


@dataclass(frozen=True)
class Phone:
    number: str
    use: PhoneUse = PhoneUse.OTHER


@dataclass(frozen=True)
class Needs:
    """How this person wants to be communicated with. Every member is words ready to show, empty when not recorded.

    Source: PDS ContactPreference and Communication extensions; Accessible Information Standard (DAPB1605).
    """

    language: str = ""
    interpreter: bool = False
    format: str = ""
    contact_method: str = ""
    contact_times: str = ""
    no_phone: bool = False
    no_digital: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """What must be seen before anything is said or sent: "BSL interpreter", "Large print", …"""
        wanted: list[str] = []
        if self.interpreter:
            wanted.append(f"{self.language or 'Language'} interpreter")
        elif self.language and self.language != "English":
            wanted.append(self.language)
        if self.format:
            wanted.append(self.format)
        if self.no_phone:
            wanted.append("No telephone contact")
        if self.no_digital:
            wanted.append("No digital access")
        return tuple(wanted)


@dataclass(frozen=True)
class Patient:
    """One person's identity as one source gave it. `asked_for` is the number the source was asked about: where it
    differs from `nhs_number`, the asked number is superseded. A restricted patient never holds an address, phone,
    e-mail, practice or removal, whatever the source sent."""

    nhs_number: NhsNumber
    asked_for: NhsNumber
    sensitivity: Sensitivity
    source: str
    as_at: datetime
    name: PersonName = PersonName()
    former_family_names: tuple[str, ...] = ()
    born: PartialDate | None = None
    gender: str = ""
    death: Death | None = None
    address: Address | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    practice: OdsCode | None = None
    hospital_numbers: tuple[str, ...] = ()
    needs: Needs = field(default_factory=Needs)
    removal: str = ""
    """Why the person is with no practice in England now: "Moved to Scotland"; "" where they are, or nothing is said."""

    def __post_init__(self) -> None:
        if self.sensitivity is Sensitivity.RESTRICTED:
            object.__setattr__(self, "address", None)
            object.__setattr__(self, "phones", ())
            object.__setattr__(self, "emails", ())
            object.__setattr__(self, "practice", None)
            object.__setattr__(self, "removal", "")

    @property
    def restricted(self) -> bool:
        return self.sensitivity is Sensitivity.RESTRICTED

    @property
    def superseded(self) -> bool:
        return self.nhs_number != self.asked_for

    def with_hospital_numbers(self, numbers: tuple[str, ...]) -> Patient:
        return replace(self, hospital_numbers=numbers)


class Origin(StrEnum):
    INDEX = "index"
    PDS = "pds"


@dataclass(frozen=True)
class Candidate:
    """One row of a search. Only what the searcher typed, and the name, may be shown of it before verification;
    `supplied` are the values (by field: born, postcode, nhs_number, phone) that the words typed already hold."""

    nhs_number: NhsNumber
    name: PersonName
    born: PartialDate | None
    gender: str
    restricted: bool
    deceased: bool
    origin: Origin
    why: tuple[str, ...] = ()
    similar: bool = False
    postcode: str = ""


class FactKind(StrEnum):
    """What a part of the words typed was understood as."""

    NHS_NUMBER = "nhs_number"
    UBRN = "ubrn"
    NAME = "name"
    BORN = "born"
    BORN_YEAR = "born_year"
    POSTCODE = "postcode"
    PHONE = "phone"
    HOSPITAL_NUMBER = "hospital_number"
    EMAIL = "email"
    GENDER = "gender"
    """Asked of PDS only; "male" or "female"."""


@dataclass(frozen=True, repr=False)
class Fact:
    """One understood part: `value` is its canonical form (ISO date, digits, upper-case postcode, lower-case name),
    `shown` the words for its chip: "Born 1950, year only"; `typed` the very words it was read from, with the star of a
    name that is only begun ("smi*"). Its `repr` shows the kind alone."""

    kind: FactKind
    value: str
    shown: str
    typed: str = field(default="", compare=False)

    def __repr__(self) -> str:
        return f"Fact({self.kind.value}, •••)"


@dataclass(frozen=True, repr=False)
class Query:
    """The words typed and what was understood of them. `problem` is a sentence when a part looks like something it
    cannot be (an NHS number with a wrong digit); then nothing is searched. `unread` are the words left over, those with
    the problem among them. Its `repr` shows nothing that was typed."""

    text: str
    facts: tuple[Fact, ...] = ()
    problem: str = ""
    unread: tuple[str, ...] = ()

    def of(self, kind: FactKind) -> tuple[str, ...]:
        return tuple(f.value for f in self.facts if f.kind is kind)

    @property
    def kinds(self) -> frozenset[FactKind]:
        return frozenset(f.kind for f in self.facts)

    def __repr__(self) -> str:
        return f"Query({', '.join(f.kind.value for f in self.facts)})"


@dataclass(frozen=True)
class Listing:
    """The answer to a search. `people` is empty while too many match to list them (`total` says how many);
    `more` when the list was cut. `note` is a sentence for the handler ("PDS: too many people match, …").
    `look_alikes` are those of `people` who share their name and their birth year or postcode with another of them.
    `nobody_in_pds` once PDS was asked exactly and answered that nobody matches: only then may it be asked wider."""

    query: Query
    search_id: str
    people: tuple[Candidate, ...] = ()
    total: int = 0
    more: bool = False
    note: str = ""
    look_alikes: tuple[NhsNumber, ...] = ()
    nobody_in_pds: bool = False


@dataclass(frozen=True)
class PersonRow:
    """One row of a persons extract: the patient, and the NHS NUMBER STATUS (only 01 links across sources)."""

    patient: Patient
    nhs_number_status: str = "01"
