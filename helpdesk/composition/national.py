"""The national sign-in of this desk (CIS2), where the configuration has one: shared by every source that needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from helpdesk import __version__
from helpdesk.audit import AuditAction, AuditEvent, AuditTrail
from helpdesk.clock import Clock
from helpdesk.errors import ConnectorAuthFailed, RuleBroken, StorageError
from helpdesk.lazy import load
from helpdesk.secrets import secret
from helpdesk.start import Start

ENTRY = "connectors.sign_in.cis2:identity"
INSTANCE = "cis2"
"""Under which its secrets are kept, as if it were an instance."""
SECRETS = ("private_key", "client_secret")


class NationalIdentity(Protocol):
    """What a sign-in through the browser offers."""

    def id_token(self) -> str: ...

    @property
    def role_id(self) -> str: ...

    @property
    def signed_in(self) -> bool: ...

    def sign_in(self, cancelled: Callable[[], bool]) -> None: ...

    def sign_out(self) -> None: ...


def national_identity(table: Mapping[str, Any], start: Start, clock: Clock) -> NationalIdentity | None:
    """None without a table. Raises RuleBroken naming the setting that is wrong."""
    if not table:
        return None

    def read(name: str) -> str:
        held = secret(start.profile, INSTANCE, name, folder=start.folder)
        if held is None:
            raise ConnectorAuthFailed(f"The national sign-in is not set up: its {name.replace('_', ' ')} is not kept on this computer.")
        return held

    try:
        made: NationalIdentity = load(ENTRY)(dict(table), read, clock, f"NerveCentreHelpdesk/{__version__}")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join([INSTANCE, *(str(part) for part in first["loc"])])
        raise RuleBroken(f"The configuration is wrong at {where}: {first['msg'].removeprefix('Value error, ')}.", field=where) from None
    return made


class Smartcard:
    """The sign-in as the window offers it: on record with its session, and forgotten with it."""

    def __init__(self, identity: NationalIdentity, audit: AuditTrail) -> None:
        self._identity = identity
        self._audit = audit

    @property
    def signed_in(self) -> bool:
        return self._identity.signed_in

    def sign_in(self, cancelled: Callable[[], bool]) -> None:
        """Waits for the browser; for a worker thread. Nobody is signed in without its row. Raises a ConnectorError in plain
        words, and StorageError."""
        try:
            self._identity.sign_in(cancelled)
        except ConnectorAuthFailed:
            self._audit.record(AuditEvent(AuditAction.SIGN_IN_REFUSED, "national sign-in"))
            raise
        details = {"role": "given" if self._identity.role_id else "none"}
        try:
            self._audit.record(AuditEvent(AuditAction.SIGN_IN, "national sign-in", details=details))
        except StorageError:
            self._identity.sign_out()
            raise

    def sign_out(self) -> None:
        self._identity.sign_out()
        self._audit.record(AuditEvent(AuditAction.SIGN_OUT, "national sign-in"))
