"""Every page of one resource, as far as the settings let it go."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.errors_http import raise_for
from connectors.fhir_activity import AboutAnother
from connectors.fhir_r4.bundle import Page, page_of
from connectors.fhir_r4.mapping import Found, Left, Reader, Reading
from connectors.fhir_r4.next_page import LedElsewhere, path_of
from connectors.fhir_r4.places import Places
from connectors.fhir_r4.settings import ResourceName
from connectors.http import Params, Reply, Transport
from helpdesk.errors import ConnectorError

FATAL = (AboutAnother, LedElsewhere)
"""With these nothing of the whole answer may be used, whatever else came."""


@dataclass
class Part:
    """What one resource brought. Not `whole`: the server left something out, counts more than it sent, or more lies behind
    than was asked for."""

    found: list[Found] = field(default_factory=list)
    whole: bool = True


class Pages:
    """Reads one resource of one look-up, page after page, until `ends` (monotonic seconds)."""

    def __init__(self, transport: Transport, reading: Reading, ends: float) -> None:
        self._transport = transport
        self._with = reading
        self._ends = ends

    def read(self, resource: ResourceName, asked: Params) -> Part:
        """Raises a ConnectorError where not even the first page came; of later ones only what makes all of it unusable."""
        part = Part()
        held = counted = 0
        try:
            for page, reply in self._pages(resource, asked):
                self._take(part, resource, page, reply)
                held, counted = held + len(page.matches), max(counted, page.total)
            part.whole &= held >= counted
        except FATAL:
            raise
        except ConnectorError:
            if not part.found:
                raise
            part.whole = False
        return part

    def _pages(self, resource: ResourceName, asked: Params) -> Iterator[tuple[Page, Reply]]:
        settings = self._with.settings
        path, seen = f"/{resource}", {""}
        params: Params | None = asked
        for turn in range(settings.max_pages):
            reply = self._transport.get_json(path, params, settings.headers)
            raise_for(reply, self._with.label)
            page = page_of(reply.body, resource, self._with.label, first=turn == 0)
            last = turn == settings.max_pages - 1
            onward = path_of(page.next_url, settings.base_url, resource, self._with.label) if page.next_url else ""
            more_than_asked = bool(page.next_url) and (last or onward in seen or time.monotonic() >= self._ends)
            yield (Page(page.matches, page.along, True, "") if more_than_asked else page), reply
            if more_than_asked or not page.next_url:
                return
            seen.add(onward)
            path, params = onward, None

    def _take(self, part: Part, resource: ResourceName, page: Page, reply: Reply) -> None:
        for full_url, sent in page.along:
            if sent.get("resourceType") == "Patient":
                self._with.subjects.take(sent, full_url)
        reader = Reader(self._with, Places(page.along, self._with.label), reply.received)
        part.whole &= not page.partial
        for match in page.matches:
            found = reader.found(resource, match)
            if isinstance(found, Found):
                part.found.append(found)
            part.whole &= found is not Left.WITHHELD
