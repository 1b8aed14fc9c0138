"""What the contract tests are told of one service: its specification, how its connector is made, and what that can ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from helpdesk.errors import HelpdeskError
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.registry.contract import ConnectorContext, StaffIdentity
from tests.contract.specification import Specification, opened

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FEW = 12


class Stub(Protocol):
    address: str

    def stop(self) -> None: ...


@dataclass(frozen=True)
class Amend:
    """A mistake of the document itself, with the reason why it is one; `mend` puts it right in a copy."""

    reason: str
    mend: Callable[[Any], None]


@dataclass(frozen=True)
class Odd:
    """A documented reply that cannot go the usual way. `name` "" is every example of that status (0: of every status) for
    whose body `when` holds.
    `gives` is the error it must give, or None: it is left out, and a body made from the schema takes its place, and beside
    that the example put right by `mend`, where the fault lies in its writing only."""

    operation: str
    status: int
    name: str
    reason: str
    gives: type[HelpdeskError] | None = None
    mend: Callable[[Any], Any] | None = None
    when: Callable[[Any], bool] = lambda _body: True

    def fits(self, operation: str, status: int, name: str, body: Any) -> bool:
        return self.operation == operation and self.status in (status, 0) and self.name in (name, "") and self.when(body)


def _as_it_is(error: type[HelpdeskError]) -> type[HelpdeskError] | None:
    return error


@dataclass(frozen=True)
class Call:
    """One thing the connector can be asked. `ask(connector, subject)` asks it about `subject`; each documented reply of
    `operations` (operationIds) is given to it, those of `also` it may use besides. Where an example is about somebody
    else, `about` gives the subject that the body speaks of. `holds` says whether the value is what the body says.

    `others(operation, subject, specification)` is the body, or the whole reply, that the other operations of the call give
    meanwhile; None is their first good example. `failing` is what the call makes of an error of its operation, where it
    does not pass it on: None for a value all the same. `in_area` gives subjects for the connector's own stub, None where the
    stub is never led to ask it."""

    name: str
    ask: Callable[[Any, Any], Any]
    operations: tuple[str, ...]
    subject: Any = None
    also: tuple[str, ...] = ()
    about: Callable[[Any], Any] = lambda _body: None
    holds: Callable[[Any, Any], bool] = lambda _value, _body: True
    others: Callable[[str, Any, Specification], Any] = lambda _operation, _subject, _specification: None
    failing: Callable[[type[HelpdeskError]], type[HelpdeskError] | None] = _as_it_is
    in_area: Callable[[Area], Iterable[Any]] | None = None


@dataclass(frozen=True)
class Direct:
    """A request made straight to the stub, as no connector makes it: `status` must come, and the reply must be as
    documented. `path` is under the base path, or is made from the area."""

    name: str
    method: str
    path: str | Callable[[Area], str]
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Documented = Mapping[tuple[str, int, str], type[HelpdeskError] | None]
"""(operationId or "*", status, code) -> the error that the specification's own words make of it; None: a value."""


@dataclass(frozen=True)
class Service:
    """`specification` is a file under NHS_SPECS. `tolerated` are parameters and headers that are sent though the document
    does not name them, each with its reason."""

    id: str
    specification: str
    base_path: str
    connect: Callable[[str], Any]
    calls: tuple[Call, ...]
    serve: Callable[[Area], Stub]
    shown: Callable[[Area], Area] = lambda area: area
    """The practice area with whatever the service has to show and nobody in the area has."""
    documented: Documented = field(default_factory=dict)
    direct: tuple[Direct, ...] = ()
    odd: tuple[Odd, ...] = ()
    amends: tuple[Amend, ...] = ()
    tolerated: Mapping[str, str] = field(default_factory=dict)
    credentials: tuple[tuple[str, str], ...] = (("Authorization", "Bearer contract"),)

    def opened(self) -> Specification | None:
        return opened(self.specification, self.base_path, self.amends, self.credentials)


class FixedClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return NOW


class Worker:
    """A member of staff who is signed in with a smartcard."""

    role_id = "555254240100"

    def id_token(self) -> str:
        return "a.b.c"


def asking(instance: str, identity: StaffIdentity | None = None) -> ConnectorContext:
    """Who asks in these tests; each secret is its own name."""
    who = {"user_agent": "NerveCentreHelpdesk/1.0", "identity": identity}
    return ConnectorContext(instance, instance, "XICB", FixedClock(), lambda name: name, **who)


QUICK: Mapping[str, Any] = {"retries": 0, "breaker_failures": 0}
"""Settings with which each reply is taken as it comes: repeats and the circuit breaker have tests of their own."""


def well(area: Area, instance: str, where: Callable[[AreaPerson], bool] = lambda _person: True) -> tuple[AreaPerson, ...]:
    """A few people of the area for whom that system works, story people first."""
    return tuple(p for p in area.people if instance not in p.faults and where(p))[:FEW]
