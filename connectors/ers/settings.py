"""What the e-RS connector can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from connectors.http_settings import HttpSettings

BusinessFunction = Literal[
    "", "REFERRING_CLINICIAN", "REFERRING_CLINICIAN_ADMIN", "SERVICE_PROVIDER_CLINICIAN", "SERVICE_PROVIDER_CLINICIAN_ADMIN"
]
"""The roles that may read a referral. Source: e-RS FHIR API, A005."""


class ErsSettings(HttpSettings):
    business_function: BusinessFunction = Field(
        default="",
        title="Business function",
        description="The e-RS role to ask in; empty asks as an application, which names no role and no organisation",
    )

    @property
    def asks_as_user(self) -> bool:
        """Whether organisation and role go with a request: required for a user, refused for an application."""
        return bool(self.business_function) and self.sign_in != "signed_jwt"
