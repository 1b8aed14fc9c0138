"""The tables of what extracts bring besides people and lists, and of who tried to import what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.storage.records import Record


class AttemptRecord(Record):
    """One import that somebody began; `outcome` is "running" until it has ended. What the file said stands here, never its
    name, which may name a person."""

    __tablename__ = "import_attempt"
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    snapshot_id: Mapped[str | None] = mapped_column(index=True)
    kind: Mapped[str]
    provider: Mapped[str]
    as_at: Mapped[date | None]
    rows: Mapped[int]
    left_out: Mapped[int]
    problems: Mapped[int]
    sha256: Mapped[str]
    source: Mapped[str]
    by: Mapped[str]
    began: Mapped[datetime]
    ended: Mapped[datetime | None]
    outcome: Mapped[str]
    why: Mapped[str]


class ClockEventRecord(Record):
    __tablename__ = "clock_event"
    origin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(index=True)
    provider: Mapped[str]
    as_at: Mapped[date]
    day: Mapped[date]
    move: Mapped[str]
    rtt_status: Mapped[str]
    local_patient_id: Mapped[str]
    pathway_id: Mapped[str | None]
    pathway_issuer: Mapped[str | None]
    ubrn: Mapped[str | None]
    treatment_function: Mapped[str]
    source: Mapped[str]


class ReferralRowRecord(Record):
    """`referrer` is NULL for whoever is known as restricted: a practice says where a person lives."""

    __tablename__ = "referral_row"
    origin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(index=True)
    provider: Mapped[str]
    as_at: Mapped[date]
    sent: Mapped[date | None]
    received: Mapped[date | None]
    accepted: Mapped[date | None]
    closed: Mapped[date | None]
    outcome: Mapped[str]
    referrer: Mapped[str | None]
    local_patient_id: Mapped[str]
    pathway_id: Mapped[str | None]
    pathway_issuer: Mapped[str | None]
    ubrn: Mapped[str | None]
    treatment_function: Mapped[str]
    source: Mapped[str]


class ActivityRowRecord(Record):
    """`start` and `as_at` are ISO 8601, a day or a moment with its offset; `place` is "" for whoever is known as
    restricted; `item` is the source's own name for the fact."""

    __tablename__ = "activity_row"
    origin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(index=True)
    provider: Mapped[str | None]
    kind: Mapped[str]
    status: Mapped[str]
    item: Mapped[str]
    specialty_code: Mapped[str]
    specialty_name: Mapped[str]
    ubrn: Mapped[str | None]
    pathway_id: Mapped[str | None]
    pathway_issuer: Mapped[str | None]
    local_id: Mapped[str]
    start: Mapped[str | None]
    place: Mapped[str]
    medium: Mapped[str]
    referred: Mapped[date | None]
    clock_start: Mapped[date | None]
    due: Mapped[date | None]
    ask_team: Mapped[bool]
    source: Mapped[str]
    as_at: Mapped[str | None]
