"""A small GOV.UK Notify that takes messages, remembers them in memory and delivers nothing anywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from connectors.govuk_notify.demands import message_refusal, refusal, token_refusal
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.practice.model import Area

STUB_KEY = "practice-6a1f0c52-1f0e-4a53-9a5b-0d6a2f6f2f10-0b1d7c1e-6d0f-4a53-9a5b-3c5a9f5f7e11"  # opens this stub alone
_MIDDLE = {"sms": "sending", "email": "sending", "letter": "accepted"}
_END = {"sms": "delivered", "email": "delivered", "letter": "received"}
_FAILS = {"002": "permanent-failure", "003": "temporary-failure"}
"""The last digits of the numbers that GOV.UK Notify keeps for trying failures out."""


@dataclass
class HeldNotification:
    """A message the stub took. `asked` counts how often its status was asked."""

    id: str
    kind: str
    reference: str | None
    template: str
    to: str = field(repr=False)
    personalisation: dict[str, str] = field(repr=False)
    asked: int = 0

    @property
    def status(self) -> str:
        """created when taken, on its way at the first question, then at its end."""
        end = _FAILS.get(self.to[-3:], _END[self.kind]) if self.kind == "sms" else _END[self.kind]
        return ("created", _MIDDLE[self.kind], end)[min(self.asked, 2)]

    def document(self, base: str) -> dict[str, Any]:
        """As a status tells it, with what the desk must not read back."""
        recipient = {"sms": "phone_number", "email": "email_address", "letter": "line_1"}[self.kind]
        return {
            "id": self.id,
            "reference": self.reference,
            recipient: self.to,
            "type": self.kind,
            "status": self.status,
            "template": {"id": self.template, "version": 1, "uri": f"{base}/v2/template/{self.template}"},
            "body": self.personalisation.get("text", ""),
            "subject": self.personalisation.get("subject"),
            "created_at": "2026-01-01T09:00:00.000000Z",
        }


class _Notify:
    def __init__(self, area: Area, instance: str) -> None:
        self.held: list[HeldNotification] = []
        self.base = ""
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._faults = {
            contact.replace(" ", ""): person.faults[instance]
            for person in area.people
            if instance in person.faults
            for contact in (*(p.number for p in person.patient.phones), *person.patient.emails)
        }
        self._lock = threading.Lock()

    def checked(self, answer: Callable[[StubRequest], StubReply]) -> Callable[[StubRequest], StubReply]:
        return lambda request: token_refusal(request, STUB_KEY, self.now()) or answer(request)

    def take(self, request: StubRequest) -> StubReply:
        kind, body = request.values["kind"], request.json()
        refused = message_refusal(kind, body)
        if refused:
            return refused
        given = body["personalisation"]
        to = str(body.get("phone_number") or body.get("email_address") or given.get("address_line_1"))
        held = HeldNotification(str(uuid4()), kind, body.get("reference"), body["template_id"], to, given)
        with self._lock:
            self.held.append(held)
        return StubReply(201, self._taken(held), content_type="application/json")

    def tell(self, request: StubRequest) -> StubReply:
        with self._lock:
            held = next((n for n in self.held if n.id == request.values["id"]), None)
            if held is None:
                return refusal(404, ("NoResultFound", "No result found"))
            held.asked += 1
            return StubReply(200, held.document(self.base), content_type="application/json")

    def listed(self, request: StubRequest) -> StubReply:
        """Newest first, as GOV.UK Notify lists them."""
        reference = dict(request.params).get("reference")
        with self._lock:
            found = [n.document(self.base) for n in reversed(self.held) if reference in (None, n.reference)]
        body = {"notifications": found, "links": {"current": f"{self.base}/v2/notifications"}}
        return StubReply(200, body, content_type="application/json")

    def template(self, request: StubRequest) -> StubReply:
        body = {"id": request.values["id"], "type": "sms", "version": 1, "body": "((text))", "name": "Free text"}
        return StubReply(200, body, content_type="application/json")

    def fault_of(self, request: StubRequest) -> str | None:
        body = request.json()
        to = (body.get("phone_number") or body.get("email_address")) if isinstance(body, dict) else None
        return self._faults.get(str(to).replace(" ", ""))

    def _taken(self, held: HeldNotification) -> dict[str, Any]:
        return {
            "id": held.id,
            "reference": held.reference,
            "content": {"body": held.personalisation.get("text", "")},
            "uri": f"{self.base}/v2/notifications/{held.id}",
            "template": {"id": held.template, "version": 1, "uri": f"{self.base}/v2/template/{held.template}"},
        }


class GovukStub(StubServer):
    """`messages` are those it took, oldest first; `keep_time` gives it a clock of the test's own."""

    def __init__(self, area: Area, port: int, instance: str) -> None:
        self._notify = n = _Notify(area, instance)
        routes = [
            Route("POST", "/v2/notifications/{kind}", n.checked(n.take), n.fault_of),
            Route("GET", "/v2/notifications/{id}", n.checked(n.tell)),
            Route("GET", "/v2/notifications", n.checked(n.listed)),
            Route("GET", "/v2/template/{id}", n.checked(n.template)),
        ]
        super().__init__(routes, port=port)
        n.base = self.address

    @property
    def messages(self) -> Sequence[HeldNotification]:
        return tuple(self._notify.held)

    def keep_time(self, now: Callable[[], datetime]) -> None:
        self._notify.now = now


def serve(area: Area, port: int = 0, instance: str = "govuk_notify") -> GovukStub:
    """Starts it on loopback; port 0 takes a free one."""
    return GovukStub(area, port, instance)
