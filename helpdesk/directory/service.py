"""Looks organisations and services up, and keeps what was said so that it is asked for seldom and outlives a failure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from helpdesk.answers import SourceState, is_older_than, state_of
from helpdesk.clock import Clock, london_day
from helpdesk.directory.keeping import organisations_in, organisations_text, services_in, services_text
from helpdesk.directory.model import CareService, Organisation
from helpdesk.directory.names import Names
from helpdesk.directory.ports import CareServices, Kept, Organisations
from helpdesk.errors import ConnectorError, HelpdeskError, NotFound, RuleBroken
from helpdesk.identifiers import OdsCode

T = TypeVar("T")

ORGANISATIONS, SERVICES = "ods", "services"
_ORGANISATIONS_FOR = timedelta(days=7)
_SERVICES_FOR = timedelta(days=1)
_NOT_SET_UP = "No directory of {} is set up on this desk."


@dataclass(frozen=True)
class Found(Generic[T]):
    """One answer of a directory: like a source's, but about no patient. `items` are empty in every state but FRESH and
    STALE; `as_at` is when the directory said it, `message` why it is not fresh."""

    state: SourceState
    items: tuple[T, ...] = ()
    as_at: datetime | None = None
    message: str = ""


class Directory:
    """What the desk knows of organisations and services. Only `name_of` may be called where nothing may wait. Each
    look-up raises RuleBroken for words that cannot be searched for, and StorageError; a failing directory is in the answer."""

    def __init__(self, organisations: Organisations | None, services: CareServices | None, kept: Kept, clock: Clock) -> None:
        self._organisations = organisations
        self._services = services
        self._kept = kept
        self._clock = clock
        self._names = Names()

    # names

    def name_of(self, code: str) -> str:
        """The organisation's name, or its code while that is not known. Never waits for anything."""
        return self._names.of(code)

    def learn(self, codes: Collection[str]) -> int:
        """For a worker: brings the names of those of these codes that are not known, from what is kept, else from the
        directory. Returns how many were learned; one that is down ends it."""
        names = self._names_kept()
        wanted = self._names.missing(codes)
        old = [code for code in wanted if code in names and not names[code][1]]
        self._names.put({code: name for code, (name, _) in names.items()})
        learned = sum(code in names for code in wanted)
        for code in (*self._names.missing(codes), *old):
            name = self._name_asked(code)
            if name is None:
                break
            learned += code not in names
            self._names.put({code: name})
        return learned

    def _names_kept(self) -> dict[str, tuple[str, bool]]:
        """Name and whether it is young enough, by code."""
        now, names = self._clock.now(), {}
        for key, text, at in self._kept.all_of(ORGANISATIONS):
            held = organisations_in(text, at) if key.startswith("code:") else None
            if held is not None:
                code = key.removeprefix("code:")
                names[code] = (held[0].name if held else "", not is_older_than(at, _ORGANISATIONS_FOR, now))
        return names

    def _name_asked(self, code: str) -> str | None:
        """ "" where there is no such organisation, None where nobody can say."""
        try:
            found = self.organisation(OdsCode.parse(code))
        except RuleBroken:
            return ""
        if found.state is SourceState.FRESH:
            return found.items[0].name
        return "" if found.state is SourceState.NOTHING_HELD else None

    # look-ups

    def organisation(self, code: OdsCode) -> Found[Organisation]:
        """One organisation. NOTHING_HELD where the directory knows no such code."""

        def ask(source: Organisations) -> tuple[Organisation, ...]:
            try:
                return (source.organisation(code),)
            except NotFound:
                return ()

        return self._ask_organisations(f"code:{code.value}", ask)

    def search_organisations(self, words: str, limit: int = 20) -> Found[Organisation]:
        """By name, postcode or code, in the directory's own order."""
        found = self._ask_organisations(_key(words, str(limit)), lambda source: source.search(words, limit))
        if found.state is SourceState.FRESH:
            self._names.put({o.ods.value: o.name for o in found.items})
        return found

    def find_services(self, words: str, postcode: str = "", limit: int = 20) -> Found[CareService]:
        """Nearest first where a postcode is given."""
        source = self._services
        if source is None:
            return Found(SourceState.NOT_PERMITTED, message=_NOT_SET_UP.format("services"))
        key = _key(words, postcode, str(limit))
        kept = self._of(SERVICES, key, services_in)
        return self._answer(SERVICES, key, kept, _SERVICES_FOR, lambda: source.find(words, postcode, limit), services_text)

    def _ask_organisations(self, key: str, ask: Callable[[Organisations], tuple[Organisation, ...]]) -> Found[Organisation]:
        source = self._organisations
        if source is None:
            return Found(SourceState.NOT_PERMITTED, message=_NOT_SET_UP.format("organisations"))
        kept = self._of(ORGANISATIONS, key, organisations_in)
        return self._answer(ORGANISATIONS, key, kept, _ORGANISATIONS_FOR, lambda: ask(source), organisations_text)

    def _of(self, source: str, key: str, read: Callable[[str, datetime], tuple[T, ...] | None]) -> tuple[tuple[T, ...], datetime] | None:
        """What is kept, however old; what cannot be read back counts as not kept."""
        held = self._kept.get(source, key)
        items = read(*held) if held is not None else None
        return None if held is None or items is None else (items, held[1])

    def _answer(
        self,
        source: str,
        key: str,
        kept: tuple[tuple[T, ...], datetime] | None,
        limit: timedelta,
        ask: Callable[[], tuple[T, ...]],
        text: Callable[[tuple[T, ...]], str],
    ) -> Found[T]:
        now = self._clock.now()
        if kept is not None and not is_older_than(kept[1], limit, now):
            return _said(kept[0], kept[1])
        try:
            items = ask()
        except ConnectorError as error:
            return _stale(kept, error)
        self._kept.put(source, key, text(items))
        return _said(items, now)


def _said(items: tuple[T, ...], at: datetime) -> Found[T]:
    return Found(SourceState.FRESH if items else SourceState.NOTHING_HELD, items, at)


def _stale(kept: tuple[tuple[T, ...], datetime] | None, error: HelpdeskError) -> Found[T]:
    """What was kept, with its date, or why there is nothing."""
    if kept is None or not kept[0]:
        return Found(state_of(error)[0], message=error.message)
    day = london_day(kept[1])
    return Found(SourceState.STALE, kept[0], kept[1], f"{error.message} What stands here is of {day.day} {day:%B %Y}.")


def _key(*parts: str) -> str:
    """A search without its words: they may hold a caller's postcode."""
    words = "\n".join(" ".join(part.lower().split()) for part in parts)
    return f"search:{hashlib.sha256(words.encode()).hexdigest()}"
