"""Opens one data folder: key, database, migrations, connectors, the practice area; and closes it again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext

from filelock import FileLock, Timeout

from helpdesk.access.model import Role, Session, Staff
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.clock import Clock, SystemClock
from helpdesk.composition import accounts, received
from helpdesk.composition.catalogue import everything
from helpdesk.composition.connection_file import ConnectionFile, OwnFile, PracticeFile
from helpdesk.composition.connections import Configured
from helpdesk.composition.directory import directory_of
from helpdesk.composition.intake import watch_for_files
from helpdesk.composition.names import OrganisationNames
from helpdesk.composition.national import NationalIdentity, national_identity
from helpdesk.composition.practice import RunningArea, running
from helpdesk.composition.services import Ground, Services
from helpdesk.composition.sources import Shared, connect, extract_reader, instances_of, set_rates, settings_of
from helpdesk.composition.wording import wording_of
from helpdesk.desk.ports import ExtractReader
from helpdesk.errors import RuleBroken, StorageError
from helpdesk.registry.allowance import TokenBuckets
from helpdesk.registry.contract import Asker
from helpdesk.secrets import DATABASE_FILE, database_key
from helpdesk.settings import DatabaseSettings, Settings
from helpdesk.start import Start
from helpdesk.storage.database import Database
from helpdesk.storage.outside import SqlDailyUse, SqlKept

_log = logging.getLogger(__name__)
_PREPARE_S = 120
_PASS_S = 2.0
_ASK_AFTER_EVERY = 15
_END_S = 10.0
_WORKLISTS_S = 600.0


class OpenFolder:
    """One profile's folder, open. Made on a worker thread; `close` may be called more than once."""

    def __init__(self, start: Start, ask_passphrase: Callable[[], str] | None = None, *, takes_files: bool = False) -> None:
        """`takes_files`: whoever opens it takes in what waits in watched folders; they are left alone before."""
        self._takes_files = takes_files
        self.start = start
        self.clock: Clock = SystemClock()
        self._closing: list[Callable[[], None]] = []
        self._asker: Asker | None = None
        self.identity: NationalIdentity | None = None
        try:
            self._open(ask_passphrase)
        except BaseException:
            self.close()
            raise

    def _open(self, ask_passphrase: Callable[[], str] | None) -> None:
        self.area: RunningArea | None = running(self.start.folder) if self.start.practice else None
        if self.area is not None:
            self._closing.append(self.area.stop)
        self.settings: Settings = settings_of(self.area.tables if self.area is not None else self.start.tables)
        self.database = self._database(self.settings.database, ask_passphrase)
        self._closing.append(self.database.close)
        names = self.settings.organisations
        organisation = self.settings.desk.organisation
        self.identity = national_identity(self.settings.cis2, self.start, self.clock)
        buckets = TokenBuckets()
        shared = Shared(buckets, SqlDailyUse(self.database, self.clock), self.identity, lambda: self._asker)
        made = instances_of(self.settings, self.start, self.clock, shared)
        set_rates(buckets, made)
        self._names = OrganisationNames(names, directory_of(made, SqlKept(self.database, self.clock), self.clock))
        connected = connect(made)
        self.ground = Ground(
            database=self.database,
            connected=connected,
            clock=self.clock,
            kind=self.start.kind,
            organisation=self._names,
            organisation_name=names.get(organisation, organisation),
            reader=extract_reader(),
            folder=self.start.folder,
            configured=self._configured(shared),
            identity=self.identity,
            wording=wording_of(self.settings, self.start),
        )
        with self._preparing():
            if not self.start.live:
                accounts.make_practice_staff(self.database, self.clock)
            self._import_waiting()

    def _configured(self, shared: Shared) -> Configured:
        """What the settings of connections are drawn from, and where changes to them go."""
        area, desk = self.area, self.settings
        file: ConnectionFile = PracticeFile(self.start.folder, area.generated) if area is not None else OwnFile(self.start)
        return Configured(
            start=self.start,
            found=everything(desk.packages, live=self.start.live),
            file=file,
            running=desk.connectors,
            organisation=desk.desk.organisation,
            shared=shared,
            clock=self.clock,
            files_ready=area.extracts_ready if area is not None else nullcontext,
        )

    def _database(self, settings: DatabaseSettings, ask: Callable[[], str] | None) -> Database:
        folder = self.start.folder
        if settings.url != "sqlite":
            database = Database.connect_url(settings.url, self.start.kind)
            with self._preparing():
                return _migrated(database)
        # a live profile without a safe place for its key must leave no trace, not even a lock
        key = database_key(self.start.kind, folder, settings.key, ask) if self.start.live else None
        with self._preparing():
            key = key or database_key(self.start.kind, folder, settings.key, ask)
            return _migrated(Database.open(folder / DATABASE_FILE, key, self.start.kind))

    def _preparing(self) -> FileLock:
        """Held while the folder is made ready, so that two programs started at once do it once."""
        try:
            self.start.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            raise StorageError("The desk's data folder cannot be made.") from None
        return FileLock(self.start.folder / "prepare.lock", timeout=_PREPARE_S, mode=0o600)

    def _import_waiting(self) -> None:
        services = Services(self.ground, self._own_session(Role.SUPPORT), "received files")
        if self.area is not None:
            received.import_area(services, self.area)
        else:
            received.import_received(services, self._read_at_once())

    def _read_at_once(self) -> Sequence[tuple[str, ExtractReader]]:
        """Whose waiting files are read now and left where they are. A command of a sandbox reads all of them: what lies there
        is there to be tried; a live desk's watched folders are another's work."""
        connected = self.ground.connected
        watched = {w.name for w in connected.watched} if self._takes_files or self.start.live else set()
        return [(name, reader) for name, reader in connected.readers if name not in watched]

    def _own_session(self, role: Role) -> Session:
        return accounts.program_session(role, accounts.COMMAND_DESK, self.settings.desk.organisation, self.clock)

    # sessions

    def for_command(self, credentials: tuple[str, str] | None, reason: str) -> Services:
        """The command line's services, as a member of staff with the role support."""
        if not self.start.live:
            return Services(self.ground, self._own_session(Role.SUPPORT), reason, self.close)
        if credentials is None:
            raise RuleBroken("On a live profile a member of staff signs in: --staff LOGIN.")
        return Services(self.ground, self._signed_in(*credentials, Role.SUPPORT, accounts.COMMAND_DESK), reason, self.close)

    def sign_in(self, login: str, password: str, role: Role | None = None, desk: str = "") -> Services:
        """Raises RuleBroken, `field` "password", when login and password are not those of an open account."""
        return Services(self.ground, self._signed_in(login, password, role, desk or self.settings.desk.id))

    def practise_as(self, role: Role) -> Services:
        """In the practice area and the sandbox a role is picked, no password asked."""
        if self.start.live:
            raise RuleBroken("On a live profile a member of staff signs in.")
        staff = next(s for s in accounts.all_staff(self.database, self.clock) if role in s.roles)
        self._at_desk(staff)
        return Services(
            self.ground, accounts.open_session(self.ground, staff, role, self.settings.desk.id, self.settings.desk.organisation)
        )

    def in_role(self, session: Session, role: Role) -> Services:
        """The same member of staff in another of their roles. Raises RuleBroken for one they do not have, or no longer."""
        staff = next((s for s in accounts.all_staff(self.database, self.clock) if s.id == session.staff.id), None)
        if staff is None or staff.disabled or role not in staff.roles:
            raise RuleBroken("Your account does not have this role.")
        return Services(self.ground, accounts.open_session(self.ground, staff, role, session.desk, session.organisation))

    def _at_desk(self, staff: Staff) -> None:
        """Somebody else may be at the desk now: who was signed in nationally is so no longer."""
        self._asker = _asker(staff)
        if self.identity is not None:
            self.identity.sign_out()

    @property
    def has_accounts(self) -> bool:
        return bool(accounts.all_staff(self.database, self.clock))

    @property
    def has_administrator(self) -> bool:
        return any(Role.ADMINISTRATOR in s.roles and not s.disabled for s in accounts.all_staff(self.database, self.clock))

    def _signed_in(self, login: str, password: str, role: Role | None, desk: str) -> Session:
        organisation = self.settings.desk.organisation
        staff = accounts.checked(self.database, self.clock, login, password)
        if staff is None:
            session = accounts.program_session(Role.SUPPORT, desk, organisation, self.clock)
            Services(self.ground, session).audit.record(AuditEvent(AuditAction.SIGN_IN_REFUSED, "sign in"))
            raise RuleBroken("The login or the password is not right.", field="password")
        self._at_desk(staff)
        chosen = role or next((r for r in Role if r in staff.roles), Role.HANDLER)
        return accounts.open_session(self.ground, staff, chosen, desk, organisation)

    def close(self) -> None:
        while self._closing:
            self._closing.pop()()


class DeskFolder(OpenFolder):
    """The folder as the window opens it: one window for each folder; it alone delivers the outbox and watches for files."""

    def __init__(self, start: Start, ask_passphrase: Callable[[], str] | None = None) -> None:
        super().__init__(start, ask_passphrase, takes_files=True)

    def _open(self, ask_passphrase: Callable[[], str] | None) -> None:
        self.start.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self.start.folder / "desk.lock", timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise StorageError("This desk is open already in another window on this computer.") from None
        self._closing.append(lambda: lock.release())
        super()._open(ask_passphrase)
        self._closing.append(self._names.start())
        self._stop = threading.Event()
        behind = [threading.Thread(target=work, name=name, daemon=True) for name, work in self._work_behind()]
        for thread in behind:
            thread.start()
        self._closing.append(lambda: self._end(behind))

    def _work_behind(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        return ("outbox", self._deliver), ("worklists", self._read_worklists), ("gaps", self._watch_area), ("intake", self._take_in)

    def _deliver(self) -> None:
        """The outbox, for as long as the window is open."""
        sender = Services(self.ground, self._own_session(Role.HANDLER), "outbox").outbox_sender()
        passes = 0
        while not self._stop.wait(_PASS_S):
            try:
                sender.pass_once(ask_after=passes % _ASK_AFTER_EVERY == 0)
            except StorageError as error:
                _log.warning("The outbox waits: %s", error.message)
            passes += 1

    def _read_worklists(self) -> None:
        """e-RS worklists, for as long as the window is open: a look every ten minutes whether one is due."""
        reader = Services(self.ground, self._own_session(Role.NAVIGATOR), "worklists").worklist_reader()
        while not self._stop.wait(_WORKLISTS_S):
            try:
                reader.pass_once()
            except StorageError as error:
                _log.warning("Worklists are not kept: %s", error.message)

    def _take_in(self) -> None:
        """Files from watched folders and mailboxes, for as long as the window is open."""
        watch_for_files(Services(self.ground, self._own_session(Role.SUPPORT), "received files"), self._stop)

    def _watch_area(self) -> None:
        Services(self.ground, self._own_session(Role.NAVIGATOR), "stuck pathways").area_watch().watch(self._stop.wait)

    def _end(self, behind: list[threading.Thread]) -> None:
        """Nothing behind the desk works on a database that is closed, unless it takes too long."""
        self._stop.set()
        ends = time.monotonic() + _END_S
        for thread in behind:
            thread.join(max(0.0, ends - time.monotonic()))


def _asker(staff: Staff) -> Asker:
    """As other systems put them on record: the last of their names is the family name."""
    *given, family = staff.name.split() or [staff.login]
    return Asker(staff.id, family, " ".join(given))


def _migrated(database: Database) -> Database:
    try:
        if database.needs_migration():
            database.migrate()
    except BaseException:
        database.close()
        raise
    return database
