"""Runs code that is not the program's own: whatever goes wrong in it becomes one sentence, and stops nothing else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextvars import copy_context
from functools import partial
from typing import Any, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from helpdesk.errors import ConnectorRejected, ConnectorUnavailable, HelpdeskError
from helpdesk.registry.conforming import conforms

T = TypeVar("T")

LOAD_S = 20.0
"""The longest that loading one connector's code, or connecting it, may take."""
_log = logging.getLogger(__name__)
_CHECK = {"check": Any}


def attempt(what: Callable[[], T], who: str) -> T:
    """What it returns, or the HelpdeskError it raises. Anything else is a fault of its own: the log has its kind, not its
    words, which may hold a patient's data; raises ConnectorRejected. `who` is the connector's name in the sentence."""
    done, value, fault = _tried(what)
    if not done:
        _log.warning("%s has a fault of its own (%s)", who, fault)
        raise ConnectorRejected(f"{who} has a fault of its own.")
    return value  # type: ignore[return-value]  # a value of None is a value


def _tried(what: Callable[[], T]) -> tuple[bool, T | None, str]:
    """No exception goes on from here, whose context would hold the words."""
    try:
        return True, what(), ""
    except (Exception, SystemExit) as error:  # the code is not ours: anything may come
        if isinstance(error, HelpdeskError) and isinstance(getattr(error, "message", None), str):
            raise
        return False, None, type(error).__name__


def attempt_to_load(what: Callable[[], T], who: str, limit_s: float = LOAD_S) -> T:
    """The same for code that is loaded or connected while the desk opens: it may not keep the desk waiting for ever."""
    future = _started(what, who)
    if wait((future,), timeout=limit_s).not_done:
        raise ConnectorRejected(f"{who} takes too long to start.")
    return future.result()


def attempt_to_ask(what: Callable[[], T], who: str, limit_s: float) -> T:
    """The same for a question: raises ConnectorUnavailable where no answer has come by then."""
    future = _started(what, who)
    if wait((future,), timeout=limit_s).not_done:
        raise ConnectorUnavailable(f"{who} did not answer in time.")
    return future.result()


def _started(what: Callable[[], T], who: str) -> Future[T]:
    """On a thread of its own, with the errand of whoever asks; nobody waits for one that is late, not even the program's end."""
    future: Future[T] = Future()
    threading.Thread(target=copy_context().run, args=(_work, what, who, future), name="outside", daemon=True).start()
    return future


def _work(what: Callable[[], T], who: str, future: Future[T]) -> None:
    try:
        future.set_result(attempt(what, who))
    except HelpdeskError as error:
        future.set_exception(error)


class Offered:
    """What the ports of one connector consist of: methods with what each returns, and values that can be read."""

    def __init__(self, ports: Mapping[str, type | None], provides: tuple[str, ...]) -> None:
        protocols = [p for p in (ports.get(name) for name in provides) if p is not None]
        held = [(name, member) for p in protocols for name, member in vars(p).items() if not name.startswith("_")]
        self.methods = _CHECK | {name: get_type_hints(m)["return"] for name, m in held if callable(m)}
        self.values = {name: get_type_hints(m.fget)["return"] for name, m in held if isinstance(m, property)}


class Guarded:
    """A connector from outside as the desk sees it: only the methods of its ports, and only answers of their types, in time
    (`limit_s`; None for one that reads files of any size).

    Made where the connector is connected: raises ConnectorRejected naming what a port has and it has not."""

    def __init__(self, connector: Any, offered: Offered, who: str, limit_s: float | None = None) -> None:
        self._who = who
        self._limit_s = limit_s
        self._connector = connector
        self._offered = offered
        lacks = [name for name in offered.methods if not callable(attempt(partial(getattr, connector, name, None), who))]
        self._values = {name: attempt(partial(getattr, connector, name, None), who) for name in offered.values}
        lacks += [name for name, hint in offered.values.items() if not conforms(self._values[name], hint)]
        if lacks:
            raise ConnectorRejected(f"{who} does not do all that it says: it has no {' and no '.join(lacks)}.")

    def __getattr__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        if name not in self._offered.methods:
            raise AttributeError(name)
        return lambda *args, **named: self._asked(name, args, named)

    def _asked(self, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        hint: Any = self._offered.methods[name]
        given = self._given(lambda: getattr(self._connector, name)(*args, **named))
        origin: Any = get_origin(hint)
        if origin is Iterator:
            return self._each(given, get_args(hint)[0])
        return self._checked(given, hint)

    def _given(self, what: Callable[[], Any]) -> Any:
        return attempt(what, self._who) if self._limit_s is None else attempt_to_ask(what, self._who, self._limit_s)

    def _each(self, given: Any, hint: Any) -> Iterator[Any]:
        rows = attempt(lambda: iter(given), self._who)
        end = object()
        while (row := attempt(lambda: next(rows, end), self._who)) is not end:
            yield self._checked(row, hint)

    def _checked(self, given: Any, hint: Any) -> Any:
        if not attempt(lambda: conforms(given, hint), self._who):
            _log.warning("%s has a fault of its own (an answer of another type)", self._who)
            raise ConnectorRejected(f"{self._who} has a fault of its own.")
        return given


class StandIn:
    """In the place of a connector that cannot be used: whatever it is asked, it says why."""

    def __init__(self, offered: Offered, reason: str) -> None:
        self.reason = reason
        self._offered = offered

    def __getattr__(self, name: str) -> Any:
        if name in self._offered.values:
            return False if self._offered.values[name] is bool else ""
        if name not in self._offered.methods:
            raise AttributeError(name)
        return self._say

    def _say(self, *_args: Any, **_named: Any) -> NoReturn:
        raise ConnectorRejected(self.reason)
