"""What every connector that speaks HTTP can be told: where, how it signs in, and whom it trusts."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, Self
from urllib.parse import SplitResult

from pydantic import Field, field_validator, model_validator

from connectors.origin import Origin, checked_address
from helpdesk.settings import ConnectorSettings

SignIn = Literal["none", "cis2", "signed_jwt", "api_key"]


class HttpSettings(ConnectorSettings):
    """Plain http, and no sign-in, are accepted for loopback only: a patient's number would travel unprotected.

    A subclass sets `needs_no_sign_in` where its client signs its own requests, or the service is open to all."""

    needs_no_sign_in: ClassVar[bool] = False

    base_url: str = Field(title="Address", description="The service's base address, used as it is given")
    sign_in: SignIn = Field(default="none", title="Sign-in", description="How the service is told who is asking")
    ca_file: Path | None = Field(default=None, title="Certificate authority", description="A PEM file trusted beside the system's own")
    client_certificate: Path | None = Field(
        default=None, title="Client certificate", description="A PEM file with our certificate and its private key"
    )

    @field_validator("base_url")
    @classmethod
    def _is_a_base_address(cls, text: str) -> str:
        return checked_address(text)

    @model_validator(mode="after")
    def _is_protected(self) -> Self:
        if not self.is_loopback and self.parts.scheme != "https":
            raise ValueError("plain http is accepted for this computer only: use https")
        if not self.is_loopback and self.sign_in == "none" and not self.needs_no_sign_in:
            raise ValueError('sign_in "none" is accepted for this computer only')
        return self

    @property
    def origin(self) -> Origin:
        return Origin(self.base_url, self.ca_file, self.client_certificate)

    @property
    def parts(self) -> SplitResult:
        return self.origin.parts

    @property
    def is_loopback(self) -> bool:
        return self.origin.is_loopback

    def url(self, path: str) -> str:
        """The address of one of the API's own paths ("/Patient")."""
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"
