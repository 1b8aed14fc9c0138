"""The one way in for JSON from outside: what Python's own reader would let pass, and a patient's record must not, ends here."""

from __future__ import annotations

import json
import math
import re
from contextlib import nullcontext
from typing import Any

from helpdesk.errors import ConnectorUnavailable, Stage
from helpdesk.tasks import heavy

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 50
MAX_DIGITS = 19
_STRINGS = re.compile(rb'"[^"]*+(?:"|\Z)')
# of the two kinds of bracket one, and the quotes between which they say nothing
_TO_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NEITHER = bytes(set(range(256)) - set(b'[]{}"'))
_AT_ONCE = 256 * 1024
"""Bytes looked through without a pause: no other thread runs meanwhile, and one of them is the window's."""


class _Refused(ValueError):
    """The text is JSON that this program does not take."""


def parse(raw: bytes, label: str, *, max_bytes: int = MAX_BYTES) -> Any:
    """The value that these bytes say. Raises ConnectorUnavailable for anything that is not plain, finite, unambiguous
    UTF-8 JSON: too long, deeper than 50, a name twice in one object, NaN or Infinity, NUL, half a surrogate pair,
    a whole number of more than 19 digits. `label` is the service's name in the message."""
    value, understood = _try(raw, max_bytes)
    if not understood:
        raise ConnectorUnavailable(f"{label} sent a reply that could not be understood.", stage=Stage.SHAPE)
    return value


def parse_if_json(raw: bytes) -> Any | None:
    """The same, or None where it is refused: for the bodies of errors, whose status already says enough."""
    return _try(raw, MAX_BYTES)[0]


def _try(raw: bytes, max_bytes: int) -> tuple[Any | None, bool]:
    """The value and whether it was understood; no exception, whose context would hold the text."""
    try:
        if len(raw) > max_bytes or _is_too_deep(raw):
            return None, False
        with heavy() if len(raw) > _AT_ONCE else nullcontext():
            value = _value(raw)
        if b"\\u" in raw:
            _refuse_unstorable(value)
    except (ValueError, RecursionError):
        return None, False
    return value, True


def _value(raw: bytes) -> Any:
    return json.loads(
        raw.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite, parse_int=_short, object_pairs_hook=_unique
    )


def _is_too_deep(raw: bytes) -> bool:
    """Takes the innermost pairs of brackets away, time after time: what is left after so many was deeper, or is no JSON."""
    text = _brackets(raw)
    for _ in range(MAX_DEPTH):
        if not text:
            return False
        text = text.replace(b"[]", b"")
    return bool(text)


def _brackets(raw: bytes) -> bytes:
    """The brackets outside strings, all of one kind."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    parts = (raw[at : at + _AT_ONCE].translate(_TO_BRACKETS, _NEITHER) for at in range(0, len(raw), _AT_ONCE))
    # two quotes with nothing between them open and close nothing that matters
    return _STRINGS.sub(b"", b"".join(parts).replace(b'""', b""))


def _no_constant(_name: str) -> Any:
    raise _Refused


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _Refused
    return value


def _short(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise _Refused
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Refused
    return value


def _refuse_unstorable(value: Any) -> None:
    """NUL cannot be stored by PostgreSQL; half a surrogate pair cannot be written at all. Only escapes can make them."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str):
            item.encode("utf-8")
            if "\0" in item:
                raise _Refused
