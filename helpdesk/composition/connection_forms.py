"""A connector's settings model as a form, and what was typed into it back as values that the model checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from helpdesk.composition.connection_words import in_words, said_wrong
from helpdesk.desk.connections import FieldType, FormField, Group
from helpdesk.errors import RuleBroken
from helpdesk.settings import ConnectorSettings

ADDRESSES = ("base_url", "url", "host", "folder", "token_url", "sign_in")
_GROUPS: dict[Group, tuple[str, ...]] = {
    Group.SOURCE: ("enabled", "label"),
    Group.CONNECTION: ("base_url", "url", "host", "mailbox", "folder", "ca_file", "client_certificate", "client_key"),
    Group.SIGN_IN: ("sign_in", "key_id", "client_id", "scope", "token_url", "api_key_header"),
    Group.ADVANCED: ("timeout_s", "stale_after_hours", "rate_per_s", "retries", "breaker_failures", "breaker_cool_down_s"),
}
_PLACES = {name: (list(Group).index(group), at) for group, names in _GROUPS.items() for at, name in enumerate(names)}
_SERVICE = list(Group).index(Group.SERVICE)
_HIDDEN = ("kind",)
_ONLY_WITH = {
    "key_id": ("signed_jwt", "cis2", "smart"),
    "token_url": ("signed_jwt", "cis2", "smart"),
    "client_id": ("smart",),
    "scope": ("smart",),
    "api_key_header": ("api_key",),
}
_TABLE_LINE = re.compile(r"\s*=\s*")


def fields_of(model: type[ConnectorSettings], table: Mapping[str, Any], notes: Mapping[str, str]) -> tuple[FormField, ...]:
    """Every setting in the order of the form. `notes` says of a setting why it is not kept."""
    shown = [name for name in model.model_fields if name not in _HIDDEN]
    shown.sort(key=lambda name: _PLACES.get(name, (_SERVICE, 0)))
    return tuple(_field(name, model.model_fields[name], table, notes.get(name, "")) for name in shown)


def _field(name: str, info: FieldInfo, table: Mapping[str, Any], note: str) -> FormField:
    kind = type_of(info)
    default = typed(default_of(info))
    return FormField(
        name=name,
        title=info.title or name.replace("_", " ").capitalize(),
        description=info.description or "",
        type=kind,
        group=list(Group)[_PLACES.get(name, (_SERVICE, 0))[0]],
        value=typed(table[name]) if name in table else default,
        default=default,
        required=info.is_required(),
        choices=in_words(_choices(info.annotation)) if kind is FieldType.CHOICE else (),
        note=note,
        only_with=_ONLY_WITH.get(name, ()),
    )


def type_of(info: FieldInfo) -> FieldType:
    kind = _bare(info.annotation)
    if kind is bool:
        return FieldType.YES_NO
    if kind is int:
        return FieldType.WHOLE
    if kind is float:
        return FieldType.NUMBER
    if kind is Path:
        return FieldType.FILE
    origin = get_origin(kind)
    if origin is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return FieldType.CHOICE
    if origin in (tuple, list):
        return FieldType.LINES
    return FieldType.TABLE if origin is dict else FieldType.TEXT


def taken(model: type[ConnectorSettings], values: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as values of the settings; one that is no number, or no line of a table, is left for the model to
    refuse. A setting that holds nothing at all is left out."""
    found: dict[str, Any] = {}
    for name, text in values.items():
        info = model.model_fields.get(name)
        value = text if info is None else _value(info, text)
        if value is not None and not (info is not None and info.is_required() and value == ""):
            found[name] = value
    return found


def checked(model: type[ConnectorSettings], table: Mapping[str, Any]) -> ConnectorSettings:
    """Raises RuleBroken with the field of the first wrong setting."""
    try:
        return model.model_validate(dict(table))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        titles = {name: info.title or name for name, info in model.model_fields.items()}
        field, sentence = said_wrong(first, titles)
        raise RuleBroken(sentence, field=field) from None


def _value(info: FieldInfo, text: str) -> Any:
    match type_of(info):
        case FieldType.YES_NO:
            return text == "yes"
        case FieldType.WHOLE:
            return _number(text.strip(), int)
        case FieldType.NUMBER:
            return _number(text.strip(), float)
        case FieldType.LINES:
            return [line.strip() for line in text.splitlines() if line.strip()]
        case FieldType.TABLE:
            return _table(info, text)
        case FieldType.FILE:
            return text.strip() or None
        case _:
            return text.strip()


def _number(text: str, kind: type[int] | type[float]) -> Any:
    """The number, None for nothing; what is no number stays text, which the model refuses by name."""
    try:
        return kind(text) if text else None
    except ValueError:
        return text


def _table(info: FieldInfo, text: str) -> dict[str, Any]:
    """ "key = value" lines; where each value is itself a table, its parts stand behind one another with commas between."""
    columns = _columns(info)
    found: dict[str, Any] = {}
    for line in (line.strip() for line in text.splitlines()):
        if line:
            key, value = (*_TABLE_LINE.split(line, maxsplit=1), "")[:2]
            parts = [part.strip() for part in value.split(",", max(0, len(columns) - 1))]
            found[key] = dict(zip(columns, parts, strict=False)) if columns else value
    return found


def _columns(info: FieldInfo) -> tuple[str, ...]:
    inner = get_args(_bare(info.annotation))[1]
    return tuple(inner.model_fields) if isinstance(inner, type) and issubclass(inner, BaseModel) else ()


def default_of(info: FieldInfo) -> Any:
    """What a setting is where nothing is said; "" where something must be."""
    value = info.get_default(call_default_factory=True, validated_data={})
    return "" if value is PydanticUndefined else value


def typed(value: Any) -> str:
    """A value as it is typed into the form."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key} = {_row(part)}" for key, part in value.items())
    if isinstance(value, tuple | list):
        return "\n".join(typed(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _row(part: Any) -> str:
    if isinstance(part, BaseModel):
        part = part.model_dump()
    return ", ".join(str(value) for value in part.values()) if isinstance(part, Mapping) else str(part)


def _choices(annotation: Any) -> tuple[Any, ...]:
    kind = _bare(annotation)
    return tuple(member.value for member in kind) if isinstance(kind, type) and issubclass(kind, Enum) else get_args(kind)


def _bare(annotation: Any) -> Any:
    """The type without what may stand beside or around it: X of `X | None` and of `Annotated[X, …]`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation
