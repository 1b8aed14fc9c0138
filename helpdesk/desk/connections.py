"""The connections to other systems as whoever looks after them sees and changes them; plain values, all of them text as
it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

SIGN_IN = "sign_in"
"""The field that chooses the way of signing in."""
NAME = "name"
"""The field that a wrong name of an instance is said at."""


class FieldType(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LINES = "lines"
    TABLE = "table"
    FILE = "file"


class Group(StrEnum):
    """The parts of a form, in their order."""

    SOURCE = "source"
    CONNECTION = "connection"
    SIGN_IN = "sign_in"
    SERVICE = "service"
    ADVANCED = "advanced"


@dataclass(frozen=True)
class FormField:
    """One setting. `value` and `default` are as they are typed: "yes" or "no", one line for each of several, "key = value"
    lines for a table. `choices` are (value, words). `note` says why it is not kept here, where it is not. `only_with` are the
    ways of signing in that it belongs to, where it does not belong to all."""

    name: str
    title: str
    description: str
    type: FieldType
    group: Group
    value: str
    default: str
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    note: str = ""
    only_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class SecretField:
    """A secret is put in and never read back: only whether one is kept. `trouble` says why that cannot be told."""

    name: str
    title: str
    kept: bool
    trouble: str = ""


@dataclass(frozen=True)
class Form:
    """What one instance can be told. `new` while it is not in the configuration."""

    instance: str
    kind: str
    kind_name: str
    label: str
    provides: str
    notice: str
    fields: tuple[FormField, ...]
    secrets: tuple[SecretField, ...]
    removable: bool
    new: bool = False

    @property
    def values(self) -> dict[str, str]:
        return {f.name: f.value for f in self.fields}


@dataclass(frozen=True)
class Connection:
    """One configured instance. `trouble` is what is wrong with its settings; `waits` that what is kept holds from the next
    start only; `answered` and `failed` are when it last did and did not, `words` what it said then."""

    instance: str
    kind: str
    label: str
    kind_name: str
    provides: str
    enabled: bool
    trouble: str = ""
    waits: bool = False
    answered: datetime | None = None
    failed: datetime | None = None
    words: str = ""


@dataclass(frozen=True)
class Kind:
    """A connector that an instance can be made of."""

    id: str
    name: str
    provides: str
    notice: str


@dataclass(frozen=True)
class Listing:
    """`broken` are connectors that cannot be used, with the reason; `where` is the file that changes are kept in."""

    connections: tuple[Connection, ...]
    kinds: tuple[Kind, ...]
    broken: tuple[tuple[str, str], ...]
    where: str


@dataclass(frozen=True)
class Secrets:
    """Secrets to keep, by name, and the names of those to forget. What is in neither stays as it is."""

    keep: Mapping[str, str] = field(default_factory=dict, repr=False)
    forget: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Tried:
    """What came of a real question. `stage` is how far it came ("" where it is good), `fact` that in words, `message` what
    the service's own connector says, `field` the setting to look at first."""

    instance: str
    ok: bool
    stage: str
    fact: str
    message: str
    field: str = ""


class Connections(Protocol):
    """For administrators only. Every method blocks; each raises RuleBroken for another role, and StorageError."""

    def listing(self) -> Listing: ...

    def form(self, instance: str) -> Form:
        """Raises NotFound for one that is not configured."""

    def new_form(self, kind: str) -> Form:
        """An empty one, with a name that is still free."""

    def save(self, instance: str, kind: str, values: Mapping[str, str], secrets: Secrets, *, new: bool = False) -> Form:
        """Keeps what was typed, from the next start. Raises RuleBroken with the field that is wrong; then nothing is kept."""

    def remove(self, instance: str) -> None:
        """Takes it out of the configuration, and its secrets out of the key store."""

    def test(self, instance: str, kind: str, values: Mapping[str, str], secrets: Secrets) -> Tried:
        """Asks with what is typed, whether it is kept or not; of a patient nothing is asked. Raises RuleBroken with the
        field that is wrong."""


NO_SECRETS = Secrets()
