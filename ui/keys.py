"""The one table of keys: every key cap, shortcut and the F1 card read from here, so that no two clash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from helpdesk.errors import RuleBroken


class Act(StrEnum):
    """Everything that a key can do at the desk."""

    KEYS = "keys"
    NEW_CALL = "new_call"
    SEARCH = "search"
    CALL_DESK = "call_desk"
    NOTES = "notes"
    WHAT_TO_SAY = "what_to_say"
    RESUME = "resume"
    ASK_WIDER = "ask_wider"
    WITHOUT_PATIENT = "without_patient"
    CANNOT_SAY = "cannot_say"
    CANNOT_CHECK = "cannot_check"
    BREAK_GLASS = "break_glass"
    CHECK_FURTHER = "check_further"
    WHO_RINGS = "who_rings"
    OTHER_PERSON = "other_person"
    CALL_BACK = "call_back"
    SIGNPOST = "signpost"
    HAND_OFF = "hand_off"
    SAFETY = "safety"
    HISTORY = "history"
    ADVANCE = "advance"
    BACK = "back"
    STAFF = "staff"
    SETTINGS = "settings"
    TEST_CONNECTION = "test_connection"
    SAVE_SETTINGS = "save_settings"
    STUCK = "stuck"
    OPEN_ROW = "open_row"
    CLAIM = "claim"
    RELEASE = "release"
    ROW_DONE = "row_done"
    LOOK_AGAIN = "look_again"


@dataclass(frozen=True)
class Key:
    """One act, its key as Qt's portable text ("Ctrl+Return"), and what it does in words. `also` are further keys that do the same."""

    act: Act
    key: str
    words: str
    also: tuple[str, ...] = ()

    @property
    def cap(self) -> str:
        """As it is printed on a key cap: "Ctrl Enter"."""
        return self.key.replace("Return", "Enter").replace("Escape", "Esc").replace("+", " ")


DEFAULT = (
    Key(Act.NEW_CALL, "F2", "Start a call"),
    Key(Act.SEARCH, "Ctrl+K", "Search for a person"),
    Key(Act.WITHOUT_PATIENT, "Alt+N", "Carry on without a patient"),
    Key(Act.ASK_WIDER, "Alt+W", "Ask PDS wider, when an exact search found nobody"),
    Key(Act.WHO_RINGS, "Alt+C", "Say who is on the line"),
    Key(Act.CANNOT_SAY, "Alt+X", "The caller cannot say this"),
    Key(Act.CANNOT_CHECK, "F7", "The caller cannot be checked"),
    Key(Act.BREAK_GLASS, "Ctrl+B", "Break glass: see without a check, tell nothing"),
    Key(Act.CHECK_FURTHER, "Alt+V", "Check the caller further: the next fact to ask for"),
    Key(Act.OTHER_PERSON, "Alt+P", "Wrong person: search again"),
    Key(Act.WHAT_TO_SAY, "Alt+S", "Go to what to say"),
    Key(Act.NOTES, "Alt+T", "Go to the notes"),
    Key(Act.CALL_BACK, "F8", "Next action: call back"),
    Key(Act.SIGNPOST, "F9", "Signpost"),
    Key(Act.HAND_OFF, "F10", "Next action: hand off"),
    Key(Act.HISTORY, "Alt+H", "Calls before"),
    Key(Act.ADVANCE, "Ctrl+Return", "Open the status, or save and finish the call", also=("Ctrl+Enter",)),
    Key(Act.BACK, "Escape", "Back; before the check is passed: wrong person"),
    Key(Act.RESUME, "Alt+R", "Resume a call that was not finished"),
    Key(Act.SAFETY, "F12", "999, 111 and crisis lines"),
    Key(Act.CALL_DESK, "Alt+1", "The call desk"),
    Key(Act.STUCK, "Alt+2", "Stuck pathways, for navigators"),
    Key(Act.OPEN_ROW, "Return", "Stuck: start a call about this row", also=("Enter",)),
    Key(Act.CLAIM, "C", "Stuck: claim this row"),
    Key(Act.RELEASE, "R", "Stuck: give it back"),
    Key(Act.ROW_DONE, "D", "Stuck: done, with a note"),
    Key(Act.LOOK_AGAIN, "F5", "Stuck: look through the area again, or stop"),
    Key(Act.STAFF, "Alt+M", "The menu under your name"),
    Key(Act.SETTINGS, "Alt+9", "Settings, for administrators"),
    Key(Act.TEST_CONNECTION, "Ctrl+T", "Settings: test this connection, or stop the test"),
    Key(Act.SAVE_SETTINGS, "Ctrl+S", "Settings: save"),
    Key(Act.KEYS, "F1", "All keys"),
)


class KeyMap:
    """The keys in use: the default table with this desk's own changes. Raises RuleBroken when two acts would share a key."""

    def __init__(self, changes: Mapping[str, str] | None = None) -> None:
        changes = changes or {}
        known = {key.act.value for key in DEFAULT}
        for act in changes:
            if act not in known:
                raise RuleBroken(f"There is no act named “{act}” to give a key to.", field=act)
        self.keys = tuple(replace(k, key=changes[k.act], also=()) if k.act in changes else k for k in DEFAULT)
        self._by_act = {key.act: key for key in self.keys}
        self._refuse_clashes()

    def _refuse_clashes(self) -> None:
        taken: dict[str, Key] = {}
        for key in self.keys:
            for pressed in (key.key, *key.also):
                other = taken.setdefault(pressed.casefold(), key)
                if other is not key:
                    raise RuleBroken(f"{key.cap} is wanted for “{other.words}” and for “{key.words}”.", field=key.act)

    def __getitem__(self, act: Act) -> Key:
        return self._by_act[act]

    def cap(self, act: Act) -> str:
        return self._by_act[act].cap
