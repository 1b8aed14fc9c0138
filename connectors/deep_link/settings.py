"""What a link can be told: which system, where exactly, and whether the patient's number may go with it."""

from __future__ import annotations

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from connectors.origin import is_loopback_host
from helpdesk.settings import ConnectorSettings

System = Literal["shared_care_record", "mychart", "patients_know_best", "nhs_app", "digital_front_door", "online_consultation"]
PLACE = "{nhs_number}"
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f\\<>\"^`|]")


class DeepLinkSettings(ConnectorSettings):
    """One link. `url` is its whole address; {nhs_number} in its path or its question stands for the patient's number."""

    system: System = Field(default="shared_care_record", title="System", description="Which kind of system it opens")
    url: str = Field(title="Address", description="The whole address; {nhs_number} where the patient's number goes, if it may")
    host: str = Field(title="Allowed host", description="The only computer this link may lead to, written once more to be sure")
    context: Literal["none", "nhs_number"] = Field(
        default="none", title="Patient context", description="Whether the patient's NHS number goes with the link"
    )
    agreement: str = Field(
        default="", title="Agreement", description="The agreement by which the other system takes the number; needed with a patient context"
    )

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, text: str) -> str:
        if not _HOST.fullmatch(text.lower()):
            raise ValueError("a host is a name such as record.example.nhs.uk, without https:// and without a path")
        return text.lower()

    @model_validator(mode="after")
    def _leads_where_it_says(self) -> Self:
        parts = urlsplit(self.url)
        if _UNSAFE.search(self.url) or not parts.hostname:
            raise ValueError("the address must be a whole one, without spaces")
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback_host(parts.hostname)):
            raise ValueError("the address must start with https://")
        if "@" in parts.netloc or "{" in parts.netloc or parts.hostname != self.host:
            raise ValueError("the address must lead to the allowed host, without a user name")
        bare = self.url.replace(PLACE, "")
        if "{" in bare or "}" in bare or PLACE in parts.fragment:
            raise ValueError("the address may hold {nhs_number} and nothing else in braces, and not behind a #")
        if (PLACE in self.url) != (self.context == "nhs_number"):
            raise ValueError("the address must hold {nhs_number} exactly where the patient context is nhs_number")
        if self.context == "nhs_number" and not self.agreement.strip():
            raise ValueError("agreement must name why the other system may be given the patient's number")
        return self
