"""What the MESH connector can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from connectors.http_settings import HttpSettings
from connectors.origin import Origin

WorkflowId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,50}$")]


class MeshSettings(HttpSettings):
    """Every request is signed with the shared key and the mailbox's password, so that no other sign-in is set."""

    needs_no_sign_in: ClassVar[bool] = True

    mailbox: str = Field(pattern=r"^[A-Za-z0-9]{1,30}$", title="Mailbox", description="The id of our mailbox, like X26HC005")
    workflows: tuple[WorkflowId, ...] = Field(
        min_length=1, title="Workflow ids", description="What is taken from the mailbox, one on a line; everything else stays in it"
    )
    read_as: str = Field(
        default="",
        pattern=r"^[a-z0-9_]*$",
        title="Read as",
        description="The name of the list connection whose provider and columns these files have; empty for files in the usual form",
    )
    client_key: Path | None = Field(
        default=None, title="Client key", description="A PEM file with the certificate's private key, where it is not in the same file"
    )
    largest_mb: int = Field(default=1024, ge=1, le=20_000, title="Largest file (MB)", description="A longer one is not taken")
    every_minutes: float = Field(
        default=5, ge=1, le=1440, title="Look every (minutes)", description="How often the mailbox is looked into while the desk is open"
    )
    timeout_s: float = Field(
        default=60, gt=0, le=600, title="Time-out (seconds)", description="The longest that one part of a file may take to arrive"
    )

    @property
    def origin(self) -> Origin:
        return Origin(self.base_url, self.ca_file, self.client_certificate, self.client_key)
