"""`make look`: plays the README's call in the real window and writes numbered pictures to build/look."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.journeys.desktop import Desktop, kill, missing
from tests.journeys.playing import Player

SIZES = ("1280x800", "1440x900")
OUT = Path(__file__).resolve().parents[2] / "build" / "look"


def play(size: str, out: Path) -> int:
    """One call at one screen size; returns how many pictures there are."""
    shutil.rmtree(out, ignore_errors=True)
    taken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        home = Path(folder)
        desktop = Desktop(home / "home", size)

        def shot(name: str) -> None:
            taken.append(name)
            desktop.picture(out / f"{len(taken):02}-{name}.png")

        try:
            player = Player(desktop, shot)
            process = player.start("--practice", "--data-dir", str(home / "data"), log=home / "program.log")
            settings(player, desktop)
            whole_call(player, desktop)
            kill(process)
        finally:
            desktop.close()
    return len(taken)


def settings(player: Player, desktop: Desktop) -> None:
    """The connections, as an administrator; then the call handler is at the desk again."""
    player.work_as("Up", "Connections to other systems")
    desktop.wait_for("Who a person is")
    player.shot("settings")
    desktop.type("Elective")
    desktop.wait_for("in the configuration")
    desktop.key("Tab", "space", "ctrl+t")
    desktop.wait_for("Elective list answers")
    player.shot("settings-tested")
    player.work_as("Down", "Start a call")


def whole_call(player: Player, desktop: Desktop) -> None:
    player.new_call()
    player.find("smith jane 1950", "SMITH, Jane")
    player.verify()
    player.status("What we know", "Trauma and orthopaedics", "You have waited")
    for key, words, name in (("F12", "danger right now", "safety"), ("F1", "All keys", "keys")):
        desktop.key(key)
        desktop.wait_for(words)
        player.shot(name)
        desktop.key("Escape")
    player.notes()
    player.signpost("hip")
    player.wrap_up()
    player.new_call()
    player.find("9993000019", "SMITH, Jane")
    player.verify(("1 January 1950", "14 Sluice Row"))
    desktop.key("alt+h")
    desktop.wait_for("Told where she is")
    player.shot("calls-before")


def main() -> int:
    absent = missing()
    if absent:
        sys.stderr.write(f"make look needs: {' '.join(absent)}\n")
        return 1
    for size in SIZES:
        out = OUT / size
        sys.stdout.write(f"{play(size, out)} pictures in {out.relative_to(OUT.parents[1])}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
