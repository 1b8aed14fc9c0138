"""What a BaRS instance can be told: one instance asks one service of one provider."""

from __future__ import annotations

from typing import Final, Self

from pydantic import Field, field_validator, model_validator

from connectors.http_settings import HttpSettings
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import OdsCode

_ONLY_HERE: Final = {
    "target_value": "NHS0001",
    "target_system": "tests",
    "software_system": "https://desk.invalid/id/device-identifier",
}
"""Good enough for a stub on this computer. A real service must be named, and must learn which product asks."""


class BarsSettings(HttpSettings):
    """`base_url` ends in /booking-and-referral/FHIR/R4."""

    target_value: str = Field(
        default=_ONLY_HERE["target_value"], min_length=1, title="Target service", description="The identifier of the provider's service"
    )
    target_system: str = Field(
        default=_ONLY_HERE["target_system"],
        min_length=1,
        title="Target identifier system",
        description="The system of that identifier, as the service is registered with BaRS",
    )
    provider: str = Field(default="", title="Provider", description="The ODS code of the provider whose service it is")
    version: str = Field(
        default="1.0.0", pattern=r"^1\.[0-9]{1,3}(\.[0-9]{1,3})?$", title="Version", description="Of BaRS, as it is named when asking"
    )
    organisation_name: str = Field(default="", title="Our organisation's name", description="Told to the provider beside our ODS code")
    software_system: str = Field(
        default=_ONLY_HERE["software_system"],
        min_length=1,
        title="Software identifier system",
        description="Under which our software is registered, the same on every desk",
    )
    software_value: str = Field(
        default="NerveCentreHelpdesk", min_length=1, title="Software identifier", description="Of our software, the same on every desk"
    )

    @field_validator("provider")
    @classmethod
    def _is_an_ods_code(cls, text: str) -> str:
        if not text:
            return ""
        try:
            return OdsCode.parse(text).value
        except RuleBroken as wrong:
            raise ValueError(wrong.message) from None

    @model_validator(mode="after")
    def _says_who_asks_whom(self) -> Self:
        if self.is_loopback:
            return self
        unset = [name for name, stand_in in _ONLY_HERE.items() if getattr(self, name) == stand_in]
        if unset or not self.provider:
            missing = ", ".join([*unset, *([] if self.provider else ["provider"])])
            raise ValueError(f"{missing} must be set for a service that is not on this computer")
        return self
