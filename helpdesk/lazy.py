"""The only place that imports late: what is named "package.module:attribute" is loaded when it is first needed."""

from __future__ import annotations

import importlib
from importlib import resources
from pathlib import Path
from typing import Any


def load(entry: str) -> Any:
    """The object that "package.module:attribute" names. Raises ImportError or AttributeError as Python does."""
    module, _, attribute = entry.partition(":")
    return getattr(importlib.import_module(module), attribute)


def package_folder(package: str) -> Path:
    """Where a package's files lie, for data that is read by name. Packages here are always unpacked on disk."""
    return Path(str(resources.files(package)))
