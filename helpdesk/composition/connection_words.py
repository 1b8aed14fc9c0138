"""What the settings of connections say in words: what a choice means, what is wrong, what a source gives, what failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from helpdesk.errors import Stage

_ABBREVIATED = {"api": "API", "jwt": "JWT", "cis2": "CIS2", "smart": "SMART", "nhs": "NHS"}
_CODE = re.compile(r"[.:0-9]")
_NAME = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_GIVES = {
    "demographics": "who a person is",
    "waiting_lists": "waiting lists",
    "referrals": "referrals",
    "worklists": "worklists of referrals",
    "hospital_activity": "appointments and waits at providers",
    "practice_appointments": "appointments at the practice",
    "prescriptions": "how far prescriptions have got",
    "authority": "who may speak for whom",
    "organisations": "names of organisations",
    "services": "services near a place",
    "messages": "messages out",
    "extracts": "files of people and lists",
    "links": "a link to open",
    "deliveries": "files that are sent here",
}
FACTS = {
    Stage.SETTINGS: "A setting is wrong",
    Stage.NAME: "The address is not found",
    Stage.CONNECTION: "No connection",
    Stage.TLS: "No safe connection (TLS)",
    Stage.SIGN_IN: "The sign-in failed",
    Stage.PERMISSION: "Not permitted",
    Stage.SHAPE: "The answer is not of the right shape",
    Stage.SERVICE: "The service answers with an error",
}
REMEDIES = {
    Stage.NAME: "Check the name in the address.",
    Stage.CONNECTION: "Check the address and its port, and that the network lets this computer reach it.",
    Stage.TLS: "Check the certificate authority and the client certificate.",
    Stage.SIGN_IN: "Check the way of signing in and its secrets.",
    Stage.PERMISSION: "Agree this desk's access with whoever runs the service.",
    Stage.SHAPE: "Check that the address is that of this kind of service.",
}
GOOD = {
    "links": ("The link is in order", "It is opened by the browser, so nothing was asked."),
    "extracts": ("Its folder is in order", "Files that arrive there are taken in while the desk is open."),
}
"""What is said of kinds that ask nobody."""
_LIMITS = {
    "greater_than": "It must be more than {gt}.",
    "greater_than_equal": "It must be {ge} or more.",
    "less_than": "It must be less than {lt}.",
    "less_than_equal": "It must be {le} or less.",
    "string_too_long": "It may have {max_length} characters at most.",
}
_PLAIN = {
    "missing": "This is needed.",
    "string_too_short": "This is needed.",
    "too_short": "At least one is needed.",
    "int_parsing": "Type a whole number.",
    "int_type": "Type a whole number.",
    "int_from_float": "Type a whole number.",
    "float_parsing": "Type a number.",
    "float_type": "Type a number.",
    "finite_number": "Type a number.",
    "literal_error": "Choose one of those that are offered.",
    "enum": "Choose one of those that are offered.",
    "string_pattern_mismatch": "This is not written in the form that is needed.",
    "extra_forbidden": "The configuration holds a setting that is not known here.",
}


def in_words(choices: Iterable[object]) -> tuple[tuple[str, str], ...]:
    """Each value with how it is shown: "signed_jwt" as "Signed JWT". A list that holds codes is shown as it is."""
    texts = [str(choice) for choice in choices]
    codes = any(_CODE.search(text) and text.lower() not in _ABBREVIATED for text in texts)
    return tuple((text, (text if codes else _shown(text)) or "None") for text in texts)


def _shown(text: str) -> str:
    words = [_ABBREVIATED.get(word.lower(), word.lower()) for word in text.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def gives(provides: Iterable[str]) -> str:
    """What a connector gives the desk."""
    said = ", ".join(_GIVES.get(port, port.replace("_", " ")) for port in provides)
    return said[:1].upper() + said[1:]


def said_wrong(error: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[str, str]:
    """The setting that pydantic's error is about ("" for the whole) and one plain sentence."""
    place = [part for part in error["loc"] if isinstance(part, str)]
    own = str(error["msg"]).removeprefix("Value error, ")
    kind = str(error["type"])
    if kind == "value_error":
        sentence = _sentence(own, titles)
    elif kind in _LIMITS:
        sentence = _LIMITS[kind].format(**{name: _number(value) for name, value in error.get("ctx", {}).items()})
    else:
        sentence = _PLAIN.get(kind, f"{own}.")
    if place:
        inner = [part for part in error["loc"][1:] if part != "[key]"]
        within = f"{' '.join(str(part + 1 if isinstance(part, int) else part) for part in inner)}: " if inner else ""
        return str(place[0]), f"{within}{sentence}"
    return _meant(own, titles), sentence


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _meant(words: str, titles: Mapping[str, str]) -> str:
    """Which setting a sentence about several is told at: the first it names, or else the address."""
    named = [name for name in _NAME.findall(words) if name in titles]
    first = re.split(r"\W", words, maxsplit=1)[0]
    if named or first in titles:
        return named[0] if named else first
    return next((name for name in ("base_url", "url") if name in titles), "")


def _sentence(words: str, titles: Mapping[str, str]) -> str:
    """The words with the settings' titles for their names, as a sentence."""
    told = _NAME.sub(lambda found: f"“{titles[found[0]]}”" if found[0] in titles else found[0], words)
    return f"{told[:1].upper()}{told[1:]}."
