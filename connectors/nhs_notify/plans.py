"""What goes to NHS Notify by channel: routing plan, personalisation fields and their limits, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.message_rules import refuse_empty, refuse_too_long, subject_of
from helpdesk.errors import ConnectorNotPermitted
from helpdesk.signposting.model import Channel, OutgoingMessage

LIMITS = {Channel.SMS: 918, Channel.APP: 5_000, Channel.EMAIL: 100_000, Channel.LETTER: 15_000}
"""In characters. Source: NHS Notify API, Message character limits."""

_NAMES = {Channel.APP: "an NHS App message", Channel.EMAIL: "an e-mail", Channel.SMS: "a text message"}


@dataclass(frozen=True)
class Plan:
    """A free-text routing plan. `bodies` says by channel which field carries the text there.
    Source: NHS Notify API, Enable users to write and send messages from your software."""

    id: str
    bodies: Mapping[Channel, str]
    subject_field: str = ""

    @property
    def fields(self) -> frozenset[str]:
        return frozenset({*self.bodies.values(), self.subject_field} - {""})


def _plan(number: int, bodies: Mapping[Channel, str], subject_field: str = "") -> Plan:
    return Plan(f"00000000-0000-0000-0000-{number:012}", bodies, subject_field)


_APP_THEN_EMAIL = {Channel.APP: "nhsapp_body", Channel.EMAIL: "email_body"}
_APP_THEN_SMS = {Channel.APP: "nhsapp_body", Channel.SMS: "sms_body"}
PLANS: Mapping[tuple[Channel, str], Plan] = {
    (Channel.APP, "no"): _plan(1, {Channel.APP: "body"}),
    (Channel.EMAIL, "no"): _plan(2, {Channel.EMAIL: "email_body"}, "email_subject"),
    (Channel.SMS, "no"): _plan(3, {Channel.SMS: "sms_body"}),
    (Channel.EMAIL, "24h"): _plan(4, _APP_THEN_EMAIL, "email_subject"),
    (Channel.EMAIL, "4h"): _plan(5, _APP_THEN_EMAIL, "email_subject"),
    (Channel.SMS, "24h"): _plan(6, _APP_THEN_SMS),
    (Channel.SMS, "4h"): _plan(7, _APP_THEN_SMS),
}
"""By channel, and by how long the NHS App is tried before it ("no" = not at all)."""


def plan_for(channel: Channel, *, app_before: Mapping[Channel, str]) -> Plan:
    """The plan of a channel. `app_before` says by channel how long the NHS App is tried first. Raises ConnectorNotPermitted
    for a letter or a text to read aloud: no free-text plan takes them."""
    plan = PLANS.get((channel, app_before.get(channel, "no")))
    if plan is None:
        raise ConnectorNotPermitted("NHS Notify is not used for letters or for texts to read aloud.")
    return plan


def personalisation(message: OutgoingMessage, plan: Plan) -> dict[str, str]:
    """The fields that the plan asks for. Raises RuleBroken for what the service would accept and then fail to send."""
    refuse_empty(message.text)
    tightest = min(plan.bodies, key=lambda channel: LIMITS[channel])
    refuse_too_long(message.text, LIMITS[tightest], _NAMES[tightest])
    fields = dict.fromkeys(plan.bodies.values(), message.text)
    if plan.subject_field:
        fields[plan.subject_field] = subject_of(message.subject)
    return fields
