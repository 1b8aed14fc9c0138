"""Asks one provider's BaRS service what referrals and bookings it holds of one person."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import uuid4

from connectors.bars.asking import headers
from connectors.bars.blame import raise_for_capability, raise_for_search
from connectors.bars.capability import BY_PATIENT, SEARCHES, searches
from connectors.bars.mapping import Target, activities_of
from connectors.bars.settings import BarsSettings
from connectors.fhir import NHS_NUMBER
from connectors.fhir_activity import AboutAnother
from connectors.http import Reply, Transport
from connectors.several import ask_all
from helpdesk.errors import ConnectorNotPermitted, HelpdeskError, NotFound
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity, ActivityFound
from helpdesk.registry.contract import ConnectorContext

_REMEMBERED: Final = timedelta(hours=24)
_NAMES: Final = {"ServiceRequest": "its referrals", "Appointment": "its bookings"}


class Bars:
    """The HospitalActivity port over one BaRS target. May be used from several threads at once."""

    def __init__(self, settings: BarsSettings, context: ConnectorContext) -> None:
        self._settings = settings
        self._context = context
        self._label = context.label or context.instance
        self._provider = OdsCode(settings.provider) if settings.provider else None
        self._transport = Transport(settings, context)
        self._lock = threading.Lock()
        self._offered: tuple[frozenset[str], datetime] | None = None

    def activity(self, number: NhsNumber) -> ActivityFound:
        """What the provider holds now. Where one of the two searches fails, or cannot be understood, and the other found
        something, the failed one is named as missing; one that the provider does not offer is named as a limit. Nothing
        is used where either is about somebody else."""
        ends = time.monotonic() + self._settings.timeout_s
        correlation = str(uuid4())
        offered = self._searches(correlation)
        kinds = [kind for kind in SEARCHES if kind in offered]
        target = Target(number, self._provider, self._context.instance, self._label, self._context.clock.now())
        came, errors = ask_all({kind: partial(self._search, kind, target, correlation) for kind in kinds}, ends, self._label)
        for error in errors.values():
            if isinstance(error, AboutAnother):
                raise error
        return self._found(activities_of(list(came.values()), target), errors, frozenset(SEARCHES) - offered)

    def check(self) -> None:
        """Reads anew what the target says it offers. Raises a ConnectorError, ConnectorNotPermitted where it offers no
        search by patient."""
        self._learn(str(uuid4()))

    def close(self) -> None:
        """Closes the idle connections."""
        self._transport.close()

    def _found(self, items: tuple[Activity, ...], errors: Mapping[str, HelpdeskError], unoffered: frozenset[str]) -> ActivityFound:
        """Nothing is taken to be absent while a search has failed, or is not offered and the other one found nothing."""
        failed = {kind: error for kind, error in errors.items() if not isinstance(error, NotFound)}
        if not items and (failed or len(errors) == len(SEARCHES)):
            raise next(iter((failed or errors).values()))
        missing = failed.keys() | (unoffered if not items else frozenset())
        limits = "".join(f"{self._label} does not offer {_NAMES[kind]}." for kind in unoffered)
        return ActivityFound(items, tuple(_NAMES[kind] for kind in SEARCHES if kind in missing), limits)

    def _searches(self, correlation: str) -> frozenset[str]:
        """What the target offers, asked at most once a day. Two threads may ask at the same time; both learn the same."""
        with self._lock:
            known = self._offered
        if known is not None and self._context.clock.now() - known[1] <= _REMEMBERED:
            return known[0]
        return self._learn(correlation)

    def _learn(self, correlation: str) -> frozenset[str]:
        """Only a target that offers something is remembered: one that offers nothing may be set up a moment later."""
        reply = self._get("/metadata", None, correlation)
        raise_for_capability(reply, self._label)
        offered = searches(reply.body, self._label)
        if not offered:
            raise ConnectorNotPermitted(f"{self._label} does not answer a search by patient.")
        with self._lock:
            self._offered = (offered, self._context.clock.now())
        return offered

    def _search(self, kind: str, target: Target, correlation: str) -> Any:
        """The body of one search, once it is known that all of it can be read; both are read together afterwards."""
        reply = self._get(f"/{kind}", {BY_PATIENT: f"{NHS_NUMBER}|{target.number}"}, correlation)
        raise_for_search(reply, self._label)
        activities_of([reply.body], target)
        return reply.body

    def _get(self, path: str, params: dict[str, str] | None, correlation: str) -> Reply:
        return self._transport.get_json(path, params, headers(self._settings, self._context, correlation))
