"""Secrets of connections and of the national sign-in, kept or forgotten from the command line."""

from __future__ import annotations

from helpdesk.access.model import Action, Role
from helpdesk.access.service import require
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.composition import connection_secrets, national
from helpdesk.composition.accounts import COMMAND_DESK, program_session
from helpdesk.composition.catalogue import everything
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.sources import settings_of
from helpdesk.composition.staff_changes import Asking, as_administrator
from helpdesk.desk.connections import Secrets
from helpdesk.errors import NotFound, RuleBroken
from helpdesk.start import Start
from helpdesk.storage.audit import SqlAuditTrail


def names(start: Start, instance: str) -> tuple[str, ...]:
    """The secrets that this connection, or the national sign-in, takes. Raises NotFound where it is not configured."""
    settings = settings_of(start.tables)
    if instance == national.INSTANCE and settings.cis2:
        return national.SECRETS
    table = settings.connectors.get(instance)
    if table is None:
        raise NotFound("There is no such connection in the configuration.")
    manifest = everything(settings.packages, live=start.live).manifests.get(str(table.get("kind") or instance))
    return tuple(manifest.secrets) if manifest is not None else ()


def change(start: Start, instance: str, name: str, value: str, by: str, asking: Asking) -> None:
    """Keeps the value; an empty one forgets what was kept. On a live profile by an administrator. On record before it is
    done. Raises RuleBroken, NotFound, and StorageError where it cannot be kept."""
    known = names(start, instance)
    if name not in known:
        raise RuleBroken(f"{instance} takes no secret of this name; it takes {', '.join(known) or 'none'}.", field="name")
    folder = OpenFolder(start, asking.passphrase)
    try:
        session = as_administrator(folder, by, asking)
        if session is not None:
            require(session, Action.MANAGE_CONNECTIONS)
        own = session or program_session(Role.ADMINISTRATOR, COMMAND_DESK, folder.settings.desk.organisation, folder.clock)
        details = {"connection": instance, "secret": name, "change": "kept" if value else "forgotten"}
        SqlAuditTrail(folder.database, own, folder.clock).record(AuditEvent(AuditAction.CONNECTION_CHANGED, "connections", details=details))
        kept = Secrets(keep={name: value}) if value else Secrets(forget=frozenset((name,)))
        connection_secrets.change(start, instance, kept)
    finally:
        folder.close()
