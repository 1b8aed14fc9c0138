"""Runs every test in two processes at once: the journeys, which mostly wait for programs they started, beside all the others."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

JOURNEYS = "tests/journeys"


def main() -> int:
    """The others' output as it comes, then the journeys' whole; 0 only when both passed."""
    pytest = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as kept:
        journeys = subprocess.Popen([*pytest, JOURNEYS], stdout=kept, stderr=subprocess.STDOUT, cwd=Path(__file__).parents[1])
        try:
            others = subprocess.run([*pytest, f"--ignore={JOURNEYS}"], check=False, cwd=Path(__file__).parents[1]).returncode
            waited = journeys.wait()
        finally:
            journeys.kill()
        kept.seek(0)
        sys.stdout.write(f"\n{JOURNEYS}:\n{kept.read()}")
    return others or waited


if __name__ == "__main__":
    sys.exit(main())
