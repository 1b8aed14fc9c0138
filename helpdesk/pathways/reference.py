"""Treatment functions and their names, and which services are sensitive; all of it data with its sources."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from helpdesk.identifiers import OdsCode
from helpdesk.pathways.model import Coded


@dataclass(frozen=True)
class TreatmentFunction:
    """One code of DCB0028 or of the RTT return. `name` is in sentence case, as it is said to a caller. Dates are None
    where they are not recorded."""

    code: str
    name: str
    sensitive: bool
    ask_team: bool
    starts: date | None
    ends: date | None
    source: str


def _read(name: str) -> Any:
    return json.loads((files("resources") / "reference" / name).read_text(encoding="utf-8"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def treatment_functions() -> Mapping[str, TreatmentFunction]:
    return {
        c["code"]: TreatmentFunction(c["code"], c["name"], c["sensitive"], c["ask_team"], _day(c["from"]), _day(c["to"]), c["source"])
        for c in _read("treatment_functions.json")["codes"]
    }


@cache
def _sensitive() -> Mapping[str, Any]:
    listed: Mapping[str, Any] = _read("sensitive_services.json")
    return listed


def _bare(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split()).removesuffix(" service")


def _holds_word(text: str, beginnings: Sequence[str]) -> bool:
    bare = _bare(text)
    return any(re.search(rf"\b{re.escape(b)}", bare) for b in beginnings)


@cache
def _by_name() -> Mapping[str, str]:
    return {_bare(t.name): t.code for t in treatment_functions().values()}


@lru_cache(maxsize=1024)
def specialty(text: str) -> Coded:
    """The specialty for a code (also written C_110) or for a name; what is not known stays as it was written."""
    written = text.strip()
    code = written.upper().removeprefix("C_")
    known = treatment_functions().get(code) or treatment_functions().get(_by_name().get(_bare(written), ""))
    return Coded(known.code, known.name) if known else Coded(written, written.replace("_", " "))


def is_sensitive(text: str, provider: OdsCode | None = None) -> bool:
    """Whether this specialty or service, or everything this organisation does, is sensitive. A three-character code
    that is not listed counts as sensitive, because nobody can say that it is not."""
    if provider is not None and provider.value in _sensitive()["organisations"]:
        return True
    known = treatment_functions().get(specialty(text).code)
    if known is not None:
        return known.sensitive
    looks_like_code = len(text.strip()) == 3 and any(c.isdigit() for c in text)
    return looks_like_code or _sounds_sensitive(text)


@lru_cache(maxsize=4096)
def _sounds_sensitive(text: str) -> bool:
    return _holds_word(text, _sensitive()["words"])


@lru_cache(maxsize=1024)
def asks_team(text: str) -> bool:
    """Whether questions about this specialty or service are for its own team alone."""
    known = treatment_functions().get(specialty(text).code)
    return (known is not None and known.ask_team) or _holds_word(text, _sensitive()["ask_team_words"])
