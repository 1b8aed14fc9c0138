"""The configuration as it may be written, checked once; secrets are never in it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeskSettings(Frozen):
    organisation: str = Field(default="XICB", title="Organisation", description="The ODS code of the organisation that runs the desk")
    profile: str = Field(default="live", title="Profile", description="live, practice or sandbox")
    id: str = Field(default="desk-1", title="Desk", description="The name of this workstation in records")
    phone: str = Field(default="", title="Telephone", description="The number on which callers ring this desk back")
    wording: tuple[str, ...] = Field(
        default=(), title="Wording", description="Signed versions of what is said to callers: files beside this configuration"
    )


class DatabaseSettings(Frozen):
    url: str = Field(
        default="sqlite",
        pattern=r"^(sqlite|postgres(ql)?://.+)$",
        title="Database",
        description='"sqlite" for one encrypted file, or a postgresql:// address',
    )
    key: Literal["keyring", "passphrase"] = Field(default="keyring", title="Key", description="Where the key of the encrypted file is kept")


class ConnectorSettings(Frozen):
    """What every connector instance can be told; each connector's own settings add to it."""

    kind: str = Field(default="", title="Kind", description="The connector's id; may be left out when it equals the instance's name")
    label: str = Field(default="", title="Label", description="What the desk shows")
    enabled: bool = Field(default=True, title="Enabled", description="Whether it is asked at all")
    stale_after_hours: float = Field(default=24, gt=0, title="Stale after (hours)", description="Older facts are shown as stale")
    timeout_s: float = Field(default=4, gt=0, le=60, title="Time-out (seconds)", description="The longest one look-up may take")


class PackageSettings(Frozen):
    """An installed package whose connectors may be loaded."""

    sha256: str = Field(
        pattern=r"^[0-9a-fA-F]{64}$",
        title="Hash",
        description="Of the listing of its files, as helpdesk connector list shows it; with any other files it is not loaded",
    )


class Settings(Frozen):
    """One configuration file. `connectors` holds one table for each instance, checked by its connector's own settings;
    `packages` names the installed packages whose connectors a live profile may load; `organisations` names organisations
    by ODS code, `telephones` gives the number of each that callers may be told."""

    desk: DeskSettings = DeskSettings()
    database: DatabaseSettings = DatabaseSettings()
    connectors: dict[str, dict[str, Any]] = Field(default_factory=dict)
    packages: dict[str, PackageSettings] = Field(default_factory=dict)
    organisations: dict[str, str] = Field(default_factory=dict)
    telephones: dict[str, str] = Field(default_factory=dict)
    cis2: dict[str, Any] = Field(default_factory=dict)
    """The national sign-in, checked by its own settings; empty where this desk has none."""
