"""Reads the data that the practice area is made from, once."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def content(name: str) -> Any:
    """What `resources/practice/<name>.json` holds."""
    text = files("resources").joinpath("practice", f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)
