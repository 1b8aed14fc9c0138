"""What must be known before anything is opened: which profile, which folder, which configuration file; plain values only."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from helpdesk.errors import RuleBroken

PRACTICE_PEOPLE = 2000
PRACTICE_SEED = 1
CONFIG_VARIABLE = "HELPDESK_CONFIG"
_KINDS = ("live", "practice", "sandbox")


@dataclass(frozen=True)
class Start:
    """How this run begins. `kind` is live, practice or sandbox and decides what is allowed; `folder` holds this
    profile's own files and no other's; `tables` is the configuration as read, unchecked."""

    kind: str
    profile: str
    folder: Path
    config: Path | None = None
    tables: Mapping[str, Any] = field(default_factory=dict)
    scale: float = 1.0

    @property
    def practice(self) -> bool:
        return self.kind == "practice"

    @property
    def live(self) -> bool:
        return self.kind == "live"


def begin(*, practice: bool = False, config: str | None = None, profile: str | None = None, data_dir: str | None = None) -> Start:
    """From the common options of the command line. Raises RuleBroken naming the option that is wrong."""
    path = _config_path(config) if config or not practice else None
    tables = _tables(path) if path is not None else {}
    desk = tables.get("desk", {})
    if practice and profile and _kind(profile) != "practice":
        raise RuleBroken("--practice and --profile name different profiles.", field="profile")
    named = (profile or "practice") if practice else profile or (desk.get("profile") if isinstance(desk, dict) else None) or "live"
    kind = _kind(str(named))
    root = Path(data_dir) if data_dir else user_data_path("nerve-centre-helpdesk", appauthor=False)
    if kind == "practice":
        path, tables = None, {}
    return Start(kind, str(named), root / str(named), path, tables, _scale())


def _kind(profile: str) -> str:
    kind = profile.split("-", 1)[0]
    if kind not in _KINDS or not profile.replace("-", "").replace("_", "").isalnum():
        raise RuleBroken("A profile is live, practice or sandbox, or one of these with -name behind it.", field="profile")
    return kind


def _config_path(config: str | None) -> Path | None:
    named = config or os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    usual = usual_config()
    return usual if usual.is_file() else None


def usual_config() -> Path:
    """Where the configuration lies when nobody names a file; there need not be one."""
    return user_data_path("nerve-centre-helpdesk", appauthor=False) / "helpdesk.toml"


def _tables(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise RuleBroken("The configuration file cannot be read.", field="config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None)
        raise RuleBroken(f"The configuration file is not valid TOML{f' (line {line})' if line else ''}.", field="config") from None


def _scale() -> float:
    try:
        return min(2.0, max(1.0, float(os.environ.get("HELPDESK_TEXT_SCALE", "1"))))
    except ValueError:
        return 1.0
