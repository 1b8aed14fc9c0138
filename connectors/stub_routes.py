"""What a stub is asked and answers, and which of its routes answers what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True)
class StubRequest:
    """One request as a route sees it. `values` are the parts of the path named in its template; `params` in the order sent."""

    method: str
    path: str
    values: Mapping[str, str]
    params: Sequence[tuple[str, str]]
    headers: Message
    body: bytes = b""

    def json(self) -> Any:
        """The body's value, or None where it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class StubReply:
    """`body` goes out as JSON, bytes as they are, None as nothing."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/fhir+json"

    @property
    def data(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Route:
    """What answers "METHOD template" ("GET /Patient/{id}"). `fault_for` says which fault the person asked about shows, if any."""

    method: str
    template: str
    answer: Callable[[StubRequest], StubReply]
    fault_for: Callable[[StubRequest], str | None] = lambda _request: None

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    def match(self, method: str, path: str) -> dict[str, str] | None:
        pattern = "".join(f"(?P<{p[1:-1]}>[^/]+)" if p.startswith("{") else re.escape(p) for p in re.split(r"(\{\w+\})", self.template))
        found = re.fullmatch(pattern, path) if method == self.method else None
        return None if found is None else {name: unquote(value) for name, value in found.groupdict().items()}
