"""What the connector of the Directory of Healthcare Services can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from connectors.http_settings import HttpSettings


class ServiceSearchSettings(HttpSettings):
    api_version: Literal["3"] = Field(default="3", title="Version", description="The version of the service that is asked")
