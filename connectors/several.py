"""Several parts of one look-up: which of them brought something, and what it means that others did not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from helpdesk.desk.deadline import within
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorError,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    Stage,
)

T = TypeVar("T")
_TELLING = (ConnectorAuthFailed, ConnectorUnavailable, ConnectorRejected, ConnectorNotPermitted)


def ask_all(parts: Mapping[str, Callable[[], T]], ends: float, label: str) -> tuple[dict[str, T], dict[str, HelpdeskError]]:
    """Asks every part at once until `ends` (monotonic seconds): what came, and why the others did not. What is not
    foreseen is raised as it is."""
    futures = within(max(0.0, ends - time.monotonic()), list(parts.values()))
    came: dict[str, T] = {}
    failed: dict[str, HelpdeskError] = {}
    for name, future in zip(parts, futures, strict=True):
        if not future.done():
            failed[name] = ConnectorUnavailable(f"{label} did not answer in time.", stage=Stage.CONNECTION)
            continue
        error = future.exception()
        if isinstance(error, HelpdeskError):
            failed[name] = error
        elif error is not None:
            raise error
        else:
            came[name] = future.result()
    return came, failed


def worst(failed: Mapping[str, HelpdeskError]) -> HelpdeskError:
    """Where nothing came at all: the error whose remedy helps most."""
    for kind in _TELLING:
        for error in failed.values():
            if isinstance(error, kind):
                return error
    return next(iter(failed.values()), ConnectorError("Nothing was asked."))
