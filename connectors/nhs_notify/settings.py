"""What the NHS Notify connector can be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from connectors.http_settings import HttpSettings
from helpdesk.signposting.model import Channel


def _written_before(value: object) -> object:
    """Configurations of the first form said true or false, and meant 24 hours."""
    return {True: "24h", False: "no"}[value] if isinstance(value, bool) else value


AppFirst = Annotated[Literal["no", "4h", "24h"], BeforeValidator(_written_before)]


class NhsNotifySettings(HttpSettings):
    originator_ods: str = Field(
        default="",
        pattern=r"^([A-Z0-9]{3,12})?$",
        title="Originator",
        description="The ODS code shown as the sender in the NHS App, where the account may set it; empty leaves the account's own",
    )
    billing_reference: str = Field(
        default="",
        max_length=200,
        title="Billing reference",
        description="Goes with every message, to tell whose budget it is on; never anything about a patient",
    )
    app_before_sms: AppFirst = Field(
        default="no",
        title="NHS App before a text message",
        description='How long the NHS App is tried before a text message is sent: "no", "4h" or "24h"',
    )
    app_before_email: AppFirst = Field(
        default="no",
        title="NHS App before an e-mail",
        description='How long the NHS App is tried before an e-mail is sent: "no", "4h" or "24h"',
    )

    @property
    def app_before(self) -> Mapping[Channel, str]:
        return {Channel.SMS: self.app_before_sms, Channel.EMAIL: self.app_before_email}
