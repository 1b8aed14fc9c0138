"""A small NHS Notify that takes messages, remembers them in memory and delivers nothing anywhere."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from connectors.nhs_notify.demands import body_refusal, media_refusal
from connectors.nhs_notify.documents import JSON_API, HeldMessage, error, message, refusal, with_channels
from connectors.nhs_notify.plans import PLANS
from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.patients.model import DeathStatus, PhoneUse
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.signposting.model import Channel

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PLANS = {plan.id: plan for plan in PLANS.values()}
_CHANNELS = {Channel.APP: "nhsapp", Channel.SMS: "sms", Channel.EMAIL: "email"}
_OWN_FAULTS = {
    "too_early": StubReply(425, {"errors": [error(425, "CM_RETRY_TOO_EARLY")]}, {"Retry-After": "300"}, JSON_API),
    "quota": StubReply(429, {"errors": [error(429, "CM_QUOTA")]}, {"Retry-After": "60"}, JSON_API),
}
"""What NHS Notify says in its own form; any other fault is shown as every stub shows it."""
_DIED = {DeathStatus.REPORTED: "MFR_PDSV_0111", DeathStatus.CONFIRMED: "MFR_PDSV_0112"}


class _Notify:
    def __init__(self, area: Area, instance: str) -> None:
        self.messages: list[HeldMessage] = []
        self.base = ""
        self._instance = instance
        self._people = {person.patient.nhs_number.value: person for person in area.people}
        self._lock = threading.Lock()

    def take(self, request: StubRequest) -> StubReply:
        body = request.json()
        refused = media_refusal(request) or body_refusal(body)
        if refused:
            return refused
        attributes = body["data"]["attributes"]
        own = _OWN_FAULTS.get(self._fault(attributes["recipient"].get("nhsNumber")))
        if own is not None:
            return own
        with self._lock:
            if any(held.reference == attributes["messageReference"] for held in self.messages):
                return refusal(422, error(422, "CM_DUPLICATE_REQUEST", pointer="/data/attributes/messageReference"))
            held = self._held(attributes)
            self.messages.append(held)
        return StubReply(201, message(held, self.base), {"Location": f"{self.base}/v1/messages/{held.id}"}, JSON_API)

    def tell(self, request: StubRequest) -> StubReply:
        refused = media_refusal(request)
        if refused:
            return refused
        with self._lock:
            held = next((m for m in self.messages if m.id == request.values["id"]), None)
            if held is None:
                return refusal(404, error(404, "CM_NOT_FOUND"))
            held.asked += 1
            types = tuple(_CHANNELS[channel] for channel in _PLANS[held.plan].bodies)
            return StubReply(200, with_channels(message(held, self.base), held, types), content_type=JSON_API)

    def fault_of(self, request: StubRequest) -> str | None:
        """The fault of the person a message is for; one whose status is asked shows none."""
        body = request.json()
        try:
            fault = self._fault(body["data"]["attributes"]["recipient"]["nhsNumber"])
        except (KeyError, TypeError):
            return None
        return None if fault in _OWN_FAULTS else fault or None

    def _fault(self, number: str) -> str:
        person = self._people.get(number)
        return person.faults.get(self._instance, "") if person else ""

    def _held(self, attributes: dict[str, Any]) -> HeldMessage:
        number = attributes["recipient"]["nhsNumber"]
        given = attributes.get("personalisation") or {}
        plan = attributes["routingPlanId"]
        return HeldMessage(
            id=_ksuid(),
            reference=attributes["messageReference"],
            plan=plan,
            nhs_number=number,
            personalisation=given,
            originator=(attributes.get("originator") or {}).get("odsCode", ""),
            failure="MFR_TEMP_0001" if _PLANS[plan].fields - set(given) else _failure(self._people.get(number), plan),
        )


def _failure(person: AreaPerson | None, plan: str) -> str:
    """Why it could not be delivered to that person, as Notify finds out from PDS after it took the message; "" = it can."""
    if person is None:
        return "MFR_PDSV_0006"
    patient = person.patient
    if patient.death is not None:
        return _DIED[patient.death.status]
    without_mobile = not any(phone.use is PhoneUse.MOBILE for phone in patient.phones)
    ways = _PLANS[plan].bodies
    if Channel.APP not in ways and ((Channel.SMS in ways and without_mobile) or (Channel.EMAIL in ways and not patient.emails)):
        return "MFR_PDSV_0002"
    return ""


def _ksuid() -> str:
    """An id of the form that Notify gives: 27 letters and digits."""
    left, digits = uuid4().int, ""
    for _ in range(27):
        left, digit = divmod(left, 62)
        digits = _DIGITS[digit] + digits
    return digits


class NotifyStub(StubServer):
    """`messages` are those it took, oldest first."""

    def __init__(self, area: Area, port: int, instance: str) -> None:
        self._notify = _Notify(area, instance)
        routes = [
            Route("POST", "/v1/messages", self._notify.take, self._notify.fault_of),
            Route("GET", "/v1/messages/{id}", self._notify.tell),
        ]
        super().__init__(routes, port=port, base_path="/comms")
        self._notify.base = self.address

    @property
    def messages(self) -> Sequence[HeldMessage]:
        return tuple(self._notify.messages)


def serve(area: Area, port: int = 0, instance: str = "nhs_notify") -> NotifyStub:
    """Starts it on loopback; port 0 takes a free one."""
    return NotifyStub(area, port, instance)
