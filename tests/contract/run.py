"""`make contract`: the whole of it, Prism too. A specification or a Prism that is missing fails, unless CONTRACT=optional."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    os.environ["CONTRACT"] = "optional" if os.environ.get("CONTRACT") == "optional" else "required"
    os.environ["CONTRACT_PRISM"] = "1"
    return int(pytest.main([str(HERE), "--no-header", "-rs", *arguments]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
