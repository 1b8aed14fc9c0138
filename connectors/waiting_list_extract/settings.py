"""What the extract connector can be told."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from helpdesk.settings import ConnectorSettings


class ExtractSettings(ConnectorSettings):
    folder: Path | None = Field(default=None, title="Folder", description="Where the files of this source arrive")
    provider: str = Field(default="", title="Provider", description="The ODS code of the provider whose list this is; empty takes any")
    stale_after_hours: float = Field(
        default=240, gt=0, title="Stale after (hours)", description="A list this much older than its week-ending date is shown as stale"
    )
