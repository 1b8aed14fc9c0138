"""What the tests of this folder print at the end of a run."""

from __future__ import annotations

LINES: list[str] = []
