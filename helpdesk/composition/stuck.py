"""Puts the list of stuck pathways together for one session, and keeps it up to date behind the desk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk.access.model import Action, Session
from helpdesk.access.service import may
from helpdesk.audit import AuditTrail
from helpdesk.clock import london_day
from helpdesk.composition.processes import spread
from helpdesk.desk.enquiry import Enquiry
from helpdesk.desk.evaluation import AreaEvaluation
from helpdesk.desk.looking import Looking
from helpdesk.desk.model import Port
from helpdesk.desk.stuck import StuckDesk
from helpdesk.errors import StorageError
from helpdesk.storage.area_rows import SqlAreaRows
from helpdesk.storage.gaps import SqlGaps
from helpdesk.storage.outside import SqlKept
from helpdesk.storage.people import SqlPeople

if TYPE_CHECKING:
    from helpdesk.composition.services import Ground

_log = logging.getLogger(__name__)
_KEPT, _KEY = "stuck pathways", "evaluated"
LOOK_EVERY_S = 5.0
"""How soon after an import the area is looked through; what is asked of the database each time is a few rows."""


def stuck_desk(ground: Ground, session: Session, audit: AuditTrail, enquiry: Enquiry) -> StuckDesk | None:
    """None where this role does not work on gaps."""
    if not may(session, Action.WORK_GAPS):
        return None
    index, queue = SqlPeople(ground.database, ground.clock), SqlGaps(ground.database, session, ground.clock)
    list_days = {info.name: info.list_days for info in enquiry.sources if info.port is Port.WAITING_LISTS}
    evaluation = AreaEvaluation(
        SqlAreaRows(ground.database), index, queue, audit, ground.clock, list_days, ground.organisation, spread=spread
    )
    return StuckDesk(queue, index, audit, session, ground.clock, ground.organisation, evaluation, ground.looking)


class AreaWatch:
    """Looks through the area when other lists are in use than at the last look, when the day is another, and when somebody
    asks. Run by whoever holds the data folder's lock."""

    def __init__(self, ground: Ground, desk: StuckDesk) -> None:
        self._desk, self._clock = desk, ground.clock
        self._looking: Looking = ground.looking
        self._rows = SqlAreaRows(ground.database)
        self._kept = SqlKept(ground.database, ground.clock)

    def watch(self, wait: Callable[[float], bool]) -> None:
        """Until `wait` says that it is over."""
        while not wait(LOOK_EVERY_S):
            try:
                self.pass_once(lambda: wait(0))
            except StorageError as error:
                self._looking.fail(error.message)
                _log.warning("The area was not looked through: %s", error.message)

    def pass_once(self, over: Callable[[], bool] = lambda: False) -> bool:
        """Whether there was a look. One that was stopped counts, until something changes or somebody asks."""
        state = f"{london_day(self._clock.now())} {self._rows.state()}"
        known = self._kept.get(_KEPT, _KEY)
        if not self._looking.take_asked() and known is not None and known[0] == state:
            return False
        self._looking.begin()
        done = self._desk.evaluate(self._looking.progress, lambda: over() or self._looking.stopped)
        if not over():
            self._kept.put(_KEPT, _KEY, state)
        self._looking.end(done, self._clock.now())
        return True
