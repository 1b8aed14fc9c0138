"""What the list of stuck pathways needs: its service, a timer, and a view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from helpdesk.desk.looking import Standing
from helpdesk.desk.stuck import CallStart, Person, StuckList, StuckRow, Wanted
from ui.stuck.rows import Detail, Row


class StuckService(Protocol):
    """Stuck pathways, as the desk's own service offers them. All but `standing`, `again` and `stop` block and raise
    HelpdeskError."""

    @property
    def standing(self) -> Standing: ...

    def again(self) -> None: ...

    def stop(self) -> None: ...

    def look(self, wanted: Wanted) -> StuckList: ...

    def people(self, ids: Collection[str], list_id: str) -> Mapping[str, Person]: ...

    def claim(self, item_id: str) -> StuckRow: ...

    def release(self, item_id: str) -> StuckRow: ...

    def finish(self, item_id: str, note: str) -> StuckRow: ...

    def open_from(self, item_id: str) -> CallStart: ...


class Scheduler(Protocol):
    def after(self, delay_ms: int, call: Callable[[], None]) -> Callable[[], None]: ...


class StuckView(Protocol):
    def show_rows(self, rows: tuple[Row, ...], chosen: str) -> None:
        """All rows anew; the keyboard stays on the row with this id where it is still there."""

    def change_rows(self, rows: Collection[Row]) -> None: ...

    def show_filters(self, seen: StuckList, wanted: Wanted) -> None: ...

    def show_head(self, head: str, foot: str) -> None: ...

    def show_empty(self, fact: str, meaning: str) -> None:
        """In place of the rows; an empty fact takes it away."""

    def show_looking(self, looking: str, share: float, looked: str) -> None:
        """The look through the area under way, "" for none; else when the last one ended."""

    def show_detail(self, detail: Detail | None) -> None: ...

    def show_note(self, open_: bool, trouble: str = "") -> None: ...

    def show_trouble(self, message: str) -> None: ...

    def tell(self, fact: str) -> None: ...
