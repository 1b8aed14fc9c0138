"""The buttons of the action bar at each step, and the steps of the call in the navigation."""

from __future__ import annotations

from collections.abc import Callable

from ui.call_desk.call_view import Ready
from ui.call_desk.phase import Phase
from ui.keys import Act, KeyMap
from ui.widgets.button import Button, Kind
from ui.widgets.steps import CALL_STEPS, Step

AT: dict[Phase, tuple[Act, ...]] = {
    Phase.IDLE: (Act.NEW_CALL,),
    Phase.SEARCH: (Act.SIGNPOST, Act.WITHOUT_PATIENT, Act.ADVANCE),
    Phase.VERIFY: (Act.BACK, Act.CANNOT_CHECK, Act.ADVANCE),
    Phase.STATUS: (Act.SIGNPOST, Act.HAND_OFF, Act.CALL_BACK, Act.ADVANCE),
    Phase.SIGNPOST: (Act.BACK, Act.ADVANCE),
    Phase.HISTORY: (Act.BACK,),
}
LOOKS: dict[Act, tuple[str, str, Kind]] = {
    Act.NEW_CALL: ("Start a call", "phone", "primary"),
    Act.WITHOUT_PATIENT: ("Carry on without a patient", "person", "secondary"),
    Act.CANNOT_CHECK: ("Cannot check", "shield", "secondary"),
    Act.SIGNPOST: ("Signpost", "arrow", "secondary"),
    Act.HAND_OFF: ("Hand off", "people", "secondary"),
    Act.CALL_BACK: ("Call back", "phone", "secondary"),
    Act.BACK: ("Back to call", "", "secondary"),
    Act.ADVANCE: ("Save and finish call", "check", "primary"),
}
NOT_YET = "The caller is not checked yet"
NOT_ON_DISK = "The call is not on disk yet"
_NOW = {Phase.SEARCH: 0, Phase.VERIFY: 1, Phase.STATUS: 3, Phase.HISTORY: 3, Phase.SIGNPOST: 4}


class Actions:
    """Makes each button once; `at` gives those of a step with their words for it."""

    def __init__(self, keys: KeyMap, do: Callable[[Act], None]) -> None:
        self.buttons: dict[Act, Button] = {}
        for act, (words, icon, kind) in LOOKS.items():
            button = Button(words, kind, icon=icon, key=keys.cap(act))
            button.activated.connect(lambda act=act: do(act))
            self.buttons[act] = button
        self._phase = Phase.OPENING
        self._cannot_check = False

    def at(self, phase: Phase) -> list[Button]:
        self._phase = phase
        advance = self.buttons[Act.ADVANCE]
        advance.set_words(_ADVANCE.get(phase, "Save and finish call"), _ADVANCE_ICON.get(phase, "check"))
        return [self.buttons[act] for act in AT.get(phase, ())]

    def ready(self, ready: Ready) -> None:
        """Blocks what cannot be done yet, with the reason; Esc says what it does now."""
        back, advance, checking = self.buttons[Act.BACK], self.buttons[Act.ADVANCE], self._phase is Phase.VERIFY
        wrong = checking and not ready.status_open
        back.set_words("Wrong person" if wrong else "Back to call", "close" if wrong else "")
        if checking and ready.unchecked and not ready.may_open:
            advance.set_words("Save and finish call", "check")
            advance.set_blocked("" if ready.may_finish else NOT_ON_DISK)
        elif checking:
            advance.set_words("Back to the status" if ready.status_open else "Open status", "arrow")
            advance.set_blocked("" if ready.may_open else NOT_YET)
        else:
            advance.set_blocked("" if ready.may_finish else NOT_ON_DISK)


def steps_at(phase: Phase, checked: str, added: int) -> list[Step]:
    """Where this call stands; nothing when there is no call."""
    if phase not in _NOW:
        return []
    now = _NOW[phase]
    notes = {1: checked, 4: f"{added} added" if added else ""}
    states = ["done" if n < now else "now" if n == now else "todo" for n in range(len(CALL_STEPS))]
    return [_step(name, state, notes.get(n, "")) for n, (name, state) in enumerate(zip(CALL_STEPS, states, strict=True))]


def _step(name: str, state: str, note: str) -> Step:
    if state == "done":
        return Step(name, "done", note)
    return Step(name, "now", note) if state == "now" else Step(name, "todo", note)


_ADVANCE = {Phase.VERIFY: "Open status", Phase.SIGNPOST: "Send with this call"}
_ADVANCE_ICON = {Phase.VERIFY: "arrow", Phase.SIGNPOST: "send"}
