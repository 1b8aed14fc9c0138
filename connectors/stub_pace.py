"""A stub that answers after a fixed time, and with a large bundle: for measuring the desk, not the servers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer

_WORDS = "Seen in clinic, letter to follow. "


def pace(server: StubServer, templates: Collection[str], delay_s: float, entries: int = 0, entry_bytes: int = 0) -> Callable[[], int]:
    """Makes the routes of these templates answer exactly so long after they were asked, whatever the stub itself needs: a
    reply is made once and sent again as it was. With `entries` every bundle that holds anything comes with so many, each
    of about so many bytes of the kind that the desk does not read: narrative, notes and references. Gives back what says
    how many bytes the different replies had so far, each counted once."""
    paced: list[_Paced] = []

    def wrap(route: Route) -> Route:
        if route.template not in templates:
            return route
        paced.append(_Paced(server, route, delay_s, entries, entry_bytes))
        return paced[-1].route

    server.behind(wrap)
    return lambda: sum(one.size for one in paced)


class _Paced:
    def __init__(self, server: StubServer, route: Route, delay_s: float, entries: int, entry_bytes: int) -> None:
        self._server = server
        self._inner = route
        self._delay_s = delay_s
        self._entries = entries
        self._entry_bytes = entry_bytes
        self._made: dict[tuple[str, tuple[tuple[str, str], ...]], StubReply] = {}
        self.route = replace(route, answer=self.answer)

    @property
    def size(self) -> int:
        return sum(len(reply.data) for reply in self._made.values())

    def answer(self, request: StubRequest) -> StubReply:
        due = time.monotonic() + self._delay_s
        asked = (request.path, tuple(request.params))
        reply = self._made.get(asked)
        if reply is None:
            reply = self._inner.answer(request)
            reply = self._made[asked] = replace(reply, body=json.dumps(self._larger(reply.body)).encode())
        self._server.ending.wait(max(0.0, due - time.monotonic()))
        return reply

    def _larger(self, body: Any) -> Any:
        held = body.get("entry") if isinstance(body, dict) else None
        matches = [entry for entry in held or () if entry.get("search", {}).get("mode") != "include"]
        if not matches or not self._entries:
            return body
        along = [entry for entry in held or () if entry not in matches]
        many = [_one_of_many(matches[n % len(matches)], n, self._entry_bytes) for n in range(max(self._entries, len(matches)))]
        return body | {"total": len(many), "entry": [*many, *along]}


def _one_of_many(entry: dict[str, Any], number: int, size: int) -> dict[str, Any]:
    """The entry under an id of its own, with a third each of narrative, notes and references to what the desk never asks for."""
    resource = entry["resource"]
    own = f"{resource['id']}-{number}"
    third = max(0, size - len(json.dumps(entry))) // 3
    extra = {
        "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{_WORDS * (third // len(_WORDS))}</div>'},
        "note": [{"authorReference": {"reference": f"Practitioner/n{n}"}, "text": _WORDS * 3} for n in range(third // 160)],
        "supportingInfo": [{"reference": f"Observation/{own}-{n}", "type": "Observation"} for n in range(third // 60)],
    }
    return entry | {"fullUrl": f"urn:stub:{own}", "resource": resource | extra | {"id": own}}
