"""What the GP Connect connector can be told."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from connectors.http_settings import HttpSettings

_ASID = r"^[0-9]{12}$"
_ONLY_HERE = {
    "from_asid": "900000000001",
    "to_asid": "900000000002",
    "system_url": "https://desk.invalid/gp-connect",
    "user_id": "desk",
    "user_family_name": "Desk",
}
"""Good enough for a stub on this computer. A real practice must learn who really asks."""


class GpConnectSettings(HttpSettings):
    """One practice system, or a gateway to several: `practices` says which it answers for."""

    practices: tuple[str, ...] = Field(
        default=(), title="Practices", description="The ODS codes this address answers for; empty for every practice, on this computer only"
    )
    from_asid: str = Field(default=_ONLY_HERE["from_asid"], pattern=_ASID, title="Our ASID", description="This system on the Spine")
    to_asid: str = Field(default=_ONLY_HERE["to_asid"], pattern=_ASID, title="Their ASID", description="The practice's system on the Spine")
    system_url: str = Field(
        default=_ONLY_HERE["system_url"], title="Our address", description="This system's address as registered with GP Connect"
    )
    organisation_name: str = Field(default="", title="Organisation", description="The name of our organisation, for the practice's audit")
    user_id: str = Field(default=_ONLY_HERE["user_id"], min_length=1, title="User", description="Who asks, for the practice's audit")
    user_family_name: str = Field(default=_ONLY_HERE["user_family_name"], min_length=1, title="Family name", description="Of who asks")
    user_given_name: str = Field(default="", title="Given name", description="Of who asks")
    sds_user_id: str = Field(default="", title="SDS user id", description="Of who asks; empty where there is none")
    sds_role_id: str = Field(default="", title="SDS role profile id", description="Of who asks; empty where there is none")

    @model_validator(mode="after")
    def _says_who_asks(self) -> Self:
        if self.is_loopback:
            return self
        unset = [name for name, stand_in in _ONLY_HERE.items() if getattr(self, name) == stand_in]
        if unset:
            raise ValueError(f"{', '.join(unset)} must be set for a service that is not on this computer")
        if not self.practices:
            raise ValueError("practices must name the practices this address answers for")
        return self
