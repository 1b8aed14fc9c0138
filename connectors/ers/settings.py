"""What the e-RS connector can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from connectors.http_settings import HttpSettings
from helpdesk.pathways.model import WorklistKind

BusinessFunction = Literal[
    "",
    "REFERRING_CLINICIAN",
    "REFERRING_CLINICIAN_ADMIN",
    "REFERRING_ADMIN",
    "COMMISSIONER",
    "SERVICE_PROVIDER_CLINICIAN",
    "SERVICE_PROVIDER_CLINICIAN_ADMIN",
    "SERVICE_PROVIDER_ADMIN",
    "INFORMATION_ANALYST",
    "BOOKING_MANAGER",
    "ADDITIONAL_REQUIREMENTS_MANAGER",
]
"""Every role that e-RS knows; what each may ask stands in ers_functions.json. Source: e-RS FHIR API, the header
NHSD-eRS-Business-Function."""


class ErsSettings(HttpSettings):
    business_function: BusinessFunction = Field(
        default="",
        title="Business function",
        description="The e-RS role to ask in; empty asks as an application, which names no role and no organisation",
    )
    organisation: str = Field(
        default="",
        pattern=r"^([A-Z0-9]{3,10})?$",
        title="Asks for",
        description="The ODS code of the provider or practice on whose behalf e-RS is asked; empty for the desk's own",
    )
    on_behalf_of: str = Field(
        default="",
        pattern=r"^[0-9]{0,20}$",
        title="Acts for",
        description="The user id of the clinician that a service provider clinician's administrator acts for",
    )
    works_for: Literal["provider", "practice"] = Field(
        default="provider",
        title="Application of",
        description="Whether e-RS knows this application as one of a service provider or of a referring practice",
    )
    worklists: tuple[WorklistKind, ...] = Field(
        default=(), title="Worklists", description="The lists to look through for referrals that are stuck"
    )
    services: tuple[str, ...] = Field(
        default=(), title="Services", description="The e-RS ids of the services whose lists are read; an application must name them"
    )

    @property
    def asks_as_user(self) -> bool:
        """Whether organisation and role go with a request: required for a user, refused for an application."""
        return self.sign_in == "cis2" or (bool(self.business_function) and self.sign_in != "signed_jwt")
