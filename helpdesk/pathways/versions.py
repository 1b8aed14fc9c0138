"""The versions of the wording: which is in force on a day, and whether anybody has signed it off."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from helpdesk.pathways.audience import Audience

Texts = Mapping[str, Mapping[Audience, str]]
"""By rule, then by audience."""
NOT_SIGNED = "The words to say are not signed off for live use"


@dataclass(frozen=True)
class SignOff:
    """Who signed a version off for use with callers, in what role, and when."""

    by: str
    role: str
    on: date


@dataclass(frozen=True, eq=False)
class Wording:
    """One version of all texts, in force from `effective`. `sign_off` is None where nobody has signed it."""

    id: str
    version: str
    effective: date
    sign_off: SignOff | None
    texts: Texts

    @property
    def sha256(self) -> str:
        """Of the texts alone: what somebody signs when they sign a version as it stands."""
        plain = {rule: {a.value: text for a, text in by.items()} for rule, by in self.texts.items()}
        return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class WordingNote:
    """Which wording stands on the screen. `sample`: nobody has signed it off, so it is there to practise with. `missing`
    says in one sentence why there are no words; "" where there are."""

    version: str = ""
    effective: date | None = None
    sign_off: str = ""
    """Who signed it, as "A. Surname, medical director, 1 November 2026"; "" for nobody."""
    sample: bool = False
    missing: str = ""


@dataclass(frozen=True)
class Wordings:
    """Every version that this desk holds. `trouble` says what is wrong with a version that could not be taken."""

    versions: tuple[Wording, ...]
    trouble: str = ""

    def on(self, day: date, *, signed: bool = False) -> Wording | None:
        """The version in force on that day: the latest that has begun, a signed one before any that is not. With `signed`
        only a signed one; None where there is none."""
        begun = [w for w in self.versions if w.effective <= day and (w.sign_off is not None or not signed)]
        return max(begun, key=lambda w: (w.sign_off is not None, w.effective), default=None)

    def missing(self, day: date) -> str:
        """What a live desk lacks: one sentence for the screen."""
        if self.trouble:
            return f"{NOT_SIGNED}: {self.trouble}"
        later = min((w.effective for w in self.versions if w.sign_off is not None and w.effective > day), default=None)
        begins = f" The next one begins on {later.isoformat()}." if later is not None else ""
        return f"{NOT_SIGNED}: no signed version is in force today.{begins} An administrator can name one in the configuration."

    def and_signed(self, others: Sequence[Wording], trouble: str = "") -> Wordings:
        return Wordings((*self.versions, *others), trouble)


@cache
def shipped() -> Wordings:
    """The versions that come with the program. Nobody's sign-off is in them."""
    folder = files("resources") / "reference" / "wording"
    return Wordings(tuple(_shipped(f) for f in sorted(folder.iterdir(), key=lambda f: f.name) if f.is_dir()))


def _shipped(folder: Any) -> Wording:
    about: Mapping[str, str] = {}
    texts: dict[str, Mapping[Audience, str]] = {}
    for file in sorted(folder.iterdir(), key=lambda f: str(f.name)):
        if not file.name.endswith(".json"):
            continue
        content = json.loads(file.read_text(encoding="utf-8"))
        if file.name == "about.json":
            about = content
        else:
            texts |= {rule: {Audience(a): text for a, text in by.items()} for rule, by in content.items()}
    return Wording(about["id"], about["version"], date.fromisoformat(about["effective"]), None, texts)
