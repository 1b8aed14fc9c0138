"""Checks the caller blind: what they say goes in, only match or no match comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from helpdesk.callers.authority import AuthorityOutcome
from helpdesk.callers.model import Authority, CallerKind, Item, ItemState, Level, Verification
from helpdesk.desk.authority import ProxyLook
from helpdesk.desk.model import GateState, Opened
from helpdesk.identifiers import without_separators
from helpdesk.tasks import Done
from ui.call_desk.current import CurrentCall
from ui.call_desk.line import Line
from ui.call_desk.services import CallDesk
from ui.call_desk.verification import words

RANG = "rang_number_on_record"


@dataclass(frozen=True)
class ItemRow:
    """One kind of fact to ask for. `can_try` is whether anything may be typed; nothing typed is ever in it."""

    item: Item
    title: str
    hint: str
    state: ItemState
    result: str
    can_try: bool
    checking: bool = False


@dataclass(frozen=True)
class Step:
    """One rung of the ladder."""

    title: str
    needs: str
    reached: bool
    current: bool


@dataclass(frozen=True)
class ProxyShown:
    """What is said of the question to the NHS proxy service; "" before it is asked."""

    words: str = ""
    asking: bool = False
    matched: bool = False
    bad: bool = False


@dataclass(frozen=True)
class Checking:
    """All that the verification screen shows."""

    rows: tuple[ItemRow, ...] = ()
    ladder: tuple[Step, ...] = ()
    needed: str = ""
    reached: bool = False
    caller: CallerKind = CallerKind.PATIENT
    authority: str = ""
    authority_words: str = ""
    sensitive: bool = False
    rang: bool = False
    may_tell: tuple[tuple[str, bool], ...] = ()
    notice: str = ""


class VerificationView(Protocol):
    def show_checking(self, checking: Checking) -> None: ...

    def show_checked(self, item: Item) -> None:
        """This item was answered: its field is empty, and the keyboard goes to the next one if it did not match or more is needed."""

    def show_trouble(self, message: str) -> None: ...

    def show_glass_error(self, message: str) -> None:
        """Said at the reason for breaking the glass."""

    def show_proxy(self, shown: ProxyShown) -> None:
        """How the question to the NHS proxy service went."""

    def clear_fields(self) -> None:
        """Takes away everything that was typed."""


class VerificationPresenter:
    """Answers come through the call's own line, in the order they were asked, and only for the patient on screen."""

    def __init__(self, view: VerificationView, desk: CallDesk, current: CurrentCall, line: Line, changed: Callable[[Opened], None]) -> None:
        self._view, self._desk, self._current, self._line, self._changed = view, desk, current, line, changed
        self._waiting: list[Item] = []
        self._asking_proxy = False
        self.dropped = 0

    def open(self) -> None:
        """A patient was opened: an empty form for them."""
        self._waiting.clear()
        self._asking_proxy = False
        self._view.clear_fields()
        self._view.show_proxy(ProxyShown())
        self._view.show_trouble("")
        self.show()

    def close(self) -> None:
        """Nobody is open: nothing of the one before stays in a field."""
        self._waiting.clear()
        self._asking_proxy = False
        self._view.show_proxy(ProxyShown())
        self._view.clear_fields()
        self._view.show_checking(Checking())

    def show(self) -> None:
        opened = self._current.opened
        if opened is not None:
            self._view.show_checking(checking(opened, tuple(self._waiting)))

    def said(self, item: Item, text: str) -> None:
        """What the caller said for one item; nothing of it is kept here."""
        if self._current.opened is None or not text.strip() or item in self._waiting:
            return
        self._waiting.append(item)
        self.show()
        self._act(lambda call_id: self._desk.try_item(call_id, item, text), item)

    def cannot_say(self, item: Item) -> None:
        """The caller does not know this one."""
        if self._current.opened is not None:
            self._act(lambda call_id: self._desk.cannot_say(call_id, item), item)

    def rang_back(self) -> None:
        """The handler rang the number on record: an act, so it is ticked."""
        self._act(lambda call_id: self._desk.tick(call_id, RANG))

    def caller_is(self, kind: CallerKind, authority: str, sensitive: bool) -> None:
        """Who is on the line and, if it is not the patient, by what authority ("" for none)."""
        given = Authority(authority, Level.STATUS, sensitive) if authority and kind is CallerKind.SOMEONE_ELSE else None
        self._act(lambda call_id: self._desk.set_caller(call_id, kind, given))

    def proxy_said(self, name: str, fact: str) -> None:
        """The caller's own name, and their date of birth or NHS number: the NHS is asked whether they may speak for the
        patient. Nothing of it is kept here."""
        if self._current.opened is None or self._asking_proxy:
            return
        if not name.strip() or not fact.strip():
            self._view.show_proxy(ProxyShown("Type the caller's own name, and their date of birth or NHS number.", bad=True))
            return
        self._asking_proxy = True
        self._view.show_proxy(ProxyShown("Asking the NHS proxy service…", asking=True))
        is_number = len(without_separators(fact)) == 10 and without_separators(fact).isdigit()
        said = {"nhs_number": fact} if is_number else {"born": fact}
        looks: list[ProxyLook] = []

        def work(call_id: str) -> Opened:
            opened, look = self._desk.try_proxy(call_id, name, **said)
            looks.append(look)
            return opened

        self._act(work, proxy=looks)

    def break_glass(self, reason: str) -> None:
        """Staff may see, the caller may not be told."""
        if not reason.strip():
            self._view.show_glass_error("Write why the record must be seen without a check.")
            return
        self._act(lambda call_id: self._desk.break_glass(call_id, reason.strip()), glass=True)

    def look_again(self) -> None:
        """Break-glass has ended: what may still be on the screen is asked for anew."""
        self._act(self._desk.look_again)

    def tidy(self) -> None:
        """The check is left behind: nothing that was begun stays in a field."""
        self._view.clear_fields()

    def _act(
        self, work: Callable[[str], Opened], item: Item | None = None, *, glass: bool = False, proxy: list[ProxyLook] | None = None
    ) -> None:
        call_id, serial = self._current.call_id, self._current.serial
        if call_id is None or self._current.opened is None:
            return

        def then(done: Done[Opened]) -> None:
            if serial != self._current.serial or call_id != self._current.call_id:
                self.dropped += 1
                return
            if item in self._waiting:
                self._waiting.remove(item)
            if proxy is not None:
                self._asking_proxy = False
                self._view.show_proxy(_proxy_shown(done, proxy))
            self._answered(done, item, glass, told=proxy is not None)

        self._line.run(lambda: work(call_id), then)

    def _answered(self, done: Done[Opened], item: Item | None, glass: bool, *, told: bool = False) -> None:
        if done.error is not None:
            self.show()
            if glass:
                self._view.show_glass_error(done.error.message)
            elif not told:
                self._view.show_trouble(done.error.message)
            return
        opened = done.result()
        if opened.number != self._current.number or opened.call_id != self._current.call_id:
            self.dropped += 1
            return
        self._view.show_trouble("")
        self._current.show(opened)
        self.show()
        if item is not None:
            self._view.show_checked(item)
        self._changed(opened)


def checking(opened: Opened, waiting: tuple[Item, ...] = ()) -> Checking:
    """What the screen shows of a check: kinds of item and results, and nothing that was said or is true."""
    v = opened.verification
    return Checking(
        rows=tuple(_row(item, v, item in waiting) for item in Item if item in v.results),
        ladder=tuple(_step(v, level, title, needs) for level, title, needs in words.LADDER),
        needed=v.needed,
        reached=v.level >= Level.STATUS,
        caller=v.caller,
        authority=v.authority.kind if v.authority else "",
        authority_words=(words.AUTHORITY | words.NHS_PROXY).get(v.authority.kind, "") if v.authority else "",
        sensitive=v.authority.sensitive if v.authority else False,
        rang=RANG in v.acts,
        may_tell=tuple((what, level is not None and v.level >= level) for what, level in words.MAY_TELL),
        notice="" if opened.gate.state is GateState.OPEN else opened.gate.message,
    )


def _proxy_shown(done: Done[Opened], looks: list[ProxyLook]) -> ProxyShown:
    if done.error is not None or not looks:
        return ProxyShown(done.error.message if done.error is not None else "", bad=True)
    look = looks[0]
    if look.outcome is AuthorityOutcome.MATCH:
        as_what = f" As {look.relationship}." if look.relationship else ""
        return ProxyShown(f"{look.message}{as_what}", matched=True)
    tries = f" {look.tries_left} {'try' if look.tries_left == 1 else 'tries'} left." if look.outcome is AuthorityOutcome.NO_MATCH else ""
    return ProxyShown(f"{look.message}{tries}", bad=True)


def _step(v: Verification, level: Level, title: str, needs: str) -> Step:
    reached = v.level >= level or (level is Level.DIRECTORY and v.named)
    return Step(title, needs, reached, level is _wanted(v.level))


def _wanted(level: Level) -> Level:
    """The next level worth reaching: a call about a person needs Status at least."""
    return Level.STATUS if level < Level.STATUS else Level.CONTACT_DETAILS


def _row(item: Item, v: Verification, waiting: bool) -> ItemRow:
    result = v.results[item]
    title, hint = words.ITEMS[item]
    can_try = result.state in (ItemState.NOT_ASKED, ItemState.NO_MATCH)
    if result.state is ItemState.NO_MATCH:
        hint = "One try left" if result.tries_left == 1 else f"{result.tries_left} tries left"
    elif not can_try and result.state is not ItemState.MATCH:
        hint = words.WHY_NOT[result.state]
    return ItemRow(item, title, hint, result.state, words.RESULTS[result.state], can_try and not waiting, waiting)
