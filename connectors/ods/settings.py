"""What the ODS connector can be told."""

from __future__ import annotations

from pydantic import Field

from connectors.http_settings import HttpSettings


class OdsSettings(HttpSettings):
    open_only: bool = Field(
        default=False,
        title="Open organisations only",
        description="Leaves organisations that have closed out of a search; a code finds them",
    )
