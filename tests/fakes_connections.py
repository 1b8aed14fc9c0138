"""Made-up connections for the settings screen and its presenter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from helpdesk.desk.connections import Connection, FieldType, Form, FormField, Group, Kind, Listing, Secrets, Tried
from helpdesk.errors import NotFound
from helpdesk.tasks import nobody_waits

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CONNECTIONS = (
    Connection("pds", "pds", "PDS", "Personal Demographics Service", "Who a person is", True, answered=NINE),
    Connection("ods", "ods", "ODS", "Organisation Data Service", "Names", False),
)


def form(instance: str, *, new: bool = False, removable: bool = True) -> Form:
    address = FormField("base_url", "Address", "", FieldType.TEXT, Group.CONNECTION, "", "", required=True)
    return Form(instance, instance, "A service", instance.upper(), "Names", "", (address,), (), removable, new)


@dataclass
class FakeConnections:
    connections: tuple[Connection, ...] = CONNECTIONS
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    error: Exception | None = None
    gave_up: list[bool] = field(default_factory=list)

    def listing(self) -> Listing:
        return Listing(self.connections, (Kind("ods", "Organisation Data Service", "Names", ""),), (("odd", "No manifest."),), "/here.toml")

    def form(self, instance: str) -> Form:
        if instance not in {c.instance for c in self.connections}:
            raise NotFound("Gone.")
        return form(instance)

    def new_form(self, kind: str) -> Form:
        return form(f"{kind}_2", new=True)

    def save(self, instance: str, kind: str, values: Mapping[str, str], secrets: Secrets, *, new: bool = False) -> Form:
        self.asked.append(("save", instance, dict(values), dict(secrets.keep), new))
        self._fail()
        made = form(instance)
        return replace(made, fields=tuple(replace(f, value=values.get(f.name, "")) for f in made.fields))

    def remove(self, instance: str) -> None:
        self.asked.append(("remove", instance))
        self._fail()
        self.connections = tuple(c for c in self.connections if c.instance != instance)

    def test(self, instance: str, kind: str, values: Mapping[str, str], secrets: Secrets) -> Tried:
        self.asked.append(("test", instance, dict(values)))
        self.gave_up.append(nobody_waits())
        self._fail()
        return Tried(instance, False, "connection", "No connection", "It cannot be reached.", "base_url")

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error
