"""What the GP Connect connector can be told."""

from __future__ import annotations

import re
from typing import ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator

from connectors.http_settings import HttpSettings
from connectors.origin import is_loopback_host
from helpdesk.settings import Frozen

_ASID = r"^[0-9]{12}$"
_IS_CODE = re.compile(r"[A-Z0-9]{3,12}")
_ONLY_HERE = {
    "from_asid": "900000000001",
    "to_asid": "900000000002",
    "system_url": "https://desk.invalid/gp-connect",
    "user_id": "desk",
    "user_family_name": "Desk",
}
"""Good enough for a stub on this computer. A real practice must learn who really asks."""


class PracticeSystem(Frozen):
    """One practice's system as it is registered on the Spine."""

    asid: str = Field(pattern=_ASID, title="ASID", description="The practice's system on the Spine")
    endpoint: str = Field(title="Endpoint", description="The practice's registered FHIR address, without the proxy")

    @field_validator("endpoint")
    @classmethod
    def _is_an_endpoint(cls, text: str) -> str:
        if not is_endpoint(text):
            raise ValueError("an endpoint starts with https:// and holds no user name, question mark or #")
        return text.rstrip("/")


def is_endpoint(text: str) -> bool:
    """Whether a practice's address may be put behind the proxy's: https, or http on this computer, and nothing else in it."""
    if not text.isascii() or not text.isprintable() or any(c in text for c in ' \\@?#%"<>{}|^`'):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback_host(parts.hostname or "")))


class GpConnectSettings(HttpSettings):
    """How the practices' systems are reached. `base_url` is the Spine proxy where each practice's own endpoint comes from the
    Spine directory or from `practice_systems`; the whole address of one practice's system (the proxy in front of it where
    there is one) where neither is set; or a gateway's address."""

    needs_no_sign_in: ClassVar[bool] = True

    through: Literal["proxy", "gateway"] = Field(
        default="proxy", title="Way", description="The Spine proxy, with our certificate; or a gateway that finds the practice itself"
    )
    practices: tuple[str, ...] = Field(
        default=(), title="Practices", description="The ODS codes this address answers for; empty for every practice it leads to"
    )
    practice_systems: dict[str, PracticeSystem] = Field(
        default_factory=dict,
        title="Practice systems",
        description="ASID and endpoint of practices, by ODS code; asked before the directory",
    )
    sds_url: str = Field(
        default="", title="Spine directory", description="Address of the Spine Directory Service FHIR API; empty where it is not asked"
    )
    sds_sign_in: Literal["api_key", "none"] = Field(
        default="api_key", title="Spine directory sign-in", description='"none" is accepted for this computer only'
    )
    from_asid: str = Field(default=_ONLY_HERE["from_asid"], pattern=_ASID, title="Our ASID", description="This system on the Spine")
    to_asid: str = Field(
        default=_ONLY_HERE["to_asid"], pattern=_ASID, title="Their ASID", description="Of the one practice, where the address is its own"
    )
    system_url: str = Field(
        default=_ONLY_HERE["system_url"], title="Our address", description="This system's address as registered with GP Connect"
    )
    organisation_name: str = Field(default="", title="Organisation", description="The name of our organisation, for the practice's audit")
    user_id: str = Field(
        default=_ONLY_HERE["user_id"], min_length=1, title="User", description="Who asks, where no member of staff is signed in"
    )
    user_family_name: str = Field(default=_ONLY_HERE["user_family_name"], min_length=1, title="Family name", description="Of who asks")
    user_given_name: str = Field(default="", title="Given name", description="Of who asks")
    sds_user_id: str = Field(default="", title="SDS user id", description="Of who asks; empty where there is none")
    sds_role_id: str = Field(default="", title="SDS role profile id", description="Of who asks; the signed-in role comes first")

    @model_validator(mode="after")
    def _is_known_there(self) -> Self:
        """The proxy knows us by our certificate; the token in each request is GP Connect's own and takes a sign-in's place."""
        if self.through == "proxy" and self.sign_in != "none":
            raise ValueError('through the proxy sign_in is "none": our certificate and a token in each request say who asks')
        if not self.is_loopback and self.through == "proxy" and self.client_certificate is None:
            raise ValueError("client_certificate must be set: the Spine proxy asks for it")
        if not self.is_loopback and self.through == "gateway" and self.sign_in == "none":
            raise ValueError('sign_in "none" is accepted for this computer only')
        return self

    @model_validator(mode="after")
    def _knows_the_practices(self) -> Self:
        if self.through == "gateway" and (self.practice_systems or self.sds_url):
            raise ValueError("a gateway finds the practice itself: leave practice_systems and sds_url empty")
        if any(not _IS_CODE.fullmatch(code) for code in (*self.practices, *self.practice_systems)):
            raise ValueError("a practice is named by its ODS code, in capital letters and digits")
        fault = _fault_of(self) if self.sds_url else None
        if fault is not None:
            raise ValueError(f"sds_url: {fault}")
        if not self.is_loopback and self.is_one_practice and not self.practices:
            raise ValueError("practices must name the practices this address answers for")
        return self

    @model_validator(mode="after")
    def _says_who_asks(self) -> Self:
        needed = set(_ONLY_HERE) - (set() if self.is_one_practice else {"to_asid"})
        if self.through == "gateway":
            needed = set()
        unset = [name for name, stand_in in _ONLY_HERE.items() if name in needed and getattr(self, name) == stand_in]
        if unset and not self.is_loopback:
            raise ValueError(f"{', '.join(unset)} must be set for a service that is not on this computer")
        return self

    @property
    def is_one_practice(self) -> bool:
        """Whether the address is one practice's own."""
        return self.through == "proxy" and not self.practice_systems and not self.sds_url

    @property
    def directory(self) -> HttpSettings:
        """How the Spine directory is reached, with this connection's patience; only where `sds_url` is set."""
        same = ("ca_file", "timeout_s", "rate_per_s", "retries", "breaker_failures", "breaker_cool_down_s")
        return HttpSettings(base_url=self.sds_url, sign_in=self.sds_sign_in, **{name: getattr(self, name) for name in same})


def _fault_of(settings: GpConnectSettings) -> str | None:
    """What is wrong with the directory's address, or None."""
    try:
        _ = settings.directory
    except ValidationError as error:
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return None
