"""Fetches one message, part after part, into a private place; what was interrupted goes on where it ended."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field

from connectors.errors_http import misunderstood, raise_for
from connectors.http import Reply, Transport
from connectors.mesh.authorisation import Signer
from connectors.mesh.settings import MeshSettings
from helpdesk.desk.deliveries import Delivery
from helpdesk.errors import ConnectorRejected
from helpdesk.spool import Part, Spool, SpooledFile

_MB = 1024 * 1024
_RANGE = re.compile(r"(\d{1,6}):(\d{1,6})")
_CHECKSUM = re.compile(r"(?:[A-Za-z0-9-]{1,12}\s*[:= ]\s*)?([0-9a-fA-F]{32,128})")
_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_READ = 1 << 20


@dataclass
class _Partial:
    """What has come of one message. `total` is 0 until its first part has said how many there are."""

    parts: list[Part] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    total: int = 0

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)


class Downloads:
    """Used by one thread at a time."""

    def __init__(self, settings: MeshSettings, label: str, transport: Transport, signer: Signer, headers: Mapping[str, str]) -> None:
        self._settings = settings
        self._label = label
        self._transport = transport
        self._signer = signer
        self._headers = headers
        self._begun: dict[str, _Partial] = {}

    def fetch(self, message: str, spool: Spool) -> Delivery:
        """Raises a ConnectorError; after ConnectorUnavailable the parts that came are kept for the next time."""
        partial = self._begun.setdefault(message, _Partial())
        try:
            while not partial.total or len(partial.parts) < partial.total:
                self._next_part(message, partial, spool)
            delivery = self._delivery(message, partial, spool)
        except ConnectorRejected:
            self._forget(message)
            raise
        del self._begun[message]
        return delivery

    def _next_part(self, message: str, partial: _Partial, spool: Spool) -> None:
        number = len(partial.parts) + 1
        left = self._settings.largest_mb * _MB - partial.size

        def into(status: int, headers: Mapping[str, str]) -> Part | None:
            return spool.part(left) if status in (200, 206) and _is_of(headers, message, number, partial.total) else None

        path = f"/messageexchange/{self._settings.mailbox}/inbox/{message}" + (f"/{number}" if number > 1 else "")
        reply = self._transport.download(path, self._headers, into=into, anew=self._signer.headers)
        raise_for(reply, self._label)
        if not isinstance(reply.sink, Part):
            raise misunderstood(self._label)
        partial.parts.append(reply.sink)
        if number == 1:
            self._begin(partial, reply)

    def _begin(self, partial: _Partial, reply: Reply) -> None:
        """What the first part says of the whole. Raises ConnectorRejected where it is none of ours."""
        partial.headers = reply.headers
        partial.total = int(_range(reply.headers)[1])
        if reply.headers.get("Mex-MessageType", "DATA").upper() != "DATA":
            raise ConnectorRejected(f"A message in {self._label} is a report about a message, not a file.")
        if reply.headers.get("Mex-WorkflowID", "") not in self._settings.workflows:
            raise ConnectorRejected(f"A message in {self._label} is of another workflow than those it takes.")

    def _delivery(self, message: str, partial: _Partial, spool: Spool) -> Delivery:
        most = self._settings.largest_mb * _MB
        path = spool.whole(partial.parts, most)
        told = _CHECKSUM.fullmatch(partial.headers.get("Mex-Content-Checksum", "").strip())
        if told is not None and not _fits(path, told[1].lower()):
            self._forget(message)
            raise misunderstood(self._label)
        return Delivery(message, partial.headers.get("Mex-FileName", ""), path)

    def _forget(self, message: str) -> None:
        for part in self._begun.pop(message, _Partial()).parts:
            part.drop()


def _range(headers: Mapping[str, str]) -> tuple[str, str]:
    """Which part of how many: "2:3"; a message in one part may leave it out."""
    found = _RANGE.fullmatch(headers.get("Mex-Chunk-Range", "1:1").strip())
    return (found[1], found[2]) if found and int(found[1]) <= int(found[2]) else ("", "")


def _is_of(headers: Mapping[str, str], message: str, number: int, total: int) -> bool:
    """Whether a reply is this part of this message. Its id comes back at least with the first part."""
    own = headers.get("Mex-MessageID", "" if number == 1 else message).upper() == message.upper()
    at, of = _range(headers)
    return own and at == str(number) and (number == 1 or of == str(total))


def _fits(path: SpooledFile, checksum: str) -> bool:
    """Whether a sender's checksum is that of the file, as it was sent or as it is inside its packing."""
    name = _BY_LENGTH.get(len(checksum))
    if name is None:
        return True
    for packed in (True, False):
        made = hashlib.new(name, usedforsecurity=False)
        try:
            with closing(path.reading(packed=packed)) as file:
                while piece := file.read(_READ):
                    made.update(piece)
        except OSError:
            return False
        if made.hexdigest() == checksum:
            return True
    return False
