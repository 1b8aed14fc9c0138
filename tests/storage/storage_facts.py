"""People, calls and rows for the storage tests: nobody here is real."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.calls.model import CallDraft, Disposition, SavedCall, Signposted
from helpdesk.extracts.model import ExtractKind, Profile
from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.model import ListKind, ListRow
from helpdesk.patients.model import Address, Fact, FactKind, Needs, PartialDate, Patient, PersonName, Phone, PhoneUse, Query, Sensitivity
from helpdesk.signposting.model import Channel, OutgoingMessage

KEY = bytes(range(32))
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HANDLER = Staff(id="5b6ad6a0-0000-4000-8000-000000000001", login="ahandler", name="A. Handler", roles=frozenset({Role.HANDLER}))


class MovableClock:
    def __init__(self, now: datetime = NOON) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


def number(n: int) -> NhsNumber:
    """The n-th NHS number of the test range that has a check digit."""
    nine = 900_000_000 + 11 * n
    while (digit := NhsNumber.check_digit(str(nine))) is None:
        nine += 1
    return NhsNumber(f"{nine}{digit}")


def session(desk: str = "desk-1") -> Session:
    return Session(id=str(uuid4()), staff=HANDLER, role=Role.HANDLER, desk=desk, organisation="XICB", started=NOON)


def patient(n: int, *, family: str = "Smith", given: tuple[str, ...] = ("Jane",), born: str = "1950-01-01", **more: object) -> Patient:
    parts: dict[str, object] = {
        "nhs_number": number(n),
        "asked_for": number(n),
        "sensitivity": Sensitivity.UNRESTRICTED,
        "source": "persons",
        "as_at": NOON,
        "name": PersonName(family, given, "Mrs"),
        "born": PartialDate.from_iso(born),
        "gender": "Female",
        "address": Address(("1 Long Lane", "Fenmoor"), "ZZ99 3AA"),
        "phones": (Phone("07700 900123", PhoneUse.MOBILE),),
        "emails": (f"person{n}@example.org",),
        "practice": OdsCode("XGP001"),
        "hospital_numbers": (f"H{n:06}",),
        "needs": Needs(language="BSL", interpreter=True),
    }
    return Patient(**(parts | more))  # type: ignore[arg-type]


def query(**facts: str) -> Query:
    """A query of facts by kind; several values of one kind are separated by "|"."""
    return Query(text="", facts=tuple(Fact(FactKind(kind), value, value) for kind, values in facts.items() for value in values.split("|")))


def list_row(n: int, *, provider: str = "XFC01", pathway: str = "P1", ubrn: str | None = None, week: date = date(2026, 11, 15)) -> ListRow:
    return ListRow(
        nhs_number=number(n),
        provider=OdsCode(provider),
        week_ending=week,
        list_kind=ListKind.RTT,
        local_patient_id=f"L{n}",
        pathway_id=PathwayId(pathway, provider),
        ubrn=Ubrn(ubrn) if ubrn else None,
        treatment_function="110",
        referral_received=date(2026, 3, 3),
        original_referral_received=None,
        clock_start=date(2026, 3, 3),
        clock_stop=None,
        rtt_status="20",
        due=date(2026, 12, 1),
        ask_team=True,
        source="lists",
    )


def profile(kind: ExtractKind = ExtractKind.PERSONS, provider: str = "", sha256: str = "") -> Profile:
    return Profile(kind=kind, provider=provider, as_at=date(2026, 11, 15), rows=1, sha256=sha256 or uuid4().hex)


def event(action: AuditAction = AuditAction.CALL_SAVED, **more: object) -> AuditEvent:
    return AuditEvent(action, **more)  # type: ignore[arg-type]


def draft(call_id: str = "", *, notes: str = "Rang about her hip", about: NhsNumber | None = None) -> CallDraft:
    return CallDraft(
        id=call_id or str(uuid4()),
        started=NOON,
        phone="07700900123",
        patient=about,
        notes=notes,
        disposition=Disposition(reason="when"),
        signposts=(Signposted("5b6ad6a0-0000-4000-8000-00000000000a", "waiting-well", "1", "sms"),),
        safety=("111",),
    )


def saved(call_id: str = "", *, version: int = 1, notes: str = "Rang about her hip", about: NhsNumber | None = None) -> SavedCall:
    return SavedCall(
        id=call_id or str(uuid4()),
        version=version,
        started=NOON,
        ended=NOON + timedelta(minutes=4),
        staff_id=HANDLER.id,
        staff_name=HANDLER.name,
        role="handler",
        desk="desk-1",
        organisation="XICB",
        phone="07700900123",
        patient=about,
        notes=notes,
        disposition=Disposition(reason="when", outcome="told"),
        level_reached="status",
        caller_kind="patient",
        said=("known.waiting",),
        signposts=(Signposted("5b6ad6a0-0000-4000-8000-00000000000a", "waiting-well", "1", "sms"),),
    )


def message(call_id: str, about: NhsNumber, reference: str = "") -> OutgoingMessage:
    return OutgoingMessage(
        reference=reference or str(uuid4()),
        call_id=call_id,
        nhs_number=about,
        channel=Channel.SMS,
        card_id="waiting-well",
        card_version="1",
        text="Keep moving while you wait.",
    )
