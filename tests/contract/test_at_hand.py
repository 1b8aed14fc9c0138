"""A specification that is missing skips its tests, and fails `make contract` unless that was told that they are optional."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("said", "code", "word"), [("", 1, "failed"), ("optional", 0, "skipped")])
def test_without_the_specifications(said: str, code: int, word: str, tmp_path: Path) -> None:
    env = {**os.environ, "NHS_SPECS": str(tmp_path), "CONTRACT": said}
    command = [sys.executable, "-m", "tests.contract.run", "-k", "published and pds-get"]
    ran = subprocess.run(command, cwd=TOP, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == code
    assert word in ran.stdout.splitlines()[-1]
    assert "set NHS_SPECS to the folder that holds pds/openapi.json" in " ".join(ran.stdout.split())
    assert "pds" in ran.stdout
