"""`helpdesk doctor`: versions and paths of this installation; it opens no database and asks nobody."""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata
from typing import Any

from helpdesk import __version__
from helpdesk.cli import output
from helpdesk.cli.options import Options
from helpdesk.start import Start

_PARTS = ("PySide6-Essentials", "SQLAlchemy", "sqlcipher3", "alembic", "psycopg", "requests", "pydantic", "keyring", "argon2-cffi")


def run(options: Options) -> int:
    """Exits with 0 when it ran; what it found is in its answer."""
    held = _findings(options.start())
    if options.json:
        output.result(held)
        return 0
    for name, value in held.items():
        if isinstance(value, dict):
            for part, version in value.items():
                output.say(f"{part}: {version or 'not installed'}")
        else:
            output.say(f"{name.replace('_', ' ')}: {value}")
    return 0


def _findings(start: Start) -> dict[str, Any]:
    return {
        "helpdesk": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "profile": start.profile,
        "data_folder": str(start.folder),
        "data_folder_exists": start.folder.is_dir(),
        "configuration": str(start.config) if start.config else "none",
        "display": sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")),
        "parts": {name: _version(name) for name in _PARTS},
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
