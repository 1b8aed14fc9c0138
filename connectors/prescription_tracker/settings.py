"""What the prescription tracker's connector can be told."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from connectors.http_settings import HttpSettings

_ONLY_HERE = {"organisation_uuid": "000000000000", "job_role": "S0000:G0000:R0000"}
"""Good enough for a stub on this computer. The tracker audits who really asks."""


class PrescriptionTrackerSettings(HttpSettings):
    """The tracker answers a healthcare worker only: away from this computer the sign-in is CIS2, whose role goes with each
    question."""

    organisation_uuid: str = Field(
        default=_ONLY_HERE["organisation_uuid"],
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        title="Organisation",
        description="Our organisation's id (UOID) for the session, as the tracker knows it",
    )
    job_role: str = Field(
        default=_ONLY_HERE["job_role"],
        pattern=r"^[A-Za-z0-9:]{1,64}$",
        title="Job role",
        description="The job role code in which the desk asks (S0030:G0100:R0570)",
    )
    role_id: str = Field(
        default="555254240100",
        pattern=r"^[0-9]{1,32}$",
        title="Role id",
        description="Sent on this computer only, where nobody signs in with a smartcard",
    )
    status_days: bool = Field(
        default=False,
        title="Ask for the day of each status",
        description="A further question for each prescription, whose answer also holds what is prescribed; that part is not read",
    )

    @model_validator(mode="after")
    def _says_who_asks(self) -> Self:
        if self.is_loopback:
            return self
        if self.sign_in != "cis2":
            raise ValueError('the tracker answers a signed-in healthcare worker only: sign_in must be "cis2"')
        unset = [name for name, stand_in in _ONLY_HERE.items() if getattr(self, name) == stand_in]
        if unset:
            raise ValueError(f"{', '.join(unset)} must be set for a service that is not on this computer")
        return self
