"""Every connector under every fault of its service: the state that the table says, in time, in plain words, and nobody else
harmed. `python -m tests.faults.fault_matrix` runs it and prints its size and result."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from helpdesk.answers import Answer, SourceState, state_of
from helpdesk.desk.enquiry import Source
from helpdesk.desk.ticket import GRACE_S
from helpdesk.errors import HelpdeskError
from helpdesk.signposting.model import MessageState
from tests.connectors.tiny_area import JANE
from tests.faults.canaries import Listener, listening
from tests.faults.doors import CANARIES, DOORS, Door
from tests.faults.fault_table import BIG, FAULTS, LASTING, Expected, expected_of, unplain
from tests.faults.ground import HEALTHY_S, Ground, gatekeeper, ground, sent, source_of, ticket

SHORT_S = 1.0
"""The time-out of a cell whose fault lasts; every other has time enough for its reply to decide."""
SLACK_S = 0.3
LONGEST_WAITS = ("429", "503")
ASKED_TO_WAIT_S = 7.0
MOST_MB = 64.0
"""One look-up is up to five replies at a time, each read up to its limit of 8 MB."""
_SIDE_BY_SIDE = 16
_WITHOUT_A_VALUE = (SourceState.UNAVAILABLE, SourceState.NOT_PERMITTED)


@dataclass(frozen=True)
class Cell:
    """`fault` "" is the door in good health. `kept`: an earlier answer is held."""

    door: Door
    fault: str
    kept: bool = False

    @property
    def name(self) -> str:
        return f"{self.door.name} × {self.fault or 'healthy'}{' (something kept)' if self.kept else ''}"

    @property
    def timeout_s(self) -> float:
        return SHORT_S if self.fault in LASTING else HEALTHY_S


@dataclass(frozen=True)
class Seen:
    """What the desk made of it. `state` is one of the five, or of a sender's three; `again_s` when a message is tried again."""

    state: str
    remedy: str
    message: str
    value: object = None
    again_s: float = 0.0


@dataclass
class Verdict:
    cell: Cell
    seconds: float
    problems: list[str]
    late: bool = False


@dataclass
class Report:
    """`size` and `result` of a run, ready to print."""

    verdicts: list[Verdict] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    looked: int = 0
    peak_mb: float = 0.0
    seconds: float = 0.0
    busy_s: float = 0.0
    """Processor time: on a computer that does other things too, the one that can be relied on."""

    @property
    def failures(self) -> list[str]:
        return [f"{v.cell.name}: {'; '.join(v.problems)}" for v in self.verdicts if v.problems]

    def lines(self) -> list[str]:
        cells = [v.cell for v in self.verdicts]
        rows = (
            ("connectors", len({c.door.connector for c in cells})),
            ("ways in", len({c.door.name for c in cells})),
            ("faults", len({c.fault for c in cells} - {""})),
            ("cells", len(cells)),
            ("failures", len(self.failures)),
            ("texts looked through", self.looked),
            ("leaks", len(self.leaks)),
            ("most memory for one reply", f"{self.peak_mb:.0f} MB"),
            ("seconds", f"{self.seconds:.1f}"),
        )
        return [f"{name:<26}{value:>10}" for name, value in rows]


class Noting:
    """A connector whose errors are looked at on their way to the desk."""

    def __init__(self, connector: Any, listener: Listener, where: str) -> None:
        self._connector = connector
        self._listener = listener
        self._where = where

    def __getattr__(self, name: str) -> Any:
        held = getattr(self._connector, name)
        return self._noting(held) if callable(held) else held

    def _noting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any, **named: Any) -> Any:
            try:
                return call(*given, **named)
            except Exception as error:
                self._listener.look_at_error(error, self._where)
                raise

        return noted


def cells(doors: Sequence[Door] = DOORS, faults: Sequence[str] = tuple(FAULTS)) -> list[Cell]:
    """The healthy door first: a state that it has anyhow would prove nothing."""
    return [Cell(door, fault, kept) for door in doors for fault in ("", *faults) for kept in ((False, True) if door.keeps else (False,))]


def run(which: Sequence[Cell]) -> Report:
    """Side by side; those that could fill the memory one after the other, and measured. What was late among so many is
    tried once more alone: only what is late then too has no end."""
    report, started, busy = Report(), time.monotonic(), time.process_time()
    with listening(CANARIES) as listener, ground() as on:
        big = [c for c in which if c.fault in BIG]
        rest = sorted((c for c in which if c.fault not in BIG), key=lambda c: c.fault not in LASTING)
        turns = list(enumerate(rest))
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            report.verdicts = list(pool.map(lambda turn: _judged(turn[1], turn[0], on, listener), turns))
        report.verdicts = [_judged(v.cell, 0, on, listener) if v.late else v for v in report.verdicts]
        tracemalloc.start()
        for turn, cell in enumerate(big):
            verdict, peak_mb = _measured(cell, turn, on, listener)
            report.verdicts.append(verdict)
            report.peak_mb = max(report.peak_mb, peak_mb)
        tracemalloc.stop()
    report.leaks, report.looked = listener.leaks, listener.looked
    report.seconds, report.busy_s = time.monotonic() - started, time.process_time() - busy
    return report


def _measured(cell: Cell, turn: int, on: Ground, listener: Listener) -> tuple[Verdict, float]:
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    verdict = _judged(cell, turn, on, listener)
    peak_mb = (tracemalloc.get_traced_memory()[1] - before) / 1024**2
    if peak_mb > MOST_MB:
        verdict.problems.append(f"took {peak_mb:.0f} MB")
    return verdict, peak_mb


def _judged(cell: Cell, turn: int, on: Ground, listener: Listener) -> Verdict:
    companion = on.companion_of(cell.door, turn)
    with ExitStack() as stack:
        address, trusts, _server = on.faulty(cell.door, cell.fault, stack)
        connector = cell.door.connect(address, {"timeout_s": cell.timeout_s, **trusts}, on.beside)
        beside = ThreadPoolExecutor(1)
        stack.callback(beside.shutdown)
        healthy = beside.submit(_timed, lambda: on.enquiry(companion).ask(ticket(), companion.info))
        seen, seconds = _timed(lambda: seen_of(cell, Noting(connector, listener, cell.name), on))
        answer, took = healthy.result()
        listener.look_at_reprs(connector, cell.name)
        listener.look(f"{seen.message} {replace(seen, value=None)!r}", f"the words of {cell.name}")
    late = seconds > cell.timeout_s + GRACE_S + SLACK_S
    problems = [*problems_of(cell, seen), *([f"took {seconds:.1f} s"] if late else []), *_harmed(companion, answer, took)]
    return Verdict(cell, seconds, problems, late or bool(_harmed(companion, answer, took)))


def _timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    started = time.monotonic()
    return ask(), time.monotonic() - started


def _harmed(companion: Source, answer: Answer[Any], took: float) -> list[str]:
    if answer.state is not SourceState.FRESH:
        return [f"the {companion.info.name} beside it was {answer.state.value}"]
    return [f"the {companion.info.name} beside it took {took:.1f} s"] if took > HEALTHY_S else []


def seen_of(cell: Cell, connector: Any, on: Ground) -> Seen:
    """What the desk makes of the door, asked as the desk asks it."""
    match cell.door.asked:
        case "source":
            source = source_of(cell.door, connector, cell.timeout_s)
            return _answered(on.enquiry(source, kept=cell.kept).ask(ticket(), source.info))
        case "gate":
            return _answered(gatekeeper(connector, kept=cell.kept).look(JANE).answer)
        case "sender":
            receipt, again_s = sent(connector)
            words = {MessageState.ACCEPTED: "accepted", MessageState.QUEUED: "retry later", MessageState.REFUSED: "refused"}
            return Seen(words.get(receipt.state, receipt.state.value), "", receipt.message, again_s=again_s)
        case "value":
            return _value(cell, connector)


def _value(cell: Cell, connector: Any) -> Seen:
    try:
        value = cell.door.value(connector)
    except HelpdeskError as error:
        state, remedy = state_of(error)
        return Seen(state.value, remedy.value, error.message)
    return Seen((SourceState.FRESH if value else SourceState.NOTHING_HELD).value, "", "", value)


def _answered(answer: Answer[Any]) -> Seen:
    return Seen(answer.state.value, answer.remedy.value, answer.message, answer.value)


def problems_of(cell: Cell, seen: Seen) -> list[str]:
    """In what the cell differs from the table; nothing where it does not."""
    if not cell.fault:
        good = "accepted" if cell.door.asked == "sender" else "fresh"
        return [] if seen.state == good else [f"in good health it is {seen.state}: {seen.message}"]
    wanted = expected_of(cell.fault, signs_in=cell.door.signs_in)
    if cell.door.asked == "sender":
        return _sender_problems(cell, seen, wanted)
    stands_in = cell.kept and wanted.state == "unavailable"
    state = "stale" if stands_in else wanted.state
    problems = [] if seen.state == state else [f"is {seen.state}, not {state}"]
    if not stands_in and seen.remedy != wanted.remedy:
        problems.append(f"says {seen.remedy!r}, not {wanted.remedy!r}")
    if seen.value is not None and not stands_in:
        problems.append("shows something")
    return problems + _words(seen, held=stands_in)


def _sender_problems(cell: Cell, seen: Seen, wanted: Expected) -> list[str]:
    problems = [] if seen.state == wanted.sender else [f"is {seen.state}, not {wanted.sender}"]
    if cell.fault in LONGEST_WAITS and seen.again_s < ASKED_TO_WAIT_S:
        problems.append(f"is tried again after {seen.again_s:.0f} s")
    return problems + _words(seen)


def _words(seen: Seen, *, held: bool = False) -> list[str]:
    wrong = unplain(seen.message, held=held)
    return [f"its message {wrong}"] if wrong else []


def main() -> int:
    report = run(cells())
    sys.stdout.write("\n".join(["fault matrix", *report.lines(), *report.failures, *sorted(set(report.leaks))]) + "\n")
    return 1 if report.failures or report.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
