"""A mapping file: what one provider's system calls the columns, how it writes dates, and what its words mean."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from connectors.waiting_list_extract.date_forms import WANTED, DateForm
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import READ
from helpdesk.extracts.model import ExtractKind
from helpdesk.settings import Frozen


class ExtractMapping(Frozen):
    """Everything but `columns` may be left out. `columns` gives their name for each of ours, `values` by our column what
    each of their words means, `constants` the value of a column that the file does not have."""

    kind: ExtractKind
    delimiter: Literal[",", ";", "|", "\t"] = ","
    encoding: Literal["utf-8", "cp1252", "iso-8859-1"] = "utf-8"
    dates: tuple[str, ...] = Field(default=(), max_length=20)
    missing_dates: tuple[str, ...] = ()
    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> ExtractMapping:
        unknown = [c for c in (*self.columns, *self.values, *self.constants) if c not in READ[self.kind]]
        if unknown:
            raise ValueError(f"the desk reads no column {unknown[0]} from {self.kind.value.replace('_', ' ')} files")
        twice = [c for c in self.constants if c in self.columns]
        if twice:
            raise ValueError(f"{twice[0]} is both a column and a constant")
        for form in self.dates:
            _checked(form)
        return self


def _checked(form: str) -> DateForm:
    try:
        return DateForm(form)
    except ValueError:
        raise ValueError(f"the date form {form} is not made of {WANTED}") from None


def read_mapping(path: Path) -> ExtractMapping:
    """Raises RuleBroken with what is wrong in one sentence."""
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise RuleBroken("The mapping file cannot be read.", field="mapping") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise RuleBroken("The mapping file is not valid TOML.", field="mapping") from None
    try:
        return ExtractMapping.model_validate(table)
    except ValidationError as refused:
        first = refused.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        raise RuleBroken(f"The mapping file is wrong{f' at {where}' if where else ''}: {said}.", field="mapping") from None
