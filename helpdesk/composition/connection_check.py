"""Asks one connector whether it answers, and says how far the question came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpdesk import __version__
from helpdesk.clock import Clock
from helpdesk.composition.connection_words import FACTS, GOOD, REMEDIES
from helpdesk.composition.sources import Shared
from helpdesk.desk.connections import Tried
from helpdesk.errors import ConnectorAuthFailed, ConnectorError, HelpdeskError, Stage
from helpdesk.registry.contract import ConnectorContext, Manifest
from helpdesk.registry.instances import Instance
from helpdesk.settings import ConnectorSettings

ANSWERS = "It answers."
_ADDRESSES = ("base_url", "url", "folder")
_AT: dict[str, tuple[str, ...]] = {
    Stage.SETTINGS: ("folder", "client_certificate", "ca_file"),
    Stage.NAME: _ADDRESSES,
    Stage.CONNECTION: _ADDRESSES,
    Stage.TLS: _ADDRESSES,
    Stage.SHAPE: _ADDRESSES,
    Stage.SIGN_IN: ("sign_in",),
}


@dataclass(frozen=True)
class Outcome:
    """`stage` is "" where it is good."""

    ok: bool
    stage: str
    message: str


def asked(connector: Callable[[], Any]) -> Outcome:
    """Connects, and asks the connector's one harmless question."""
    try:
        connector().check()
    except HelpdeskError as error:
        return Outcome(False, error.stage if isinstance(error, ConnectorError) else Stage.SERVICE, error.message)
    return Outcome(True, "", ANSWERS)


@dataclass(frozen=True)
class Trial:
    """An instance as it stands in the form. `typed` are the secrets put in there, `kept` reads the others; `forgotten` are
    those to be forgotten."""

    instance: str
    manifest: Manifest
    settings: ConnectorSettings
    typed: dict[str, str]
    forgotten: frozenset[str]
    kept: Callable[[str], str]

    def secret(self, name: str) -> str:
        if self.typed.get(name):
            return self.typed[name]
        if name in self.forgotten:
            raise ConnectorAuthFailed(f"The {name.replace('_', ' ')} of {self.manifest.name} is marked to be forgotten.")
        return self.kept(name)

    def run(self, organisation: str, clock: Clock, shared: Shared) -> Tried:
        label = self.settings.label or self.manifest.short or self.manifest.name
        context = ConnectorContext(
            instance=self.instance,
            label=label,
            organisation=organisation,
            clock=clock,
            secret=self.secret,
            user_agent=f"NerveCentreHelpdesk/{__version__}",
            allowance=shared.allowance,
            identity=shared.identity,
        )
        trial = Instance(self.instance, self.manifest, self.settings, context)
        made: list[Any] = []

        def connect() -> Any:
            made.append(trial.connector)
            return made[0]

        outcome = asked(connect)
        for close in (getattr(connector, "close", None) for connector in made):
            if close is not None:
                close()
        return self._told(label, outcome)

    def _told(self, label: str, outcome: Outcome) -> Tried:
        if outcome.ok:
            usual = (f"{label} answers", "It was asked just now, with what stands here.")
            return Tried(self.instance, True, "", *next((GOOD[port] for port in self.manifest.provides if port in GOOD), usual))
        at = next((name for name in _AT.get(outcome.stage, ()) if getattr(self.settings, name, None)), "")
        stage = Stage(outcome.stage)
        words = " ".join(part for part in (outcome.message, REMEDIES.get(stage, "")) if part)
        return Tried(self.instance, False, stage, FACTS[stage], words, at)
