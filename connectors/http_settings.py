"""What every connector that speaks HTTP can be told: where, how it signs in, and whom it trusts."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, field_validator, model_validator

from helpdesk.settings import ConnectorSettings

SignIn = Literal["none", "cis2", "signed_jwt", "api_key"]
_NOT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f\\]")
_LOOPBACK_V4 = ipaddress.ip_network("127.0.0.0/8")


def is_loopback_address(host: str) -> bool:
    """Whether this literal address is in 127.0.0.0/8 or is ::1. A name is not."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address in _LOOPBACK_V4 if address.version == 4 else address == ipaddress.ip_address("::1")


def is_loopback_host(host: str) -> bool:
    """A loopback literal, or `localhost` (whose address is looked at again when the connection is made)."""
    return host == "localhost" or is_loopback_address(host)


class HttpSettings(ConnectorSettings):
    """Plain http, and no sign-in, are accepted for loopback only: a patient's number would travel unprotected."""

    base_url: str = Field(title="Address", description="The service's base address, used as it is given")
    sign_in: SignIn = Field(default="none", title="Sign-in", description="How the service is told who is asking")
    ca_file: Path | None = Field(default=None, title="Certificate authority", description="A PEM file trusted beside the system's own")
    client_certificate: Path | None = Field(
        default=None, title="Client certificate", description="A PEM file with our certificate and its private key"
    )

    @field_validator("base_url")
    @classmethod
    def _is_a_base_address(cls, text: str) -> str:
        if _NOT_IN_AN_ADDRESS.search(text):
            raise ValueError("an address holds no spaces, backslashes or control characters")
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError("an address starts with https:// (or http:// on this computer) and names a host")
        if "@" in parts.netloc or "?" in text or "#" in text:
            raise ValueError("an address holds no user name, no question mark and no #")
        return text

    @model_validator(mode="after")
    def _is_protected(self) -> Self:
        if not self.is_loopback and self.parts.scheme != "https":
            raise ValueError("plain http is accepted for this computer only: use https")
        if not self.is_loopback and self.sign_in == "none":
            raise ValueError('sign_in "none" is accepted for this computer only')
        return self

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.base_url)

    @property
    def is_loopback(self) -> bool:
        return is_loopback_host(self.parts.hostname or "")

    def url(self, path: str) -> str:
        """The address of one of the API's own paths ("/Patient")."""
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"
