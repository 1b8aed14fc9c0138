"""What goes to NHS Notify by channel: routing plan, personalisation fields and their limits, as data."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.errors import ConnectorNotPermitted, RuleBroken
from helpdesk.signposting.model import Channel, OutgoingMessage


@dataclass(frozen=True)
class Plan:
    """A free-text routing plan. `body_fields` all carry the text of the message; `limit` is the shortest of theirs in
    characters. Source: NHS Notify API, Free-text communications."""

    id: str
    body_fields: tuple[str, ...]
    limit: int
    subject_field: str = ""


SMS_LIMIT, APP_LIMIT, EMAIL_LIMIT = 918, 5_000, 100_000

PLANS = {
    Channel.APP: Plan("00000000-0000-0000-0000-000000000001", ("body",), APP_LIMIT),
    Channel.EMAIL: Plan("00000000-0000-0000-0000-000000000002", ("email_body",), EMAIL_LIMIT, "email_subject"),
    Channel.SMS: Plan("00000000-0000-0000-0000-000000000003", ("sms_body",), SMS_LIMIT),
}
APP_THEN_SMS = Plan("00000000-0000-0000-0000-000000000006", ("nhsapp_body", "sms_body"), SMS_LIMIT)

_NAMES = {Channel.APP: "an NHS App message", Channel.EMAIL: "an e-mail", Channel.SMS: "a text message"}


def plan_for(channel: Channel, *, app_before_sms: bool) -> Plan:
    """The plan of a channel. Raises ConnectorNotPermitted for a letter or a text to read aloud, which are not sent here."""
    if channel is Channel.SMS and app_before_sms:
        return APP_THEN_SMS
    plan = PLANS.get(channel)
    if plan is None:
        raise ConnectorNotPermitted("NHS Notify is not used for letters or for texts to read aloud.")
    return plan


def personalisation(message: OutgoingMessage, plan: Plan) -> dict[str, str]:
    """The fields that the plan asks for. Raises RuleBroken for what the service would accept and then fail to send."""
    if not message.text.strip():
        raise RuleBroken("There is no text to send.", field="text")
    if len(message.text) > plan.limit:
        text = f"This is too long for {_NAMES[message.channel]}: {len(message.text):,} characters, and {plan.limit:,} is the limit."
        raise RuleBroken(text, field="text")
    fields = dict.fromkeys(plan.body_fields, message.text)
    if plan.subject_field:
        if not message.subject.strip():
            raise RuleBroken("An e-mail needs a subject.", field="subject")
        fields[plan.subject_field] = message.subject
    return fields
