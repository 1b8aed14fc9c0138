"""Who is open in each call of this desk, and nobody who was asked for before them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from helpdesk.callers.authority import AuthorityState
from helpdesk.callers.model import Level, Verification
from helpdesk.callers.service import CallerCheck
from helpdesk.calls.model import CallDraft
from helpdesk.desk.open_patient import OpenPatient
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber

T = TypeVar("T")
NOBODY = "No patient is open in this call."
NOT_ANY_MORE = "Somebody else was opened in this call meanwhile, or nobody is wanted any more."


@dataclass
class _Call:
    """`wanted` counts every opening and closing: an answer for an earlier one comes too late. `checks` are how far each
    person's check had got, `turns` and `kept` the draft handed in last and the one on disk."""

    phone: str = ""
    wanted: int = 0
    opened: OpenPatient | None = None
    checks: dict[NhsNumber, Verification] = field(default_factory=dict)
    proxies: dict[NhsNumber, AuthorityState] = field(default_factory=dict)
    turns: int = 0
    kept: int = 0


class OpenCalls:
    """The state that the threads of one desk share. Nothing in it waits for the disk or for a source but `keep`, which
    has a lock of its own."""

    def __init__(self) -> None:
        self._calls: dict[str, _Call] = {}
        self._lock = threading.RLock()
        self._keeping = threading.Lock()

    def rang_from(self, call_id: str, phone: str) -> None:
        with self._lock:
            self._call(call_id).phone = phone

    def phone(self, call_id: str) -> str:
        with self._lock:
            return self._call(call_id).phone

    def keep(self, draft: CallDraft, put: Callable[[CallDraft], None]) -> None:
        """Puts a draft on disk, unless a later one of the same call is there already: threads may overtake each other."""
        with self._lock:
            call = self._call(draft.id)
            call.phone = draft.phone
            call.turns += 1
            turn = call.turns
        with self._keeping:
            if turn > call.kept:
                put(draft)
                call.kept = turn

    def want(self, call_id: str) -> tuple[int, OpenPatient | None]:
        """Somebody, or nobody, is wanted from now on: whoever is open is not any more. The wish's number, and who that was."""
        with self._lock:
            call = self._call(call_id)
            gone, call.opened = call.opened, None
            if gone is not None:
                call.checks[gone.number] = gone.check.state
            call.wanted += 1
            return call.wanted, gone

    def before(self, call_id: str, number: NhsNumber) -> Verification | None:
        """How far this person's check had got earlier in this call."""
        with self._lock:
            return self._call(call_id).checks.get(number)

    def opened(self, wish: int, patient: OpenPatient) -> None:
        """Raises RuleBroken where this is not who is wanted any more."""
        with self._lock:
            call = self._call(patient.call_id)
            if call.wanted != wish:
                raise RuleBroken(NOT_ANY_MORE)
            call.opened = patient

    def current(self, call_id: str) -> OpenPatient | None:
        with self._lock:
            call = self._calls.get(call_id)
            return call.opened if call is not None else None

    def must(self, call_id: str) -> OpenPatient:
        opened = self.current(call_id)
        if opened is None:
            raise RuleBroken(NOBODY)
        return opened

    def change(self, call_id: str, change: Callable[[CallerCheck], object]) -> tuple[OpenPatient, Level]:
        """Changes the check of whoever is open, and gives the level it had before."""
        with self._lock:
            opened = self.must(call_id)
            before = opened.check.state.level
            change(opened.check)
            return opened, before

    def seen(self, opened: OpenPatient, look: Callable[[OpenPatient], T]) -> T:
        """Looks at somebody while nobody changes them. Raises RuleBroken where they are not open any more."""
        with self._lock:
            if self.current(opened.call_id) is not opened:
                raise RuleBroken(NOT_ANY_MORE)
            return look(opened)

    @contextmanager
    def trying_proxy(self, opened: OpenPatient) -> Iterator[AuthorityState | None]:
        """How far the check of a proxy for this person has got in this call; two tries at once wait for each other."""
        with self._lock:
            yield self._call(opened.call_id).proxies.get(opened.number)

    def proxy_tried(self, opened: OpenPatient, state: AuthorityState) -> None:
        """Tries used stay used in this call, also when the person is closed and opened again."""
        with self._lock:
            self._call(opened.call_id).proxies[opened.number] = state

    def end(self, call_id: str) -> None:
        with self._lock:
            self._calls.pop(call_id, None)

    def _call(self, call_id: str) -> _Call:
        return self._calls.setdefault(call_id, _Call())
