"""What the desk is told about the national sign-in (CIS2), once for every service that needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from connectors.origin import Origin, checked_address, is_protected
from helpdesk.settings import Frozen

ClientProof = Literal["private_key_jwt", "client_secret", "none"]


class Cis2Settings(Frozen):
    """The table [cis2] of the configuration. The three addresses are learnt from the issuer where they are empty."""

    issuer: str = Field(title="Issuer", description="The address that names the national sign-in, character for character")
    client_id: str = Field(min_length=1, title="Client id", description="The name this desk was registered under")
    client_proof: ClientProof = Field(
        default="private_key_jwt", title="Proof", description="How this desk shows that it is the one registered: by key, by secret or not"
    )
    key_id: str = Field(default="", title="Key id", description="The name (kid) under which our public key was registered")
    scope: str = Field(default="openid profile nationalrbacaccess selectedrole", title="Scope", description="What is asked for")
    acr_values: str = Field(default="AAL2_OR_AAL3_ANY", title="Assurance", description="How strong the sign-in must be; empty for any")
    authorize_url: str = Field(default="", title="Sign-in address", description="Where the browser is sent")
    token_url: str = Field(default="", title="Token address", description="Where the code is exchanged")
    jwks_url: str = Field(default="", title="Keys address", description="Where the issuer's public keys are")
    redirect_port: int = Field(
        default=0, ge=0, le=65535, title="Return port", description="Where on this computer the browser comes back; 0 takes a free one"
    )
    redirect_path: str = Field(
        default="/cis2", pattern=r"^/[A-Za-z0-9/_-]*$", title="Return path", description="As registered with the national sign-in"
    )
    patience_s: float = Field(default=180, gt=0, le=900, title="Patience (seconds)", description="How long somebody may take to sign in")
    timeout_s: float = Field(default=10, gt=0, le=60, title="Time-out (seconds)", description="The longest one question may take")
    ca_file: Path | None = Field(default=None, title="Certificate authority", description="A PEM file trusted beside the system's own")

    @field_validator("issuer", "authorize_url", "token_url", "jwks_url")
    @classmethod
    def _is_protected(cls, text: str) -> str:
        if text and not is_protected(checked_address(text)):
            raise ValueError("plain http is accepted for this computer only: use https")
        return text

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.issuer:
            raise ValueError("issuer must be set")
        if self.client_proof == "private_key_jwt" and not self.key_id:
            raise ValueError('key_id must be set for client_proof "private_key_jwt"')
        return self

    @property
    def origin(self) -> Origin:
        return Origin(self.issuer, self.ca_file)
