"""The only place that imports late: an object named "package.module:attribute" is loaded when it is first needed."""

from __future__ import annotations

import importlib
from typing import Any


def load(entry: str) -> Any:
    """The object that "package.module:attribute" names. Raises ImportError or AttributeError as Python does."""
    module, _, attribute = entry.partition(":")
    return getattr(importlib.import_module(module), attribute)
