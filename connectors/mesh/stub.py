"""Plays MESH for one mailbox over real HTTP: signed requests alone, messages in parts, packed where the asker takes it.

Source: MESH API, version 2."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.mesh.authorisation import digest
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.clock import SystemClock
from helpdesk.identifiers import OdsCode
from helpdesk.practice.files import list_file
from helpdesk.practice.model import Area

STUB_KEY = "practice-shared-key"
STUB_PASSWORD = "practice-password"  # noqa: S105  # opens this stub alone
MAILBOX = "X26PRACTICE"
WORKFLOW = "PRACTICE_WAITING_LIST"
_KIND = "application/vnd.mesh.v2+json"
_LEEWAY = timedelta(hours=2)
_USUAL = 500
_PARTS = 2


@dataclass
class HeldMessage:
    """`parts` are its bytes as they are asked for; `packed`: they are sent packed with gzip to whoever takes that."""

    id: str
    name: str
    parts: Sequence[bytes]
    workflow: str = WORKFLOW
    packed: bool = True
    kind: str = "DATA"
    checksum: str = ""
    acknowledged: bool = False


@dataclass
class HeldMailbox:
    """What lies in the mailbox. `lock` is held while it is looked through or changed."""

    messages: list[HeldMessage] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(
        self, name: str, data: bytes, *, workflow: str = WORKFLOW, parts: int = 1, packed: bool = True, kind: str = "DATA"
    ) -> HeldMessage:
        """A message with this file, as if somebody had sent it."""
        size = max(1, -(-len(data) // parts))
        pieces = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
        with self.lock:
            made = HeldMessage(
                f"20261122000000{len(self.messages):06}_A1B2C3", name, pieces, workflow, packed, kind, hashlib.sha256(data).hexdigest()
            )
            self.messages.append(made)
        return made

    def waiting(self, workflow: str) -> list[HeldMessage]:
        with self.lock:
            return [m for m in self.messages if not m.acknowledged and workflow in ("", m.workflow)]

    def one(self, message: str) -> HeldMessage | None:
        with self.lock:
            return next((m for m in self.messages if m.id == message.upper()), None)


class MeshStub(StubServer):
    """The running stub. `mailbox` is what it holds; `refuses` answers every request as if its signature were wrong."""

    def __init__(self, port: int = 0) -> None:
        self.mailbox = HeldMailbox()
        self.refuses = False
        self.now: Callable[[], datetime] = SystemClock().now
        self._used: set[tuple[str, str]] = set()
        top = "/messageexchange/{mailbox}"
        answers: dict[tuple[str, str], Callable[[StubRequest], StubReply]] = {
            ("POST", top): lambda _request: StubReply(200),
            ("GET", f"{top}/inbox"): self._inbox,
            ("GET", f"{top}/inbox/{{message}}"): self._part,
            ("GET", f"{top}/inbox/{{message}}/{{part}}"): self._part,
            ("PUT", f"{top}/inbox/{{message}}/status/acknowledged"): self._acknowledge,
        }
        super().__init__([Route(*where, self._signed(answer)) for where, answer in answers.items()], port=port)

    def keep_time(self, now: Callable[[], datetime]) -> None:
        self.now = now

    def _signed(self, answer: Callable[[StubRequest], StubReply]) -> Callable[[StubRequest], StubReply]:
        return lambda request: answer(request) if self._is_signed(request) else _refusal(403, "Invalid Authentication Token")

    def _is_signed(self, request: StubRequest) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        parts = token.split(":")
        if self.refuses or scheme != "NHSMESH" or len(parts) != 5 or parts[0] != request.values["mailbox"] or parts[0] != MAILBOX:
            return False
        _, nonce, count, at, signature = parts
        if not self._is_recent(at) or (nonce, count) in self._used:
            return False
        self._used.add((nonce, count))
        return hmac.compare_digest(digest(STUB_KEY, f"{MAILBOX}:{nonce}:{count}:{STUB_PASSWORD}:{at}"), signature)

    def _is_recent(self, at: str) -> bool:
        now = self.now()
        try:
            return abs(datetime.strptime(at, "%Y%m%d%H%M").replace(tzinfo=now.tzinfo) - now) <= _LEEWAY
        except ValueError:
            return False

    def _inbox(self, request: StubRequest) -> StubReply:
        asked = dict(request.params)
        waiting = self.mailbox.waiting(asked.get("workflow_filter", ""))
        start = int(asked.get("continue_from", "0"))
        end = start + int(asked.get("max_results", str(_USUAL)))
        here = f"/messageexchange/{MAILBOX}/inbox"
        links = {"self": here} | ({"next": f"{here}?continue_from={end}"} if end < len(waiting) else {})
        body = {"messages": [m.id for m in waiting[start:end]], "links": links, "approx_inbox_count": len(waiting)}
        return StubReply(200, body, content_type=_KIND)

    def _part(self, request: StubRequest) -> StubReply:
        message, part = self.mailbox.one(request.values["message"]), request.values.get("part", "1")
        number = int(part) if part.isdigit() else 0
        if message is None or not 1 <= number <= len(message.parts):
            return _refusal(404, "Message does not exist")
        headers = {
            "Mex-MessageID": message.id,
            "Mex-MessageType": message.kind,
            "Mex-WorkflowID": message.workflow,
            "Mex-FileName": message.name,
            "Mex-Chunk-Range": f"{number}:{len(message.parts)}",
            "Mex-Content-Checksum": message.checksum,
        }
        data = message.parts[number - 1]
        if message.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            data, headers = gzip.compress(data), {**headers, "Content-Encoding": "gzip"}
        return StubReply(200 if number == len(message.parts) else 206, data, headers, "application/octet-stream")

    def _acknowledge(self, request: StubRequest) -> StubReply:
        message = self.mailbox.one(request.values["message"])
        if message is None:
            return _refusal(404, "Message does not exist")
        message.acknowledged = True
        return StubReply(200)


def serve(area: Area, port: int = 0, instance: str = "mesh") -> MeshStub:  # noqa: ARG001  # every stub is told its instance
    """Starts it on loopback; port 0 takes a free one. One provider's list waits in the mailbox."""
    stub = MeshStub(port)
    if area.list_weeks:
        stub.mailbox.put(*list_file(area, OdsCode(next(iter(area.list_weeks)))), parts=_PARTS)
    return stub


def _refusal(status: int, words: str) -> StubReply:
    return StubReply(status, {"internal_id": "stub", "detail": [{"event": "RECEIVE", "code": "", "msg": words}]}, content_type=_KIND)
