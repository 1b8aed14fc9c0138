"""What the extract connector can be told."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from helpdesk.settings import ConnectorSettings


class ExtractSettings(ConnectorSettings):
    folder: Path | None = Field(default=None, title="Folder", description="Where the files of this source arrive")
    provider: str = Field(default="", title="Provider", description="The ODS code of the provider whose list this is; empty takes any")
    mapping: Path | None = Field(
        default=None, title="Mapping file", description="What this source calls its columns, where it does not use the desk's own form"
    )
    watched: bool = Field(
        default=True,
        title="Watched",
        description="Files are taken while the desk is open, and moved into taken or refused beside them; otherwise they are read when the "
        "desk is opened, and left where they are",
    )
    settle_s: float = Field(
        default=10,
        ge=0,
        le=3600,
        title="Stands still for (seconds)",
        description="A file that changed more lately than this is still being written, and waits",
    )
    stale_after_hours: float = Field(
        default=240, gt=0, title="Stale after (hours)", description="A list this much older than its week-ending date is shown as stale"
    )
