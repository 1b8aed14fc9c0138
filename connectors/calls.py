"""One request and what came of it, on the thread that a transport gives it."""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import requests
import urllib3

from connectors import body, json_door
from connectors.wire import LeftThisComputer, Session
from helpdesk.errors import ConnectorError, ConnectorRejected, ConnectorUnavailable, Stage

Params: TypeAlias = Mapping[str, str] | Sequence[tuple[str, str]]


class Sink(Protocol):
    """Where the body of one try goes that is too long to hold. A try that fails drops its own."""

    most_bytes: int

    def write(self, data: bytes) -> object: ...

    def close(self) -> None: ...

    def drop(self) -> None: ...


Into: TypeAlias = Callable[[int, Mapping[str, str]], Sink | None]
"""Given status and headers, where this body goes; None for one that is read as every other."""


def _silence(libraries: tuple[str, ...]) -> None:
    """These libraries log whole addresses, and with them NHS numbers. Their loggers are switched off, each by itself: a
    level set on one of them, or a handler hung on it, brings none back."""
    for name in (*libraries, *logging.root.manager.loggerDict):
        if name.partition(".")[0] in libraries:
            logging.getLogger(name).disabled = True
    for name in libraries:
        logging.getLogger(name).propagate = False
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


_silence(("urllib3", "requests"))


@dataclass(frozen=True)
class Call:
    """One request; the same on a second try."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    params: Params | None = field(repr=False)
    data: bytes | None = field(repr=False)
    ends: float
    into: Into | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Raw:
    """`sink` holds the whole body where the call said so; `data` is empty then."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: bytes = field(repr=False)
    sink: Sink | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Failed:
    """A call that brought no reply. No exception is kept: its text holds the address. `again`: the connection was refused
    or torn down, and may be tried once more; `down`: the service did not answer at all."""

    error: ConnectorError
    again: bool = False
    down: bool = False


def send(session: Session, call: Call, label: str) -> Raw | Failed:
    """One try. Whatever goes wrong on the way is told without the exception, whose text holds the address."""
    left = max(0.001, call.ends - time.monotonic())
    try:
        with session.http.request(
            call.method,
            call.url,
            params=call.params,
            data=call.data,
            headers=dict(call.headers),
            timeout=(left, left),
            allow_redirects=False,
            stream=True,
            proxies=dict(session.proxies),
        ) as response:
            return _received(response, call.into)
    except body.BadBodyError as error:
        session.wire.cut()
        wrong = "is too large" if isinstance(error, body.TooLargeError) else "could not be understood"
        return Failed(ConnectorUnavailable(f"{label} sent a reply that {wrong}.", stage=Stage.SHAPE))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        return _failed(error, label)


def _received(response: requests.Response, into: Into | None) -> Raw:
    """Raises BadBodyError, what urllib3 raises while reading, and what the sink raises."""
    encoding = response.headers.get("Content-Encoding", "")
    sink = into(response.status_code, response.headers) if into is not None else None
    if sink is None:
        data = body.read(response.raw, encoding, json_door.MAX_BYTES)
        return Raw(response.status_code, response.headers, data)
    try:
        body.pour(response.raw, encoding, sink.most_bytes, sink.write)
        sink.close()
    except BaseException:
        sink.drop()
        raise
    return Raw(response.status_code, response.headers, b"", sink)


def _failed(error: BaseException, label: str) -> Failed:
    causes = _causes(error)
    if any(isinstance(cause, LeftThisComputer) for cause in causes):
        return Failed(ConnectorRejected(f"{label} is set to this computer, but its address leads to another one.", stage=Stage.NAME))
    if any(isinstance(cause, ssl.SSLError | requests.exceptions.SSLError) for cause in causes):
        return Failed(ConnectorUnavailable(f"A safe connection to {label} could not be made.", stage=Stage.TLS), down=True)
    if any(isinstance(cause, TimeoutError | urllib3.exceptions.ReadTimeoutError) for cause in causes):
        return late(label)
    again = any(isinstance(cause, ConnectionRefusedError | ConnectionResetError | BrokenPipeError) for cause in causes)
    stage = Stage.NAME if any(isinstance(cause, socket.gaierror) for cause in causes) else Stage.CONNECTION
    return Failed(ConnectorUnavailable(f"{label} cannot be reached at the moment.", stage=stage), again, down=True)


def late(label: str) -> Failed:
    return Failed(ConnectorUnavailable(f"{label} did not answer in time.", stage=Stage.CONNECTION), down=True)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and all that lies under it."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        item = waiting.pop()
        if isinstance(item, BaseException) and item not in found:
            found.append(item)
            waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
    return found
