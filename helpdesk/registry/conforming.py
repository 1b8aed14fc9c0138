"""Whether a value is what a port's signature promises, down to the fields of its models."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def conforms(value: Any, hint: Any) -> bool:
    """True also for what cannot be told from a value, such as a callable's arguments."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(conforms(value, one) for one in inside)
    if origin is Literal:
        return value in inside
    if origin is tuple:
        return isinstance(value, tuple) and _parts(value, inside)
    if isinstance(origin, type):
        return isinstance(value, origin) and _holds(value, inside)
    return _is_a(value, NoneType if hint is None else hint)


def _parts(value: tuple[Any, ...], inside: tuple[Any, ...]) -> bool:
    if len(inside) == 2 and inside[1] is Ellipsis:
        return all(conforms(part, inside[0]) for part in value)
    return len(value) == len(inside) and all(conforms(part, one) for part, one in zip(value, inside, strict=True))


def _holds(value: Any, inside: tuple[Any, ...]) -> bool:
    if isinstance(value, Mapping):
        return all(conforms(k, inside[0]) and conforms(v, inside[1]) for k, v in value.items())
    if isinstance(value, Collection) and inside:
        return not isinstance(value, str) and all(conforms(part, inside[0]) for part in value)
    return True


def _is_a(value: Any, kind: Any) -> bool:
    if kind is Any or not isinstance(kind, type):
        return True
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    if not isinstance(value, kind):
        return False
    return not is_dataclass(kind) or all(conforms(getattr(value, name), hint) for name, hint in _fields(kind))


@cache
def _fields(model: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(model)
    return tuple((f.name, hints[f.name]) for f in fields(model) if f.name in hints)
