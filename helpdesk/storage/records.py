"""The tables of the desk's own work: staff, calls, messages, work and the audit. Records never leave this room."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, Table, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Exact = Text().with_variant(Text(collation="C"), "postgresql")
"""Text compared by its code points on both databases, so that a prefix is a range of an index."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite knows no zones, so it is put back when it is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # the signature is SQLAlchemy's
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Record(DeclarativeBase):
    """What every table is made from."""

    type_annotation_map = {str: Text(), datetime: UtcTime()}  # noqa: RUF012  # SQLAlchemy reads it so


def table_of(record: type[Record]) -> Table:
    """The plain table of a record, for many rows at once."""
    return cast(Table, record.__table__)


class MetaRecord(Record):
    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class StaffRecord(Record):
    """`roles` are separated by spaces; without a `password_hash` nobody can sign in by password."""

    __tablename__ = "staff"
    id: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    roles: Mapped[str]
    password_hash: Mapped[str | None]
    disabled: Mapped[bool]
    added: Mapped[datetime]


class SessionRecord(Record):
    __tablename__ = "session"
    id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    role: Mapped[str]
    desk: Mapped[str]
    organisation: Mapped[str]
    started: Mapped[datetime]
    ended: Mapped[datetime | None]


class DraftRecord(Record):
    """A call being taken. The patient stands in a column and not in `content`, so that a superseded number can be replaced."""

    __tablename__ = "call_draft"
    id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str]
    desk: Mapped[str]
    started: Mapped[datetime]
    patient: Mapped[str | None] = mapped_column(index=True)
    content: Mapped[str]
    kept: Mapped[datetime]
    __table_args__ = (Index("ix_call_draft_desk_staff", "desk", "staff_id"),)


class CallRecord(Record):
    """One version of a call; insert only. `content` is the whole call as canonical JSON, `content_hash` its SHA-256."""

    __tablename__ = "call_version"
    call_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    patient: Mapped[str | None] = mapped_column(index=True)
    desk: Mapped[str]
    started: Mapped[datetime]
    saved: Mapped[datetime]
    content: Mapped[str]
    content_hash: Mapped[str]
    __table_args__ = (Index("ix_call_version_desk_started", "desk", "started"),)


class OutboxRecord(Record):
    __tablename__ = "outbox"
    reference: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(index=True)
    patient: Mapped[str] = mapped_column(index=True)
    channel: Mapped[str]
    card_id: Mapped[str]
    card_version: Mapped[str]
    text: Mapped[str]
    subject: Mapped[str]
    state: Mapped[str]
    queued: Mapped[datetime]
    attempts: Mapped[int]
    next_try: Mapped[datetime | None]
    service_id: Mapped[str]
    problem: Mapped[str]
    __table_args__ = (Index("ix_outbox_state_queued", "state", "queued"),)


class WorkRecord(Record):
    __tablename__ = "work_item"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    raised: Mapped[datetime]
    reason: Mapped[str]
    patient: Mapped[str | None] = mapped_column(index=True)
    call_id: Mapped[str | None]
    owner_role: Mapped[str]
    due: Mapped[datetime | None]
    done: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    claimed_name: Mapped[str | None]
    claimed: Mapped[datetime | None]
    note: Mapped[str | None]
    noted_by: Mapped[str | None]
    noted: Mapped[datetime | None]
    __table_args__ = (Index("ix_work_item_done_raised", "done", "raised"),)


class GapRecord(Record):
    """What is known of the gap that a work item is about. `gone` once an evaluation no longer found it."""

    __tablename__ = "gap"
    id: Mapped[str] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    pathway: Mapped[str]
    kind: Mapped[str]
    severity: Mapped[int]
    since: Mapped[date]
    evidence: Mapped[str]
    turn: Mapped[str]
    hand_off: Mapped[str]
    provider: Mapped[str]
    specialty: Mapped[str]
    specialty_name: Mapped[str]
    waiting_since: Mapped[date | None]
    gone: Mapped[datetime | None]


class SpentRecord(Record):
    """One verification item spent for a patient on one day, in London."""

    __tablename__ = "spent_item"
    patient: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)


class ObservationRecord(Record):
    """One fact as one source gave it at one time."""

    __tablename__ = "observation"
    source: Mapped[str] = mapped_column(primary_key=True)
    patient: Mapped[str] = mapped_column(primary_key=True, index=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    as_at: Mapped[str] = mapped_column(primary_key=True)
    payload: Mapped[str]
    kept: Mapped[datetime]


class AuditRecord(Record):
    """One row of one desk's chain; insert only. `previous` is the hash of the row before it."""

    __tablename__ = "audit"
    desk: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str]
    purpose: Mapped[str]
    subjects: Mapped[str]
    call_id: Mapped[str | None]
    details: Mapped[str]
    staff_id: Mapped[str]
    role: Mapped[str]
    session_id: Mapped[str]
    organisation: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class AuditHeadRecord(Record):
    """The last row of one desk's chain, kept apart from it so that a chain cut short is seen."""

    __tablename__ = "audit_head"
    desk: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]


class KeptReplyRecord(Record):
    """What a national look-up said that concerns no patient, kept for a while."""

    __tablename__ = "kept_reply"
    source: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    at: Mapped[datetime]


class DailyUseRecord(Record):
    """How often something that a service allows only so often was used on one day."""

    __tablename__ = "daily_use"
    source: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    used: Mapped[int]


class SourceHealthRecord(Record):
    """When each source last answered, and what it said when it last did not."""

    __tablename__ = "source_health"
    source: Mapped[str] = mapped_column(primary_key=True)
    answered: Mapped[datetime | None]
    failed: Mapped[datetime | None]
    message: Mapped[str]
