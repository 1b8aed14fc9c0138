"""Packages from outside for the tests: the worked example of docs/connectors.md, built and installed, and copies with a flaw."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
PAGE = TOP / "docs" / "connectors.md"
PACKAGE = "nerve-centre-eye-screening"
MODULE = "eye_screening"
_BLOCK = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def written_out(folder: Path) -> Path:
    """The files that stand on the page, as a newcomer would have them."""
    for name, text in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def wheel_of(source: Path, folder: Path) -> Path:
    """Built by the newcomer's command, with what the test environment has."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(source))
    (wheel,) = folder.glob("*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    _pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
    subprocess.run(command, check=True, capture_output=True, text=True)


def put_package(folder: Path, name: str, files: dict[str, str], entries: str, requires: str = "") -> Path:
    """A package put down as an installer does, with its list of files; `entries` are lines of the group of connectors."""
    info = f"{name.replace('-', '_')}-1.0.dist-info"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    held = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}",
        f"{info}/entry_points.txt": f"[nerve_centre.connectors]\n{entries}\n",
        f"{info}/INSTALLER": "by hand\n",
    }
    held[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*held, f"{info}/RECORD"))
    for path, text in held.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def copy_of(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target))
