"""Organisations and services as published; nothing about any patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk.identifiers import OdsCode


@dataclass(frozen=True)
class Organisation:
    """One organisation of the Organisation Data Service. `kind` is its main role in words ("GP practice")."""

    ods: OdsCode
    name: str
    kind: str = ""
    active: bool = True
    phone: str = ""
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    source: str = ""
    as_at: datetime | None = None


@dataclass(frozen=True)
class CareService:
    """One service that a person can be sent to. `opening` are lines ready to read ("Monday 09:00 to 17:00"), `reach` how
    to reach it in words; every field but the id and the name may be empty."""

    id: str
    name: str
    kind: str = ""
    organisation: OdsCode | None = None
    phone: str = ""
    web: str = ""
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    miles: float | None = None
    opening: tuple[str, ...] = ()
    source: str = ""
    as_at: datetime | None = None
