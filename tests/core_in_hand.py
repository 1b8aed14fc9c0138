"""The core of one desk on parts in memory: its real services, with every wait of a source in the test's hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.callers.model import Item
from helpdesk.callers.policy import Policy
from helpdesk.calls import dispositions
from helpdesk.calls.model import CallDraft, Disposition, SavedCall
from helpdesk.desk.call_desk import CallDesk, DeskParts
from helpdesk.desk.enquiry import Enquiry, Source
from helpdesk.desk.finishing import Finishing
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.links import DeepLinks
from helpdesk.desk.model import Opened, Port, SourceInfo
from helpdesk.desk.offers import Offers
from helpdesk.desk.open_patient import Verifying
from helpdesk.desk.status import StatusMaker
from helpdesk.errors import ConnectorUnavailable, NotFound, RuleBroken, StorageError
from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.model import ListKind, ListRow, Referral, ReferralState
from helpdesk.pathways.ports import HeldRows
from helpdesk.patients.model import Address, PartialDate, Patient, PersonName, Phone, Sensitivity
from helpdesk.primary_care.model import PracticeAppointment
from helpdesk.signposting.cards import built_in_cards, load_cards

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANSWERED = Disposition("wait_how_long", "answered", "resolved", "patient", "no")
PDS = SourceInfo("pds", "PDS", Port.DEMOGRAPHICS)
LISTS = SourceInfo("lists", "Lists", Port.WAITING_LISTS)
ERS = SourceInfo("ers", "e-RS", Port.REFERRALS)
GP = SourceInfo("gp", "GP", Port.PRACTICE_APPOINTMENTS)
ALFA, BRAVO = NhsNumber("9000000009"), NhsNumber("9000000017")
MARKS = {ALFA: "ALFA", BRAVO: "BRAVO"}
"""A word that stands in every fact of a person and in nobody else's."""
_CODES = {ALFA: "A", BRAVO: "B"}


def person(number: NhsNumber, **more: object) -> Patient:
    mark, digit = MARKS[number], "1" if number == ALFA else "2"
    parts: dict[str, object] = {
        "nhs_number": number,
        "asked_for": number,
        "sensitivity": Sensitivity.UNRESTRICTED,
        "source": "pds",
        "as_at": NOON,
        "name": PersonName(mark.title(), ("Jo",)),
        "born": PartialDate(1950, 1, int(digit)),
        "address": Address((f"{digit} {mark.title()} Road", "Fenmoor"), f"ZZ99 {digit}AA"),
        "phones": (Phone(f"07700 90012{digit}"),),
        "practice": OdsCode(f"XP{_CODES[number]}01"),
        "hospital_numbers": (f"{mark}77{digit}",),
    }
    return Patient(**(parts | more))  # type: ignore[arg-type]


def right_answers(patient: Patient) -> dict[Item, str]:
    assert patient.born is not None
    assert patient.address is not None
    return {
        Item.DATE_OF_BIRTH: patient.born.shown,
        Item.POSTCODE: patient.address.postcode,
        Item.NHS_NUMBER: patient.nhs_number.spaced,
    }


@dataclass
class HandClock:
    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment


@dataclass
class World:
    """What the sources hold. `meanwhile(place)` is called wherever the desk waits for somebody else, with the place's
    name: what a test does there is what other threads do during that wait."""

    patients: dict[NhsNumber, Patient] = field(default_factory=lambda: {n: person(n) for n in MARKS})
    held: dict[NhsNumber, Patient] = field(default_factory=dict)
    numbers: dict[NhsNumber, NhsNumber] = field(default_factory=dict)
    down: bool = False
    listed: bool = True
    meanwhile: Callable[[str], None] = lambda _place: None
    events: list[AuditEvent] = field(default_factory=list)
    fails_audit: bool = False
    drafts: dict[str, CallDraft] = field(default_factory=dict)
    saved: dict[str, SavedCall] = field(default_factory=dict)
    items: list[Any] = field(default_factory=list)
    spent: set[tuple[NhsNumber, str, str]] = field(default_factory=set)

    # PDS and the index

    def get(self, number: NhsNumber) -> Patient:
        self.meanwhile("pds")
        if self.down:
            raise ConnectorUnavailable("PDS is not available at the moment.")
        if number not in self.patients:
            raise NotFound("PDS holds nobody with this NHS number.")
        return self.patients[number]

    def person(self, number: NhsNumber) -> Patient | None:
        found = self.held.get(self.numbers.get(number, number))
        return replace(found, asked_for=number) if found is not None else None

    def known_sensitivity(self, number: NhsNumber) -> Sensitivity | None:
        found = self.person(number)
        return found.sensitivity if found is not None else None

    def remember(self, patient: Patient) -> None:
        self.held[patient.nhs_number] = patient

    # lists, e-RS, the practice

    def rows_for(self, number: NhsNumber) -> Sequence[HeldRows]:
        self.meanwhile("lists")
        now = self.numbers.get(number, number)
        code = _CODES[now]
        provider = f"XF{code}01"
        row = ListRow(
            now, OdsCode(provider), date(2026, 11, 15), ListKind.RTT, f"{MARKS[now]}1", PathwayId(f"{MARKS[now]}9", provider),
            Ubrn(f"00000000000{'1' if code == 'A' else '2'}"), "110", date(2026, 3, 3), None, date(2026, 3, 3), None, "20",
        )  # fmt: skip
        return (HeldRows(provider, date(2026, 11, 15), (row,) if self.listed else ()),)

    def referral(self, ubrn: Ubrn) -> Referral:
        self.meanwhile("ers")
        number = ALFA if ubrn.value.endswith("1") else BRAVO
        mark = MARKS[number]
        return Referral(ubrn, number, ReferralState.BOOKED, service=f"{mark} clinic", provider=OdsCode(f"XF{_CODES[number]}01"), as_at=NOON)

    def future(self, number: NhsNumber, practice: OdsCode) -> tuple[PracticeAppointment, ...]:
        self.meanwhile("gp")
        return (PracticeAppointment(NOON + timedelta(days=9), f"{MARKS[number]} surgery, {practice}", "booked"),)

    # the desk's own stores

    def record(self, event: AuditEvent) -> None:
        self.meanwhile("audit")
        if self.fails_audit:
            raise StorageError("The disk is full.")
        self.events.append(event)

    def put_draft(self, draft: CallDraft) -> None:
        self.meanwhile("draft")
        if draft.id not in self.saved:
            self.drafts[draft.id] = draft

    def save(self, call: SavedCall, messages: Any, work: Any, event: AuditEvent) -> None:
        if call.id in self.saved and self.saved[call.id] != call:
            raise RuleBroken("This call was saved before with other content. A change to it is a correction.")
        self.saved[call.id] = call
        self.drafts.pop(call.id, None)
        self.meanwhile("save")

    def call(self, call_id: str) -> SavedCall | None:
        self.meanwhile("call")
        return self.saved.get(call_id)

    def calls_of(self, patient: NhsNumber, limit: int = 50) -> Sequence[SavedCall]:
        self.meanwhile("history")
        return [c for c in self.saved.values() if c.patient == patient]

    def open_drafts(self) -> Sequence[CallDraft]:
        return list(self.drafts.values())

    def spend(self, patient: NhsNumber, call_id: str, item: str) -> int:
        self.meanwhile("spend")
        self.spent.add((patient, call_id, item))
        return len([s for s in self.spent if s[0] == patient])

    def raise_item(self, item: Any) -> None:
        self.items.append(item)

    def keep(self, *_observation: object) -> None:
        self.meanwhile("observation")

    def latest(self, _source: str, _patient: NhsNumber) -> Sequence[tuple[str, str, str]]:
        return ()


def organisation(code: str) -> str:
    """Every organisation is named after the person it belongs to."""
    return next((f"{MARKS[n]} {code}" for n, c in _CODES.items() if code[2:3] == c), code)


class Core:
    """`desk` on a `world`, with a clock in the test's hands."""

    def __init__(self) -> None:
        self.world, self.clock = World(), HandClock()
        w: Any = self.world
        staff = Staff("s1", "handler", "A. Handler", frozenset({Role.HANDLER}))
        session = Session("session", staff, Role.HANDLER, "desk-1", "XICB", NOON)
        sources = [Source(info, w, timedelta(days=10)) for info in (LISTS, ERS, GP)]
        enquiry = Enquiry(sources, w, KeptReferrals(w), w, self.clock)
        cards, codes = load_cards(built_in_cards()), dispositions.load()
        self.gatekeeper = Gatekeeper(w, w, PDS, self.clock)
        self.parts = DeskParts(
            session=session,
            clock=self.clock,
            audit=w,
            calls=w,
            spent=w,
            work=w,
            gatekeeper=self.gatekeeper,
            verifying=Verifying(Policy.load(), organisation),
            enquiry=enquiry,
            status=StatusMaker(organisation, self.clock, enquiry.sources),
            offers=Offers(cards, "practice"),
            finishing=Finishing(w, cards, codes, session, self.clock, "practice"),
            organisation=organisation,
        )
        self.desk = CallDesk(self.parts)
        self._session = session

    def link(self, links: Sequence[tuple[str, str, Any]]) -> None:
        """A desk with these links; calls begun before are not known to it."""
        self.desk = CallDesk(replace(self.parts, links=DeepLinks(links, self.world, self._session)))

    def verified(self, call_id: str, number: NhsNumber) -> Opened:
        opened = self.desk.open_patient(call_id, number, None)
        for item, said in right_answers(person(number)).items():
            opened = self.desk.try_item(call_id, item, said)
        return opened

    def ask_all(self, call_id: str) -> None:
        for source in self.desk.sources(call_id):
            self.desk.ask(call_id, source)

    def actions(self) -> list[AuditAction]:
        return [event.action for event in self.world.events]
