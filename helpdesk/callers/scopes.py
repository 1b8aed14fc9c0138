"""How far somebody's authority reaches, by the legal basis that the NHS recorded for it, as data with a version and a date."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from helpdesk.callers.model import Authority, Level
from helpdesk.errors import RuleBroken

NHS_PROXY = "nhs_proxy"


@dataclass(frozen=True)
class Reach:
    level: Level
    sensitive: bool


@dataclass(frozen=True)
class ProxyScopes:
    """The reach of each code. `unknown` is for one that is not listed and for a consent that names none; it never goes
    beyond STATUS and never includes sensitive services. `sign_off` is "none" until somebody answerable signs."""

    version: str
    effective: date
    sign_off: str
    unknown: Reach
    codes: Mapping[str, Reach]

    @classmethod
    def load(cls, source: Traversable | None = None) -> ProxyScopes:
        """The scopes in resources/reference/proxy_scopes.json, or in another file. Raises RuleBroken when it holds none."""
        where = source or files("resources").joinpath("reference", "proxy_scopes.json")
        try:
            return _scopes(json.loads(where.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise RuleBroken("The rules for the NHS's proxies cannot be read. Ask an administrator.") from wrong

    def authority(self, codes: Sequence[str]) -> Authority:
        """What a consent with these codes gives: no more than each one of them does."""
        reaches = [self.codes.get(code, self.unknown) for code in codes] or [self.unknown]
        return Authority(NHS_PROXY, min(r.level for r in reaches), all(r.sensitive for r in reaches))


def _scopes(data: Mapping[str, Any]) -> ProxyScopes:
    unknown = _reach(data["unknown"])
    if unknown.level > Level.STATUS or unknown.sensitive:
        raise ValueError("an unknown code reaches too far")
    codes = {str(code): _reach(reach) for code, reach in data["codes"].items()}
    return ProxyScopes(str(data["version"]), date.fromisoformat(data["effective"]), str(data["sign_off"]), unknown, codes)


def _reach(data: Mapping[str, Any]) -> Reach:
    if not isinstance(data["sensitive"], bool):
        raise TypeError("sensitive is true or false")
    return Reach(Level[data["level"].upper()], data["sensitive"])
