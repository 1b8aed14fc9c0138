"""What every connector that speaks HTTP can be told: where, how it signs in, whom it trusts, and how often it may ask."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, Self
from urllib.parse import SplitResult

from pydantic import Field, field_validator, model_validator

from connectors.origin import Origin, checked_address, is_protected
from helpdesk.settings import ConnectorSettings

SignIn = Literal["none", "api_key", "signed_jwt", "cis2", "smart"]
_PLATFORM = "api.service.nhs.uk"
"""Source: the national API platform's addresses; every environment has its token endpoint at /oauth2/token."""
_NEEDED: dict[str, tuple[str, ...]] = {"signed_jwt": ("token_address", "key_id"), "smart": ("client_id", "key_id", "scope")}
_AS_WRITTEN = {"token_address": "token_url"}


class HttpSettings(ConnectorSettings):
    """Plain http, and no sign-in, are accepted for loopback only: a patient's number would travel unprotected.

    A subclass sets `needs_no_sign_in` where its client signs its own requests, or the service is open to all."""

    needs_no_sign_in: ClassVar[bool] = False

    base_url: str = Field(title="Address", description="The service's base address, used as it is given")
    sign_in: SignIn = Field(
        default="none",
        title="Sign-in",
        description="How the service is told who is asking: none, api_key, signed_jwt (as an application), cis2 (as the member of staff) "
        "or smart (SMART backend services)",
    )
    token_url: str = Field(
        default="",
        title="Token address",
        description="Where access tokens come from, character for character as it was registered; empty for the national platform's own, "
        "and for smart where the server names it",
    )
    key_id: str = Field(default="", title="Key id", description="The name (kid) under which our public key was registered")
    client_id: str = Field(default="", title="Client id", description="The name this desk was registered under, for smart")
    scope: str = Field(default="", title="Scope", description='What is asked for, for smart ("system/Appointment.rs")')
    api_key_header: str = Field(
        default="apikey", pattern=r"^[A-Za-z0-9-]{1,64}$", title="API key header", description="The header that carries the API key"
    )
    ca_file: Path | None = Field(default=None, title="Certificate authority", description="A PEM file trusted beside the system's own")
    client_certificate: Path | None = Field(
        default=None, title="Client certificate", description="A PEM file with our certificate and its private key"
    )
    rate_per_s: float = Field(default=5, gt=0, le=1000, title="Questions a second", description="How often the service may be asked")
    retries: int = Field(default=2, ge=0, le=5, title="Tries again", description="How often what is harmless to repeat is tried again")
    breaker_failures: int = Field(
        default=5, ge=0, le=100, title="Failures in a row", description="After so many the service is left alone for a while; 0 for never"
    )
    breaker_cool_down_s: float = Field(
        default=20, gt=0, le=3600, title="Left alone for (seconds)", description="Then one question tries whether the service is back"
    )

    @field_validator("base_url")
    @classmethod
    def _is_a_base_address(cls, text: str) -> str:
        return checked_address(text)

    @field_validator("token_url")
    @classmethod
    def _is_a_token_address(cls, text: str) -> str:
        if text and not is_protected(checked_address(text)):
            raise ValueError("plain http is accepted for this computer only: use https")
        return text

    @model_validator(mode="after")
    def _is_protected(self) -> Self:
        if not self.is_loopback and self.parts.scheme != "https":
            raise ValueError("plain http is accepted for this computer only: use https")
        if not self.is_loopback and self.sign_in == "none" and not self.needs_no_sign_in:
            raise ValueError('sign_in "none" is accepted for this computer only')
        return self

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        for name in _NEEDED.get(self.sign_in, ()):
            if not getattr(self, name):
                raise ValueError(f'{_AS_WRITTEN.get(name, name)} must be set for sign_in "{self.sign_in}"')
        return self

    @property
    def token_address(self) -> str:
        """Where access tokens come from; "" where it is not known."""
        host = self.parts.hostname or ""
        on_platform = self.sign_in in ("signed_jwt", "cis2") and (host == _PLATFORM or host.endswith(f".{_PLATFORM}"))
        return self.token_url or (f"https://{host}/oauth2/token" if on_platform else "")

    @property
    def service(self) -> str:
        """The name under which its allowance is counted: instances that ask the same address share one."""
        return self.base_url.rstrip("/")

    @property
    def origin(self) -> Origin:
        return Origin(self.base_url, self.ca_file, self.client_certificate)

    @property
    def parts(self) -> SplitResult:
        return self.origin.parts

    @property
    def is_loopback(self) -> bool:
        return self.origin.is_loopback

    @property
    def stays_here(self) -> bool:
        """Whether every address that is set is on this computer."""
        return self.is_loopback and (not self.token_url or self.origin.at(self.token_url).is_loopback)

    def url(self, path: str) -> str:
        """The address of one of the API's own paths ("/Patient")."""
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"
