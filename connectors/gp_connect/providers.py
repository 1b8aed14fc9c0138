"""Which system answers for a practice: from the settings, or from the Spine directory, remembered for a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol
from uuid import uuid4

from pydantic import Field

from connectors.errors_http import misunderstood, raise_for
from connectors.fhir import ODS_CODE, Identifier, Piece, Reference, entries, read
from connectors.gp_connect.settings import GpConnectSettings, is_endpoint
from connectors.http import Transport
from helpdesk.errors import ConnectorNotPermitted
from helpdesk.identifiers import OdsCode

DIRECTORY = "The Spine directory"
INTERACTION_ID = "https://fhir.nhs.uk/Id/nhsServiceInteractionId"
PARTY_KEY = "https://fhir.nhs.uk/Id/nhsMhsPartyKey"
ASID = "https://fhir.nhs.uk/Id/nhsSpineASID"
_A_DAY = timedelta(days=1)
_IS_ASID = re.compile(r"[0-9]{12}")
_NO_CONNECTION = "This desk has no connection to the practice's system."
NOT_OFFERED = "The practice's system does not offer its appointments."


@dataclass(frozen=True)
class Provider:
    """A practice's system: its ASID, its registered address (the audience of our tokens), and what stands before the API's
    own paths under our base address ("" or "/https://provider/…")."""

    asid: str
    address: str
    prefix: str = ""


class Directory(Protocol):
    """Where a practice's system can be looked up."""

    def find(self, practice: OdsCode) -> Provider:
        """Raises ConnectorNotPermitted where the practice offers no appointments, and any ConnectorError of the directory."""


class Providers:
    """Answers from the settings first, then from the directory, whose answers are kept for a day. Usable from many threads."""

    def __init__(self, settings: GpConnectSettings, directory: Directory | None, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._directory = directory
        self._now = now
        self._lock = Lock()
        self._kept: dict[str, tuple[Provider, datetime]] = {}

    def of(self, practice: OdsCode) -> Provider:
        """Raises ConnectorNotPermitted where this desk has no connection to it, and ConnectorError of the directory."""
        if self._settings.practices and practice.value not in self._settings.practices:
            raise ConnectorNotPermitted(_NO_CONNECTION)
        if self._settings.through == "gateway" or self._settings.is_one_practice:
            return Provider(self._settings.to_asid, _registered(self._settings.base_url))
        told = self._settings.practice_systems.get(practice.value)
        if told is not None:
            return Provider(told.asid, told.endpoint, f"/{told.endpoint}")
        if self._directory is None:
            raise ConnectorNotPermitted(_NO_CONNECTION)
        return self._kept_of(practice) or self._looked_up(practice, self._directory)

    def any(self) -> Provider | None:
        """One that can be asked without knowing a practice: the first of those that are set, or None."""
        if self._settings.through == "gateway" or self._settings.is_one_practice:
            return Provider(self._settings.to_asid, _registered(self._settings.base_url))
        named = [*self._settings.practices, *self._settings.practice_systems]
        return self.of(OdsCode(named[0])) if named else None

    def _kept_of(self, practice: OdsCode) -> Provider | None:
        with self._lock:
            provider, at = self._kept.get(practice.value, (None, self._now()))
        return provider if self._now() - at < _A_DAY else None

    def _looked_up(self, practice: OdsCode, directory: Directory) -> Provider:
        provider = directory.find(practice)
        with self._lock:
            self._kept[practice.value] = (provider, self._now())
        return provider


class _Registered(Piece):
    kind: str = Field(alias="resourceType")
    identifier: list[Identifier] = Field(default_factory=list)
    owner: Reference = Reference()
    status: str = "active"
    address: str = ""

    def ids(self, system: str) -> set[str]:
        return {i.value for i in self.identifier if i.system == system and i.value}


class SpineDirectory:
    """The Spine Directory Service FHIR API, asked for one interaction. Source: its published specification, /Device, /Endpoint."""

    def __init__(self, transport: Transport, interaction: str) -> None:
        self._transport = transport
        self._interaction = interaction

    def find(self, practice: OdsCode) -> Provider:
        devices = self._ask("Device", practice)
        owners = {d.owner.identifier.value.upper() for d in devices if d.owner.identifier.system == ODS_CODE}
        if owners - {practice.value}:
            raise misunderstood(DIRECTORY)
        asids = {asid for d in devices for asid in d.ids(ASID)}
        party_keys = sorted({key for d in devices for key in d.ids(PARTY_KEY)})
        asid = _one(asids)
        address = self._address(practice, party_keys[0] if len(party_keys) == 1 else "")
        if not _IS_ASID.fullmatch(asid):
            raise misunderstood(DIRECTORY)
        return Provider(asid, address, f"/{address}")

    def _address(self, practice: OdsCode, party_key: str) -> str:
        found = [e for e in self._ask("Endpoint", practice, party_key) if e.status == "active"]
        if party_key and any(e.ids(PARTY_KEY) - {party_key} for e in found):
            raise misunderstood(DIRECTORY)
        address = _one({e.address.rstrip("/") for e in found if e.address})
        if not is_endpoint(address):
            raise misunderstood(DIRECTORY)
        return address

    def _ask(self, kind: str, practice: OdsCode, party_key: str = "") -> list[_Registered]:
        params = [("organization", f"{ODS_CODE}|{practice}"), ("identifier", f"{INTERACTION_ID}|{self._interaction}")]
        params += [("identifier", f"{PARTY_KEY}|{party_key}")] if party_key else []
        headers = {"Accept": "application/fhir+json", "X-Correlation-Id": str(uuid4())}
        reply = self._transport.get_json(f"/{kind}", params, headers)
        raise_for(reply, DIRECTORY)
        found = [read(_Registered, resource, DIRECTORY) for resource in entries(reply.body, DIRECTORY)]
        return [one for one in found if one.kind == kind]


def _one(values: set[str] | Sequence[str]) -> str:
    """The only one. None means that the practice does not offer this; two cannot be chosen between."""
    found = sorted(set(values))
    if not found:
        raise ConnectorNotPermitted(NOT_OFFERED)
    if len(found) > 1:
        raise misunderstood(DIRECTORY)
    return found[0]


def _registered(base_url: str) -> str:
    """A practice's own address, without the proxy that may stand before it."""
    proxy, sign, behind = base_url.rstrip("/").rpartition("/https://")
    return f"https://{behind}" if sign and proxy else base_url.rstrip("/")
