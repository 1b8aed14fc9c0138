"""What the directory needs from the outside: national look-ups, and somewhere to keep what they said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from helpdesk.directory.model import CareService, Organisation
from helpdesk.identifiers import OdsCode


class Organisations(Protocol):
    """The Organisation Data Service."""

    def organisation(self, code: OdsCode) -> Organisation:
        """Raises NotFound or a ConnectorError."""

    def search(self, words: str, limit: int = 20) -> tuple[Organisation, ...]:
        """By name or postcode, in the service's own order. Raises a ConnectorError."""


class CareServices(Protocol):
    """A directory of services."""

    def find(self, words: str, postcode: str = "", limit: int = 20) -> tuple[CareService, ...]:
        """Nearest first where a postcode (whole or its first part) is given. Raises a ConnectorError."""


class Kept(Protocol):
    """Replies kept for a while, so that the same thing is not asked again and again; nothing about patients goes in."""

    def get(self, source: str, key: str) -> tuple[str, datetime] | None:
        """What was kept and when, however old."""

    def put(self, source: str, key: str, value: str) -> None: ...

    def all_of(self, source: str) -> Sequence[tuple[str, str, datetime]]:
        """(key, value, when) of everything kept of one source."""
