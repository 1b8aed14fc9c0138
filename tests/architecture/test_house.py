"""The house keeps its own rules: small files, honest manifests, no real people, a Qt that survives."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.identifiers import NhsNumber
from helpdesk.lazy import load
from helpdesk.registry import manifests

TOP = Path(__file__).resolve().parents[2]
ROOMS = ("helpdesk", "connectors", "ui")
LIMIT = 300
_TEN = re.compile(r"(?<![\d.])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?![\d.])")


def _sources() -> list[Path]:
    return [p for room in ROOMS for p in (TOP / room).rglob("*.py")]


def test_no_module_has_grown_too_big() -> None:
    big = {str(p.relative_to(TOP)): n for p in _sources() if (n := len(p.read_text(encoding="utf-8").splitlines())) > LIMIT}
    assert not big


def test_every_manifest_is_whole_and_its_entries_exist() -> None:
    found = manifests.find()
    assert not found.broken
    assert set(found.manifests) >= {"pds", "ers", "gp_connect", "nhs_notify", "waiting_list_extract"}
    for manifest in found.manifests.values():
        for entry in (manifest.factory, manifest.settings, manifest.stub):
            assert not entry or callable(load(entry)), entry


def test_a_broken_connector_is_listed_with_its_reason_and_harms_no_other(tmp_path: Path) -> None:
    good = (TOP / "connectors" / "pds" / "manifest.toml").read_text(encoding="utf-8")
    for name, text in {
        "pds": good,
        "torn": "id = [",
        "other": good,
        "later": good.replace("api = 1", "api = 9").replace('"pds"', '"later"'),
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.toml").write_text(text, encoding="utf-8")
    found = manifests.find(tmp_path)
    assert list(found.manifests) == ["pds"]
    assert {b.folder for b in found.broken} == {"torn", "other", "later"}
    assert all(b.reason for b in found.broken)


def test_every_module_says_what_it_is_for() -> None:
    bare = [p for p in _sources() if not p.read_text(encoding="utf-8").lstrip().startswith(('"""', "'''"))]
    assert not bare


def test_nobody_in_the_project_could_be_real() -> None:
    """Only numbers that are never issued (they start with 9) may stand in the project's files."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    real = []
    for name in listed:
        if not name.endswith((".py", ".json", ".md", ".toml", ".csv")):
            continue
        for found in _TEN.finditer((TOP / name).read_text(encoding="utf-8")):
            digits = "".join(found.groups())
            if digits[0] in "467" and NhsNumber.check_digit(digits[:9]) == digits[9]:
                real.append(name)
    assert not real


def test_nothing_slow_is_imported_before_the_window() -> None:
    code = "import sys, helpdesk.cli, ui.app; print([m for m in ('pydantic', 'sqlalchemy', 'keyring', 'requests') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_qt_survives_many_void_calls(qapp: object) -> None:
    """PySide6 6.12.0 loses a reference to None at each void call on Python 3.11 and dies after some thousands."""
    widgets = pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed")
    label = widgets.QLabel()
    label.setText("0")
    before = sys.getrefcount(None)
    for _ in range(60_000):
        label.setText("1")
    assert sys.getrefcount(None) > before - 1_000
