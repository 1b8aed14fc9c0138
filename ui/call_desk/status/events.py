"""What has happened on a pathway and what is to come: the few that stand on its line, and all of them as a list."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from helpdesk.pathways.model import EventState, Pathway, PathwayEvent
from ui.call_desk.status import words
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.label import Paragraph
from ui.widgets.time_line import Stop, StopKind

MOST = 5
"""So many labels stand above a line without hiding one another."""
_KINDS: dict[EventState, StopKind] = {
    EventState.DONE: "done",
    EventState.BOOKED: "booked",
    EventState.PASSED: "not_booked",
    EventState.CALLED_OFF: "cancelled",
    EventState.MISSED: "cancelled",
}


class EventList(QWidget):
    """All events with their sources, made when they are asked for."""

    def __init__(self, events: tuple[PathwayEvent, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = Button(f"All {len(events)} events", "quiet", icon="history", height=24)
        self._events = events
        self._lines: QWidget | None = None
        self._place = QVBoxLayout()
        column(row(self.button, None, gap=0), self._place, gap=4, into=self)
        self.button.activated.connect(self._unfold)

    def _unfold(self) -> None:
        if self._lines is None:
            self._lines = column(*(Paragraph(line_of(event), "caption", "text2") for event in self._events), gap=2)
            self._place.addWidget(self._lines)
        else:
            self._lines.setVisible(not self._lines.isVisibleTo(self))


def line_of(event: PathwayEvent) -> str:
    """03-Mar-2026 Referred · list of Fenmoor, 15-Nov-2026."""
    state = "" if event.state is EventState.DONE else f", {event.state.value}"
    said = f", {words.stamp(event.as_at)}" if event.as_at is not None else ""
    return f"{words.day(event.day)} {event.words}{state} · {event.source}{said}"


def stops_of(pathway: Pathway, booked: Stop | None) -> list[Stop]:
    """Those that matter most on the line: where it began, what was called off or missed, what came last, what is next."""
    events = list(dict.fromkeys((e.day, e.words, e.state) for e in pathway.events))
    first = events[:1]
    broken = [e for e in events if e[2] in (EventState.CALLED_OFF, EventState.MISSED, EventState.PASSED)][-2:]
    done = [e for e in events[1:] if e[2] is EventState.DONE][-2:]
    coming = [e for e in events if e[2] is EventState.BOOKED][:1] if booked is None else []
    chosen = sorted({*first, *broken, *done, *coming}, key=lambda e: e[0])[:MOST]
    stops = [Stop(day, what, words.day(day), _KINDS[state]) for day, what, state in chosen]
    return stops if booked is None else [*stops, booked]
