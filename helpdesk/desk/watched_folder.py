"""A folder that files arrive in: each is taken once it has stopped changing, and put away with its report."""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from helpdesk.desk.ports import ExtractReader
from helpdesk.desk.taking import Received, Taken, Taking, Verdict
from helpdesk.errors import ConnectorError

_log = logging.getLogger(__name__)
TAKEN, REFUSED = "taken", "refused"
REPORT = ".report.txt"
TOTALS = ".totals"
"""The ending of the file of control totals that may lie beside an extract, and goes where it goes."""
_AT_REST = 60.0
"""A file last written so many seconds ago need not be looked at twice."""


@dataclass(frozen=True)
class Look:
    """What a file was when it was looked at. Any change to it starts its wait anew."""

    inode: int
    size: int
    written_ns: int

    @classmethod
    def at(cls, path: Path) -> Look | None:
        """None for what is no plain file, or is there no longer."""
        try:
            found = path.lstat()
        except OSError:
            return None
        return cls(found.st_ino, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


class WatchedFolder:
    """One instance's folder. Used by one thread at a time; no file's name is ever logged."""

    def __init__(
        self,
        source: str,
        folder: Path,
        reader: ExtractReader,
        settle_s: float,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.source = source
        self.settle_s = settle_s
        self._folder = folder
        self._reader = reader
        self._monotonic = monotonic
        self._now = now
        self._seen: dict[Path, tuple[Look, float]] = {}
        self._done: dict[Path, tuple[Look, Taken]] = {}
        self._warned = ""

    @property
    def changing(self) -> bool:
        """Whether something waits that has not stood still long enough."""
        return bool(self._seen)

    def pass_once(self, taking: Taking, cancelled: Callable[[], bool]) -> list[Taken]:
        """Takes what has stopped changing. Raises StorageError."""
        settled = self._settled()
        if not settled or not self._is_ready():
            return []
        made = []
        for path, look in settled:
            if cancelled():
                break
            if (one := self._take(path, look, taking, cancelled)) is not None:
                made.append(one)
        return made

    def _settled(self) -> list[tuple[Path, Look]]:
        waiting = [(path, look) for path in self._waiting() if (look := Look.at(path)) is not None]
        before, self._seen = self._seen, {}
        settled = []
        for path, look in waiting:
            former, since = before.get(path, (look, self._monotonic()))
            if former != look:
                since = self._monotonic()
            if self._monotonic() - since >= self.settle_s or look.written_ns / 1e9 <= self._now() - max(self.settle_s, _AT_REST):
                settled.append((path, look))
            else:
                self._seen[path] = look, since
        return settled

    def _waiting(self) -> Sequence[Path]:
        try:
            return self._reader.waiting()
        except (ConnectorError, OSError):
            self._warn("the folder cannot be looked into")
            return ()

    def _is_ready(self) -> bool:
        """Whether what is taken can be put away: otherwise it would be taken again and again."""
        try:
            for name in (TAKEN, REFUSED):
                (self._folder / name).mkdir(exist_ok=True)
            ready = all(os.access(place, os.W_OK | os.X_OK) for place in (self._folder, self._folder / TAKEN, self._folder / REFUSED))
        except OSError:
            ready = False
        if not ready:
            self._warn("files cannot be moved in its folder, so none is taken in")
        return ready

    def _take(self, path: Path, look: Look, taking: Taking, cancelled: Callable[[], bool]) -> Taken | None:
        """None where nothing new became of it."""
        former = self._done.pop(path, None)
        again = former is not None and former[0] == look
        received = Received(self.source, path, path.name, f"{look.inode}:{look.size}:{look.written_ns}", "Its report lies beside it.")
        if former is not None and again:
            one = former[1]
        elif not _can_be_read(path):
            self._warn("a file in its folder cannot be opened")
            return None
        else:
            one = taking.take(received, self._reader, cancelled)
        if one.verdict is Verdict.LATER or Look.at(path) != look:
            return None
        if one.verdict is Verdict.REFUSED:
            taking.tell(received)
        try:
            self._put_away(path, one)
        except OSError:
            self._done[path] = look, one
            self._warn("a file that was looked at cannot be moved away")
        return None if again else one

    def _put_away(self, path: Path, one: Taken) -> None:
        """The report is there before the file is."""
        place = self._folder / (REFUSED if one.verdict is Verdict.REFUSED else TAKEN)
        name = _free_name(place, path)
        report = place / f"{name}{REPORT}"
        try:
            report.write_text(one.report, encoding="utf-8")
            path.rename(place / name)
        except OSError:
            report.unlink(missing_ok=True)
            raise
        for beside in {path.with_name(f"{path.name}{TOTALS}"), path.with_suffix(TOTALS)}:
            if Look.at(beside) is not None:
                beside.rename(place / f"{name}{TOTALS}")

    def _warn(self, what: str) -> None:
        """Once, until something else is wrong."""
        if what != self._warned:
            _log.warning("%s: %s", self.source, what)
        self._warned = what


def _can_be_read(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _free_name(place: Path, path: Path) -> str:
    """The file's own name, with a number where a former one has it: nothing is ever written over."""
    names = (path.name if n == 1 else f"{path.stem}.{n}{path.suffix}" for n in count(1))
    return next(n for n in names if not (place / n).exists() and not (place / f"{n}{REPORT}").exists())
