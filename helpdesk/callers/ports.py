"""What the callers feature needs from the outside: who the NHS says may speak for a patient."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from helpdesk.identifiers import NhsNumber


@dataclass(frozen=True, repr=False)
class Proxy:
    """Somebody with an active consent, in its period, to act for a patient. Like every true answer it lives inside the
    core: it is compared with what the caller says and never shown, and its `repr` shows nothing."""

    family: str
    given: tuple[str, ...] = ()
    nhs_number: NhsNumber | None = None
    born: date | None = None
    relationship: str = ""
    """In words: "mother", "carer"; never a reason."""
    until: date | None = None
    scopes: tuple[str, ...] = field(default=())
    """What the consent is limited to, as codes of the service; empty where it names no limit."""

    def __repr__(self) -> str:
        return "Proxy(•••)"


class Authorities(Protocol):
    """Who may speak for whom. Asked only with the gate open, after the patient's own facts were matched."""

    def proxies(self, number: NhsNumber) -> tuple[Proxy, ...]:
        """Those with an active, in-period consent; anybody merely related is left out. An empty tuple means that the
        service holds none. Raises NotFound or a ConnectorError."""
