"""What the GOV.UK Notify connector can be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from connectors.http_settings import HttpSettings
from helpdesk.signposting.model import Channel

_ID = r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$"
_PLACEHOLDER = r"^[A-Za-z][A-Za-z0-9 _-]{0,60}$"


class GovukNotifySettings(HttpSettings):
    """A template for each way of sending; one left empty means that nothing is sent that way. Every request carries a
    token of its own, made from the API key, so that no other sign-in is set."""

    needs_no_sign_in: ClassVar[bool] = True

    sms_template: str = Field(default="", pattern=_ID, title="Text message template", description="The id of the template to use")
    email_template: str = Field(default="", pattern=_ID, title="E-mail template", description="The id of the template to use")
    letter_template: str = Field(default="", pattern=_ID, title="Letter template", description="The id of the template to use")
    text_placeholder: str = Field(
        default="text", pattern=_PLACEHOLDER, title="Text", description="The placeholder of the templates that the whole text goes into"
    )
    subject_placeholder: str = Field(
        default="subject", pattern=_PLACEHOLDER, title="Subject", description="The placeholder of the e-mail template's subject"
    )
    sms_sender_id: str = Field(
        default="", pattern=_ID, title="Text message sender", description="The id of the sender; empty for the account's own"
    )
    email_reply_to_id: str = Field(
        default="", pattern=_ID, title="Reply-to address", description="The id of the reply-to address; empty for the account's own"
    )

    @property
    def templates(self) -> Mapping[Channel, str]:
        """The template of each channel that has one."""
        held = {Channel.SMS: self.sms_template, Channel.EMAIL: self.email_template, Channel.LETTER: self.letter_template}
        return {channel: template for channel, template in held.items() if template}
