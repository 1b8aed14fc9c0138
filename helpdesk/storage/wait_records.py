"""The tables of published counts of waiting, and of the curves made of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.storage.records import Record


class WaitFileRecord(Record):
    """One month's file. `state` is staged, live or replaced; of each month one is live, and only its counts are read."""

    __tablename__ = "wait_file"
    id: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(index=True)
    sha256: Mapped[str]
    rows: Mapped[int]
    providers: Mapped[int]
    waiting: Mapped[int]
    source: Mapped[str]
    imported: Mapped[datetime]
    imported_by: Mapped[str]
    state: Mapped[str]


class WaitCountRecord(Record):
    """One provider's counts in one file, packed."""

    __tablename__ = "wait_count"
    file_id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True, index=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class WaitRunRecord(Record):
    """One reckoning of all curves, with the report of its back-test. `state` as of a file; the one that is live is read."""

    __tablename__ = "wait_run"
    id: Mapped[str] = mapped_column(primary_key=True)
    made: Mapped[datetime]
    report: Mapped[str]
    state: Mapped[str]


class WaitCurveRecord(Record):
    """One provider's curves in one reckoning, packed."""

    __tablename__ = "wait_curve"
    run_id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
