"""What every cell of the fault matrix stands on: healthy services, an authority for safe connections, the desk's enquiry."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from connectors.stub_server import StubServer
from helpdesk.audit import AuditEvent
from helpdesk.desk.enquiry import Enquiry, Source, Ticket
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.kept_activity import KeptActivity
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.model import Gate, GateState, Port, SourceInfo
from helpdesk.desk.sending import OutboxSender
from helpdesk.errors import ConnectorUnavailable
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Patient, Sensitivity
from helpdesk.practice.model import Area
from helpdesk.signposting.model import Channel, MessageState, OutboxEntry, OutgoingMessage, Receipt
from tests.connectors.authority import Authority, new_authority
from tests.connectors.conftest import FixedClock
from tests.connectors.tiny_area import JANE, NOW, SMYTHE, patient
from tests.faults.doors import DOORS, Beside, Door
from tests.faults.fault_area import PRACTICE, UBRNS, fault_area

HEALTHY_S = 5.0
AN_HOUR = timedelta(hours=1)


class NoLists:
    def rows_for(self, number: NhsNumber) -> Sequence[Any]:
        return ()


class Audit:
    def record(self, event: AuditEvent) -> None:
        """Taken, and told to nobody."""


class Kept:
    """Observations in memory, each source's newest."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, NhsNumber], dict[str, tuple[str, str, str]]] = {}

    def keep(self, source: str, patient: NhsNumber, key: str, as_at: str, payload: str) -> None:
        self._held.setdefault((source, patient), {})[key] = (key, as_at, payload)

    def latest(self, source: str, patient: NhsNumber) -> Sequence[tuple[str, str, str]]:
        return tuple(self._held.get((source, patient), {}).values())


class Index:
    """The local index: it knows the person or nobody."""

    def __init__(self, known: Patient | None) -> None:
        self._known = known

    def person(self, number: NhsNumber) -> Patient | None:
        return self._known

    def known_sensitivity(self, number: NhsNumber) -> Sensitivity | None:
        return self._known.sensitivity if self._known else None

    def remember(self, patient: Patient) -> None:
        """Nothing is kept."""


class OneMessage:
    """An outbox of one message, and what became of its try."""

    def __init__(self) -> None:
        message = OutgoingMessage("0b1d7c1e-6d0f-4a53-9a5b-0d6a2f6f2f10", "c1", JANE, Channel.SMS, "card", "1", "Keep moving.")
        self.entry = OutboxEntry(message, MessageState.QUEUED, NOW)
        self.settled: tuple[Receipt, datetime | None] | None = None

    def due(self, now: datetime, limit: int = 20) -> Sequence[OutboxEntry]:
        return (self.entry,)

    def unsettled(self, limit: int = 50) -> Sequence[OutboxEntry]:
        return ()

    def settle(self, reference: str, receipt: Receipt, *, next_try: datetime | None = None) -> None:
        self.settled = (receipt, next_try)


class OpenGate:
    """PDS says that this person is unrestricted, and how they can be reached."""

    def look(self, number: NhsNumber) -> Any:
        return SimpleNamespace(gate=Gate(GateState.OPEN, number, Sensitivity.UNRESTRICTED), patient=patient(number))


@dataclass(frozen=True)
class Ground:
    beside: Beside
    authority: Authority
    other_name: Path
    kept: Kept
    companions: Sequence[Source]

    def enquiry(self, *sources: Source, kept: bool = False) -> Enquiry:
        held = self.kept if kept else Kept()
        return Enquiry(sources, NoLists(), KeptReferrals(held), Audit(), FixedClock(), KeptActivity(held))  # type: ignore[arg-type]  # stand-ins

    def companion_of(self, door: Door, turn: int) -> Source:
        others = [c for c in self.companions if c.info.name != f"healthy {door.name}"]
        return others[turn % len(others)]

    def faulty(self, door: Door, fault: str, stack: ExitStack) -> tuple[str, dict[str, Any], StubServer]:
        """Where the failing service is, what the settings must say beside it, and its server."""
        if not fault.startswith("tls_"):
            area = fault_area(door.connector, fault) if door.only_person else fault_area()
            server = stack.enter_context(stopped(door.serve(area)))
            if door.only_route:
                _fail_at(server, door.only_route, fault)
            elif not door.only_person:
                server.fault = fault or None
            return server.address, {}, server
        server = stack.enter_context(stopped(StubServer([], base_path=_path_of(door.serve), tls=self._tls(fault))))
        trusts = {} if fault == "tls_other_authority" else {"ca_file": self.authority.file}
        return server.address.replace("http://", "https://"), trusts, server

    def _tls(self, fault: str) -> ssl.SSLContext | None:
        if fault == "tls_plain_text":
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.other_name if fault == "tls_other_name" else self.authority.folder / "here.pem")
        return context


def _fail_at(server: StubServer, name: str, fault: str) -> None:
    failing = [replace(r, fault_for=lambda _request: fault) if r.name == name else r for r in server._routes]
    if tuple(failing) == server._routes:
        raise LookupError(f"no route {name}")
    server._routes = tuple(failing)


@cache
def _path_of(serve: Callable[[Area], StubServer]) -> str:
    with stopped(serve(fault_area())) as server:
        return urlsplit(server.address).path


@contextmanager
def stopped(server: StubServer) -> Iterator[StubServer]:
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def ground() -> Iterator[Ground]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        authority = new_authority(folder)
        authority.signed("here")
        serves = {door.connector: door.serve for door in reversed(DOORS) if not door.signs_in}
        running = {name: stack.enter_context(stopped(serve(fault_area()))) for name, serve in serves.items()}
        beside = Beside(running["pds"].address, running["gp_connect"].address)
        healthy = [door for door in DOORS if door.port is not None]
        companions = [
            source_of(door, door.connect(running[door.connector].address, {"timeout_s": HEALTHY_S}, beside), HEALTHY_S) for door in healthy
        ]
        made = Ground(beside, authority, authority.signed("elsewhere", "192.0.2.1"), Kept(), companions)
        for companion in companions:
            made.enquiry(companion, kept=True).ask(ticket(), companion.info)
        named = [replace(c, info=replace(c.info, name=f"healthy {d.name}")) for c, d in zip(companions, healthy, strict=True)]
        yield replace(made, companions=named)


def source_of(door: Door, connector: Any, timeout_s: float) -> Source:
    label = connector_label(connector)
    port = door.port or Port.HOSPITAL_ACTIVITY
    return Source(SourceInfo(door.connector, label, port), connector, timedelta(hours=240), timeout_s=timeout_s)


def connector_label(connector: Any) -> str:
    return getattr(connector, "label", "") or "The source"


def ticket(whose: NhsNumber = JANE, references: int = 1) -> Ticket:
    gate = Gate(GateState.OPEN, whose, Sensitivity.UNRESTRICTED)
    return Ticket(whose, gate, PRACTICE, "call", "c1", ubrns=UBRNS[whose][:references])


def gatekeeper(demographics: Any, *, kept: bool) -> Gatekeeper:
    known = patient(JANE, source="pds") if kept else None
    return Gatekeeper(Index(known), demographics, SourceInfo("pds", "PDS", Port.DEMOGRAPHICS), FixedClock())  # type: ignore[arg-type]  # a stand-in


def sent(sender: Any) -> tuple[Receipt, float]:
    """What the background sender makes of one try, and after how many seconds it tries again."""
    outbox = OneMessage()
    OutboxSender(outbox, sender, OpenGate(), Audit(), FixedClock(), report=_raise).pass_once()  # type: ignore[arg-type]  # stand-ins
    if outbox.settled is None:
        raise ConnectorUnavailable("Nothing became of the message.")
    receipt, again = outbox.settled
    return receipt, (again - NOW).total_seconds() if again else 0.0


def _raise(error: Exception) -> None:
    raise error


SLOW, OTHER = JANE, SMYTHE
