"""What the NHS Notify connector can be told."""

from __future__ import annotations

from pydantic import Field

from connectors.http_settings import HttpSettings


class NhsNotifySettings(HttpSettings):
    originator_ods: str = Field(
        default="",
        pattern=r"^([A-Z0-9]{3,12})?$",
        title="Originator",
        description="The ODS code shown as the sender in the NHS App, where the account may set it; empty leaves the account's own",
    )
    app_before_sms: bool = Field(
        default=False, title="NHS App first", description="Try the NHS App for 24 hours before a text message is sent"
    )
