"""What a PDS instance can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from connectors.http_settings import HttpSettings


class PdsSettings(HttpSettings):
    """`base_url` ends in /personal-demographics/FHIR/R4."""

    mode: Literal["healthcare_worker", "application"] = Field(
        default="healthcare_worker",
        title="Access mode",
        description=(
            "healthcare_worker: a member of staff is signed in, a search lists up to 50 people. application: PDS gives one person "
            "or none, and does not mean this mode for people at a desk"
        ),
    )

    @property
    def one_match(self) -> bool:
        return self.mode == "application"

    @property
    def lists_nobody(self) -> bool:
        """PDS lists people only to a member of staff: a signed token or a key alone brings one match, in the other mode."""
        return self.mode == "healthcare_worker" and self.sign_in in ("signed_jwt", "api_key")
