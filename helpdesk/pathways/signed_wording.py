"""A version of the wording that an organisation has signed off, read from its own file and checked before it is used."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from helpdesk.errors import RuleBroken
from helpdesk.pathways.audience import Audience
from helpdesk.pathways.sentences import blanks_of, forbidden_words, rules
from helpdesk.pathways.versions import SignOff, Texts, Wording, shipped

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_FIELDS = frozenset({"version", "effective", "sign_off", "texts", "same_as"})


def read_signed(content: str) -> Wording:
    """Either with all `texts`, or `same_as` a version of the program with the hash of what was read and signed. Raises
    RuleBroken in one sentence that says what to change."""
    try:
        plain = json.loads(content)
    except ValueError:
        raise RuleBroken("The wording file is not valid JSON.", field="wording") from None
    if not isinstance(plain, dict):
        raise _wrong("holds no wording")
    unknown = sorted(set(plain) - _FIELDS)
    if unknown:
        raise _wrong(f"has a part that is not known: {unknown[0]}")
    version = plain.get("version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise _wrong("needs a version of letters, digits, dots and dashes")
    if any(version == w.version for w in shipped().versions):
        raise _wrong(f"needs a version of its own, not {version}, which came with the program")
    signed = _sign_off(plain.get("sign_off"))
    return Wording("wording", version, _day(plain.get("effective"), "effective"), signed, _texts(plain))


def _sign_off(plain: Any) -> SignOff:
    if not isinstance(plain, dict):
        raise _wrong("is not signed off: sign_off needs by, role and on")
    by, role = (str(plain.get(name) or "").strip() for name in ("by", "role"))
    if not by or not role:
        raise _wrong("is not signed off: sign_off needs by, role and on")
    return SignOff(by, role, _day(plain.get("on"), "sign_off.on"))


def _day(text: Any, name: str) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise _wrong(f"needs a day at {name}, written as 2026-11-01") from None


def _texts(plain: Mapping[str, Any]) -> Texts:
    if ("texts" in plain) == ("same_as" in plain):
        raise _wrong("needs either texts or same_as")
    return _same_as(plain["same_as"]) if "same_as" in plain else _own(plain["texts"])


def _same_as(plain: Any) -> Texts:
    named = plain if isinstance(plain, dict) else {}
    of = next((w for w in shipped().versions if w.version == named.get("version")), None)
    if of is None:
        raise _wrong("names a version at same_as that this program does not have")
    if named.get("sha256") != of.sha256:
        raise _wrong(f"was signed for other words than version {of.version} of this program has")
    return of.texts


def _own(plain: Any) -> Texts:
    held = plain if isinstance(plain, dict) else {}
    known = shipped().versions[-1].texts
    unknown = sorted(set(held) - set(known))
    if unknown:
        raise _wrong(f"has words for a rule that this program does not have: {unknown[0]}")
    return {rule: {a: _text(held.get(rule), rule, a, known[rule]) for a in Audience} for rule in rules()["sentences"]}


def _text(by: Any, rule: str, audience: Audience, shipped_by: Mapping[Audience, str]) -> str:
    text = by.get(audience.value) if isinstance(by, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise _wrong(f"has no words of rule {rule} for a {audience.value}")
    where = f"in rule {rule} for a {audience.value}"
    allowed = {name for one in shipped_by.values() for name in blanks_of(one)}
    try:
        blanks = set(blanks_of(text))
    except ValueError:
        raise _wrong(f"has a blank that is not closed {where}") from None
    if not blanks <= allowed or "!" in text or any(":" in part for part in re.findall(r"\{[^}]*\}", text)):
        raise _wrong(f"has a blank that cannot be filled {where}")
    if forbidden_words().search(text):
        raise _wrong(f"has a word that may not be said to a caller {where}")
    if not text.endswith((".", "?")):
        raise _wrong(f"has no full stop at the end {where}")
    return text


def _wrong(what: str) -> RuleBroken:
    return RuleBroken(f"The wording file {what}.", field="wording")
