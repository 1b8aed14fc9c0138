"""Gaps that navigators work on: brought up to date by each evaluation, listed, claimed by compare and set, and done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Row, Select, and_, exists, func, not_, or_, select, update

from helpdesk.access.model import Session
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.clock import Clock, london_time
from helpdesk.errors import NotFound, RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Sensitivity
from helpdesk.queue.gaps import Change, FoundGap, GapCount, GapFilter, GapItem, GapPage, Whose
from helpdesk.queue.model import WorkKind
from helpdesk.queue.refreshing import plan
from helpdesk.storage import numbers
from helpdesk.storage.audit import append
from helpdesk.storage.database import Database, Transaction, one_at_a_time
from helpdesk.storage.gap_rows import COLUMNS, apply, item_of
from helpdesk.storage.index_records import PersonRecord
from helpdesk.storage.persons import is_live, known_restricted
from helpdesk.storage.records import GapRecord, WorkRecord

_AT_ONCE = 500
_OPEN = and_(WorkRecord.kind == WorkKind.GAP, WorkRecord.done.is_(None))
GONE = "This is no longer on the list: it was done, or is not stuck any more."


class SqlGaps:
    """The gaps of the area, for one session (GapQueue)."""

    def __init__(self, database: Database, session: Session, clock: Clock) -> None:
        self._database, self._session, self._clock = database, session, clock

    # what an evaluation found

    def put(self, people: Collection[NhsNumber], found: Sequence[FoundGap]) -> Change:
        """Nothing is written where nothing changed: what is known is read first, and again once the write lock is held."""
        asked = [str(number) for number in people]
        with self._database.read() as transaction:
            known = _known(transaction, asked)
        if plan(known, found, self._clock.now()).nothing:
            return Change()
        with self._database.begin() as transaction:
            one_at_a_time(transaction, "gaps")
            now = numbers.all_replaced(transaction, set(asked))
            asked = [number for number in asked if number not in now]  # replaced meanwhile: the next evaluation has them
            planned = plan(_known(transaction, asked), (f for f in found if str(f.subject) not in now), self._clock.now())
            apply(transaction, planned, self._clock.now())
        return planned.change

    def subjects(self) -> frozenset[NhsNumber]:
        there = select(WorkRecord.patient).join(GapRecord, GapRecord.id == WorkRecord.id).where(GapRecord.gone.is_(None)).distinct()
        with self._database.read() as transaction:
            return frozenset(NhsNumber(number) for number in transaction.scalars(there) if number is not None)

    # the list

    def listed(self, wanted: GapFilter, limit: int = 5000) -> GapPage:
        narrowed = (_OPEN, _may_be_listed(), *_narrowed(wanted))
        order = (GapRecord.severity.desc(), GapRecord.since, WorkRecord.id)
        with self._database.read() as transaction:
            total = transaction.scalar(_of_gaps(func.count()).where(*narrowed)) or 0
            everything = transaction.scalar(_of_gaps(func.count()).where(_OPEN)) or 0
            listable = transaction.scalar(_of_gaps(func.count()).where(_OPEN, _may_be_listed())) or 0
            rows = transaction.execute(_of_gaps(*COLUMNS).where(*narrowed).order_by(*order).limit(limit)).all()
        return GapPage(tuple(item_of(row) for row in rows), total, everything - listable)

    def counts(self) -> Sequence[GapCount]:
        by = (GapRecord.kind, GapRecord.provider, GapRecord.specialty, GapRecord.specialty_name, GapRecord.severity)
        with self._database.read() as transaction:
            rows = transaction.execute(_of_gaps(*by, func.count()).where(_OPEN, _may_be_listed()).group_by(*by).order_by(*by)).all()
        return tuple(GapCount(*row) for row in rows)

    def items(self, ids: Collection[str]) -> Sequence[GapItem]:
        with self._database.read() as transaction:
            return tuple(item_of(row) for row in _by_id(transaction, ids))

    # work on one

    def claim(self, item_id: str) -> GapItem:
        staff = self._session.staff
        values = {"claimed_by": staff.id, "claimed_name": staff.name, "claimed": self._clock.now()}
        return self._act(item_id, WorkRecord.claimed_by.is_(None), values, AuditAction.GAP_CLAIMED, lambda _item: None)

    def release(self, item_id: str, *, anybodys: bool = False) -> GapItem:
        mine = WorkRecord.claimed_by.is_not(None) if anybodys else WorkRecord.claimed_by == self._session.staff.id
        values = {"claimed_by": None, "claimed_name": None, "claimed": None}
        return self._act(item_id, mine, values, AuditAction.GAP_RELEASED, self._refuse_others)

    def finish(self, item_id: str, note: str) -> GapItem:
        mine = or_(WorkRecord.claimed_by.is_(None), WorkRecord.claimed_by == self._session.staff.id)
        now = self._clock.now()
        values = {"done": now, "note": note, "noted_by": self._session.staff.name, "noted": now}
        return self._act(item_id, mine, values, AuditAction.GAP_DONE, self._refuse_others)

    def _act(
        self, item_id: str, condition: ColumnElement[bool], values: dict[str, Any], action: AuditAction, lost: Callable[[GapItem], None]
    ) -> GapItem:
        """Sets the values if the item is open and the condition holds, with its audit row; where it does not hold, `lost`
        may refuse. The item as it stands afterwards."""
        with self._database.begin() as transaction:
            change = update(WorkRecord).where(WorkRecord.id == item_id, _OPEN, condition).values(**values)
            done = cast(CursorResult[Any], transaction.execute(change, execution_options={"synchronize_session": False})).rowcount == 1
            item = _one(transaction, item_id)
            if done:
                about = AuditEvent(action, "stuck pathways", (item.found.subject,), None, {"item": item_id, "kind": item.found.kind})
                append(transaction, self._session, self._clock, about)
            elif item.done is not None:
                raise RuleBroken(GONE)
            else:
                lost(item)
        return item

    def _refuse_others(self, item: GapItem) -> None:
        if item.claimed_by not in (None, self._session.staff.id):
            raise RuleBroken(taken_words(item))


def taken_words(item: GapItem) -> str:
    """Who has it, since when."""
    since = f" since {london_time(item.claimed):%H:%M on %d-%b-%Y}" if item.claimed is not None else ""
    return f"{item.claimed_name or 'Somebody else'} has this one{since}."


def _of_gaps(*what: Any) -> Select[Any]:
    return select(*what).select_from(WorkRecord).join(GapRecord, GapRecord.id == WorkRecord.id)


def _known(transaction: Transaction, asked: Sequence[str]) -> list[GapItem]:
    """All items of these people, open or not."""
    found: list[Row[Any]] = []
    for at in range(0, len(asked), _AT_ONCE):
        theirs = WorkRecord.patient.in_(asked[at : at + _AT_ONCE])
        found += transaction.execute(_of_gaps(*COLUMNS).where(theirs, WorkRecord.kind == WorkKind.GAP).order_by(WorkRecord.raised)).all()
    return [item_of(row) for row in found]


def _by_id(transaction: Transaction, ids: Collection[str]) -> Sequence[Row[Any]]:
    return transaction.execute(_of_gaps(*COLUMNS).where(WorkRecord.id.in_(ids))).all()


def _one(transaction: Transaction, item_id: str) -> GapItem:
    rows = _by_id(transaction, [item_id])
    if not rows:
        raise NotFound("There is no such item.")
    return item_of(rows[0])


def _may_be_listed() -> ColumnElement[bool]:
    """Whether staff may see it on a list without a caller. Source: design, section 2.4."""
    said = exists().where(
        PersonRecord.number == WorkRecord.patient,
        PersonRecord.number_status == "01",
        PersonRecord.sensitivity == Sensitivity.UNRESTRICTED,
        is_live(),
    )
    return and_(said, not_(known_restricted(WorkRecord.patient)))


def _narrowed(wanted: GapFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kind:
        found.append(GapRecord.kind == wanted.kind)
    if wanted.provider:
        found.append(GapRecord.provider == wanted.provider)
    if wanted.specialty:
        found.append(GapRecord.specialty == wanted.specialty)
    if wanted.severity:
        found.append(GapRecord.severity >= wanted.severity)
    if wanted.since_before is not None:
        found.append(GapRecord.since <= wanted.since_before)
    if wanted.whose is Whose.MINE:
        found.append(WorkRecord.claimed_by == wanted.staff_id)
    elif wanted.whose is Whose.UNCLAIMED:
        found.append(WorkRecord.claimed_by.is_(None))
    return found
