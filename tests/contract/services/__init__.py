"""One module for each service with a published specification: what is asked of it, and what is known to be odd in it."""

from __future__ import annotations

import importlib
import pkgutil

from tests.contract.service import Service


def every_service() -> tuple[Service, ...]:
    """The services in the order of their names, each from the `SERVICE` of its module."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").SERVICE for name in names)
