"""Plays a call handler at the keyboard of the real window: the call of the README, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from tests.journeys.desktop import Desktop

NOTES = "Worried she was forgotten. Told where she is on the list."
JANE = ("1 January 1950", "14 Sluice Row", "ZZ99 1AB", "", "F5112648")
"""What the caller says, in the order of the lines; an empty one is passed over."""


def no_picture(_name: str) -> None:
    """For a journey that needs none."""


@dataclass(frozen=True)
class Player:
    """`shot` takes a picture under a name."""

    desk: Desktop
    shot: Callable[[str], None] = no_picture

    def start(self, *words: str, log: Path) -> Popen[bytes]:
        """The program, its window open and ready for a call."""
        process = self.desk.program(*words, log=log)
        self.desk.wait_for_window()
        self.desk.wait_for("Start a call", timeout_s=60)
        self.shot("ready")
        return process

    def work_as(self, key: str, words: str) -> None:
        """Another role from the menu under the name, which `Alt M` opens: the first by Down, the last by Up."""
        self.desk.key("alt+m", key, "Return")
        self.desk.wait_for(words)

    def new_call(self) -> None:
        self.desk.key("F2")
        self.desk.wait_for("In call")
        self.shot("call-begun")

    def find(self, words: str, name: str) -> None:
        self.desk.type(words)
        self.desk.wait_for(name)
        self.shot("search")
        self.desk.key("Down", "Return")
        self.desk.wait_for("Ask, then type what you hear")
        self.shot("check")

    def verify(self, answers: tuple[str, ...] = JANE) -> None:
        """Types what is said line by line; the status opens with the last match."""
        for said in answers:
            if said:
                self.desk.type(said)
                self.desk.key("Return")
                self.desk.wait_for(lambda words: "Match" in words or "Checked: status" in words)
            else:
                self.desk.key("Tab")
            if "Checked: status" in self.desk.words():
                break
        self.desk.wait_for("Checked: status")

    def status(self, *words: str) -> None:
        for expected in words:
            self.desk.wait_for(expected)
        self.shot("status")

    def notes(self, text: str = NOTES) -> None:
        self.desk.key("alt+t")
        self.desk.type(text)
        self.desk.wait_for(text)
        self.desk.wait_for(lambda words: "Saved" in words and "Saving" not in words)
        self.shot("notes")

    def signpost(self, word: str) -> None:
        """A card by text message, with this call."""
        self.desk.key("F9")
        self.desk.wait_for("What goes out")
        self.desk.type(word)
        self.desk.wait_for("1 of ")
        self.shot("signpost")
        self.desk.key("Return", "space")
        self.shot("signpost-ticked")
        self.desk.key("ctrl+Return")
        self.desk.wait_for("What to say")

    def wrap_up(self) -> None:
        """The codes by their first letters, then the call is saved."""
        self.desk.key("ctrl+Return")
        self.desk.wait_for("Choose a reason")
        self.shot("what-is-missing")
        self.desk.type("How")
        self.desk.key("Tab")
        self.desk.type("Answered")
        self.desk.key("Tab")
        self.desk.type("Resolved")
        self.shot("wrap-up")
        self.desk.key("ctrl+Return")
        self.desk.wait_for("Ready for the next call")
        self.shot("saved")
