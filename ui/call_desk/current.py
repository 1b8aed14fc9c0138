"""The call now being taken: its draft and the patient open in it, shared by the desk's presenters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from helpdesk.calls.model import CallDraft
from helpdesk.desk.model import Opened
from helpdesk.identifiers import NhsNumber


class CurrentCall:
    """Holds the draft, and who is on screen. What is typed before the draft's first commit is held and put into it then.
    `serial` goes up with every patient opened or closed: an answer asked for under another serial is not for this screen."""

    def __init__(self) -> None:
        self.draft: CallDraft | None = None
        self.opened: Opened | None = None
        self.serial = 0
        self._early: dict[str, Any] | None = None
        self._changed: list[Callable[[CallDraft], None]] = []

    def on_change(self, call: Callable[[CallDraft], None]) -> None:
        """Called with the draft after each change of it."""
        self._changed.append(call)

    @property
    def taking(self) -> bool:
        """Whether a call is being taken, committed or not yet."""
        return self.draft is not None or self._early is not None

    @property
    def call_id(self) -> str | None:
        return self.draft.id if self.draft else None

    @property
    def notes(self) -> str:
        """As they are now, on disk or not."""
        return self.draft.notes if self.draft else str((self._early or {}).get("notes", ""))

    @property
    def number(self) -> NhsNumber | None:
        """Whose record is open on the screen."""
        return self.opened.number if self.opened else None

    def expect(self) -> None:
        """A call was started; its draft is being committed."""
        if self._early is None:
            self._early = {}

    def begun(self, draft: CallDraft) -> None:
        """The draft is committed: what was typed meanwhile goes into it."""
        early, self._early = self._early or {}, None
        self.draft = draft
        if draft.notes and "notes" in early:
            early["notes"] = f"{draft.notes}\n{early['notes']}"
        if early:
            self.change(**early)

    def change(self, **fields: object) -> None:
        """Puts new values into the draft. Without a call nothing happens."""
        if self.draft is None:
            if self._early is not None:
                self._early.update(fields)
            return
        changed = replace(self.draft, **fields)  # type: ignore[arg-type]  # the names are the draft's own fields
        if changed == self.draft:
            return
        self.draft = changed
        for call in self._changed:
            call(changed)

    def turn(self) -> None:
        """Whatever was asked for until now is not for what the screen shows next."""
        self.serial += 1

    def show(self, opened: Opened | None) -> None:
        """Somebody is opened or closed on the screen."""
        if opened is None or self.opened is None or opened.number != self.opened.number:
            self.turn()
        self.opened = opened
        if opened is not None:
            self.change(
                patient=opened.number,
                level_reached=opened.verification.level.name.lower(),
                caller_kind=opened.verification.caller.value,
            )

    def forget_patient(self) -> None:
        """The wrong person was open: nobody is, and the draft is about nobody."""
        self.show(None)
        self.change(patient=None, level_reached="", said=(), signposts=())

    def ended(self) -> None:
        self.draft = None
        self._early = None
        self.show(None)
