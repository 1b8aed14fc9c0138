"""Everything one session works with, built round one open database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from helpdesk.access.model import Action, Session, Staff
from helpdesk.access.service import may, require
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.callers.policy import Policy
from helpdesk.calls import dispositions
from helpdesk.calls.model import SavedCall
from helpdesk.clock import Clock
from helpdesk.composition.connections import Configured, ManagedConnections
from helpdesk.composition.intake_places import intake_of
from helpdesk.composition.national import NationalIdentity, Smartcard
from helpdesk.composition.sources import Connected, with_unclaimed
from helpdesk.composition.stuck import AreaWatch, stuck_desk
from helpdesk.desk.authority import ProxyDesk
from helpdesk.desk.call_desk import CallDesk, DeskParts
from helpdesk.desk.call_lists import CallLists
from helpdesk.desk.enquiry import Enquiry
from helpdesk.desk.extracts import ExtractImport
from helpdesk.desk.finishing import Finishing
from helpdesk.desk.gate import Gatekeeper
from helpdesk.desk.health import HealthNotes
from helpdesk.desk.intake import Intake
from helpdesk.desk.kept_activity import KeptActivity
from helpdesk.desk.kept_referrals import KeptReferrals
from helpdesk.desk.links import DeepLinks
from helpdesk.desk.looking import Looking
from helpdesk.desk.offers import Offers
from helpdesk.desk.open_patient import Verifying
from helpdesk.desk.ports import ExtractReader
from helpdesk.desk.report import StatusReport
from helpdesk.desk.sending import OutboxSender
from helpdesk.desk.status import StatusMaker
from helpdesk.desk.stuck import StuckDesk
from helpdesk.desk.taking import Taking
from helpdesk.desk.wording import DeskWording
from helpdesk.desk.worklists import WorklistReader
from helpdesk.desk.workstation import Workstation
from helpdesk.extracts.model import Snapshot
from helpdesk.patients.service import PatientSearch
from helpdesk.queue.model import WorkItem
from helpdesk.signposting.cards import built_in_cards, load_cards
from helpdesk.storage.audit import AuditReport, SqlAuditTrail, verify
from helpdesk.storage.calls import SqlCalls
from helpdesk.storage.database import Database
from helpdesk.storage.import_history import SqlImportHistory
from helpdesk.storage.observations import SqlObservations
from helpdesk.storage.outbox import SqlOutbox
from helpdesk.storage.outside import SqlKept, SqlSourceHealth
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.snapshots import SqlSnapshots
from helpdesk.storage.staff import SqlStaff
from helpdesk.storage.waiting_lists import SqlWaitingLists
from helpdesk.storage.waits import SqlWaits
from helpdesk.storage.work import SqlSpentItems, SqlWorkItems
from helpdesk.waits.service import WaitImport
from helpdesk.waits.tables import WaitTables


@dataclass(frozen=True)
class Ground:
    """What every session of this run shares."""

    database: Database
    connected: Connected
    clock: Clock
    kind: str
    organisation: Callable[[str], str]
    organisation_name: str
    reader: ExtractReader
    folder: Path
    configured: Configured
    identity: NationalIdentity | None = None
    looking: Looking = field(default_factory=Looking)
    wording: DeskWording = field(default_factory=DeskWording)

    @cached_property
    def wait_tables(self) -> WaitTables:
        """Empty until they are read."""
        return WaitTables(SqlWaits(self.database, None, self.clock), live=self.kind == "live")


class Services:
    """The services of one session. `reason` is why a command asks; `close` gives back what was opened with it."""

    def __init__(self, ground: Ground, session: Session, reason: str = "", closing: Callable[[], None] = lambda: None) -> None:
        self._ground = ground
        self._closing = closing
        self.session = session
        self.reason = reason
        database, clock, connected = ground.database, ground.clock, ground.connected
        self.audit = SqlAuditTrail(database, session, clock)
        self._calls = SqlCalls(database, session, clock)
        self._lists = CallLists(self._calls, SqlPeople(database, clock), self.audit, session)
        self._snapshots = SqlSnapshots(database, session, clock)
        self._index = SqlPeople(database, clock)
        self.reader = ground.reader
        self._gatekeeper = Gatekeeper(self._index, connected.demographics, connected.pds, clock)
        observations = SqlObservations(database, clock)
        self._health = HealthNotes(SqlSourceHealth(database, clock), clock)
        self._enquiry = Enquiry(
            with_unclaimed(connected.sources, self._snapshots.snapshots()),
            SqlWaitingLists(database),
            KeptReferrals(observations),
            self.audit,
            clock,
            KeptActivity(observations),
            self._health,
        )
        self._status = StatusMaker(ground.organisation, clock, self._enquiry.sources, waits=ground.wait_tables, wording=ground.wording)
        self.people = PatientSearch(self._index, connected.demographics, self.audit, session, clock)
        self.report = StatusReport(self._gatekeeper, self._enquiry, self._status, self.audit, session)
        self.extracts = ExtractImport(self._snapshots, self.audit, session, clock, SqlImportHistory(database, clock))
        self.wait_tables = ground.wait_tables
        self.waits = WaitImport(SqlWaits(database, session, clock), ground.wait_tables, self.audit, session, clock)

    def close(self) -> None:
        self._closing()

    def before_showing(self, what: str) -> None:
        """A command about to show or take personal data. On a live profile that is break-glass, and on record first."""
        if self._ground.kind == "live":
            self.audit.record(AuditEvent(AuditAction.BREAK_GLASS, self.reason, details={"command": what}))

    def workstation(self) -> Workstation:
        """What the window works with."""
        g = self._ground
        policy = Policy.load()
        cards = load_cards(built_in_cards())
        codes = dispositions.load()
        desk = CallDesk(
            DeskParts(
                session=self.session,
                clock=g.clock,
                audit=self.audit,
                calls=self._calls,
                spent=SqlSpentItems(g.database, g.clock),
                work=SqlWorkItems(g.database, g.clock),
                gatekeeper=self._gatekeeper,
                verifying=Verifying(policy, g.organisation),
                enquiry=self._enquiry,
                status=self._status,
                offers=Offers(cards, g.kind),
                finishing=Finishing(self._calls, cards, codes, self.session, g.clock, g.kind),
                organisation=g.organisation,
                spent_alert=policy.spent_alert,
                proxies=ProxyDesk(g.connected.authority, policy, self.audit, g.clock, self._health),
                demographics=g.connected.demographics,
                links=DeepLinks(g.connected.links, self.audit, self.session),
            )
        )
        return Workstation(
            self.session,
            g.kind,
            g.clock,
            desk,
            self.people,
            codes,
            g.organisation_name,
            self.connections(),
            self._smartcard(),
            self.stuck(),
        )

    def _smartcard(self) -> Smartcard | None:
        """The national sign-in for whoever is at this desk."""
        return Smartcard(self._ground.identity, self.audit) if self._ground.identity is not None else None

    def connections(self) -> ManagedConnections | None:
        """The settings of connections; None where this role may not change them."""
        if not may(self.session, Action.MANAGE_CONNECTIONS):
            return None
        g = self._ground
        return ManagedConnections(g.configured, self.session, self.audit, SqlSourceHealth(g.database, g.clock))

    def stuck(self) -> StuckDesk | None:
        """The list of stuck pathways; None where this role does not work on it."""
        return stuck_desk(self._ground, self.session, self.audit, self._enquiry)

    def area_watch(self) -> AreaWatch:
        """Raises RuleBroken in a role that does not work on gaps."""
        require(self.session, Action.WORK_GAPS)
        desk = self.stuck()
        assert desk is not None, "the role may"  # noqa: S101 - narrows the type
        return AreaWatch(self._ground, desk)

    def outbox_sender(self) -> OutboxSender:
        g = self._ground
        return OutboxSender(SqlOutbox(g.database, g.clock), g.connected.sender, self._gatekeeper, self.audit, g.clock)

    def worklist_reader(self) -> WorklistReader:
        g = self._ground
        observations = SqlObservations(g.database, g.clock)
        return WorklistReader(g.connected.worklists, observations, SqlKept(g.database, g.clock), self.audit, g.clock)

    @contextmanager
    def intake(self) -> Iterator[Intake]:
        """What takes files in. Raises RuleBroken while another process of this data folder does."""
        g = self._ground
        work = Taking(self.extracts, SqlWorkItems(g.database, g.clock), g.clock)
        with intake_of(g.connected, g.reader, g.folder, SqlKept(g.database, g.clock), work) as made:
            yield made

    def recent_calls(self, limit: int) -> Sequence[SavedCall]:
        return self._lists.recent(limit, self.reason)

    def one_call(self, call_id: str) -> SavedCall | None:
        return self._lists.one(call_id, self.reason)

    def snapshots(self) -> Sequence[Snapshot]:
        return self._snapshots.snapshots()

    def open_work(self) -> Sequence[WorkItem]:
        return SqlWorkItems(self._ground.database, self._ground.clock).open_items()

    def staff(self) -> tuple[Staff, ...]:
        return SqlStaff(self._ground.database, self._ground.clock).list()

    def verify_audit(self) -> AuditReport:
        require(self.session, Action.READ_AUDIT)
        return verify(self._ground.database)
