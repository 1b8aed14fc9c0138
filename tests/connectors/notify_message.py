"""One message, the people it may be for, and a sender, for the tests of NHS Notify."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from loopback import SetClock, asking

from connectors import nhs_notify
from connectors.nhs_notify.documents import HeldMessage, message
from connectors.nhs_notify.plans import PLANS
from connectors.nhs_notify.settings import NhsNotifySettings
from connectors.stub_routes import StubReply
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Death, DeathStatus, Patient, Phone, PhoneUse, Sensitivity
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.signposting.model import Channel, OutgoingMessage

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NUMBER, DEAD, SILENT = NhsNumber("9990000018"), NhsNumber("9990000026"), NhsNumber("9990000034")
SEND, ASK = "POST /v1/messages", "GET /v1/messages/{id}"
SMS = OutgoingMessage(
    reference="0b1d7c1e-6d0f-4a53-9a5b-0d6a2f6f2f10",
    call_id="c-1",
    nhs_number=NUMBER,
    channel=Channel.SMS,
    card_id="waiting-well",
    card_version="1",
    text="Keep moving while you wait.",
)
EMAIL = replace(SMS, channel=Channel.EMAIL, subject="While you wait")
APP = replace(SMS, channel=Channel.APP)


def area(**faults: str) -> Area:
    reachable: dict[str, Any] = {"phones": (Phone("07700900123", PhoneUse.MOBILE),), "emails": ("jane@example.org",)}
    people = (
        AreaPerson(Patient(NUMBER, NUMBER, Sensitivity.UNRESTRICTED, "pds", NOW, **reachable), faults=faults),
        AreaPerson(Patient(DEAD, DEAD, Sensitivity.UNRESTRICTED, "pds", NOW, death=Death(DeathStatus.CONFIRMED), **reachable)),
        AreaPerson(Patient(SILENT, SILENT, Sensitivity.UNRESTRICTED, "pds", NOW)),
    )
    return Area(1, NOW.date(), people, (), (), (), {}, ())


def connected(address: str, **settings: Any) -> nhs_notify.NotifySender:
    context = asking("nhs_notify", "NHS Notify", SetClock(NOW))
    return nhs_notify.connect(NhsNotifySettings(base_url=address, **{"timeout_s": 2, **settings}), context)


def taken(reference: str = SMS.reference, **changes: Any) -> StubReply:
    held = HeldMessage("2WL3qFTEFM0qMY8xjRbt1LIKCzM", reference, PLANS[Channel.SMS, "no"].id, "", {})
    body = message(held)
    body["data"]["attributes"].update(changes)
    return StubReply(201, body, content_type="application/vnd.api+json")
