"""The tables of what extracts and PDS said: people, their search keys and list rows, each under the snapshot it came in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Integer, false
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.storage.records import Exact, Record

PDS = 0
"""The `origin` of what PDS answered; every other origin is the number of a snapshot."""


class SnapshotRecord(Record):
    """One import. Its rows are read only while `live_snapshot` points to it; `state` is "staged", "live", "replaced" or
    "discarded"; `cleaned` once its rows are gone."""

    __tablename__ = "snapshot"
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    provider: Mapped[str]
    as_at: Mapped[date]
    source: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[int]
    imported: Mapped[datetime]
    imported_by: Mapped[str]
    state: Mapped[str]
    went_live: Mapped[datetime | None]
    cleaned: Mapped[bool]
    touched: Mapped[datetime | None]
    """When rows were last put in; a staged one that nobody touches any more was left by a program that was ended."""
    __table_args__ = (Index("ix_snapshot_state", "state", "cleaned"),)


class LiveRecord(Record):
    """Which snapshot is read for a kind and provider: the one row that an import swaps."""

    __tablename__ = "live_snapshot"
    kind: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    no: Mapped[int]


class PersonRecord(Record):
    """One person as one origin knows them. `facts` and `location` are JSON; `location` (address, phones, e-mails,
    practice) is NULL for whoever is known as restricted, and so is `location_keys`. `number_status` other than "01" is never
    found by number. The origin PDS has the NHS number itself as its `row_no`. `keys` and `location_keys` are the same search
    keys as in `person_key`, as one text: "kind=value", with a unit separator before, between and behind."""

    __tablename__ = "person"
    origin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(index=True)
    number_status: Mapped[str]
    sensitivity: Mapped[str]
    source: Mapped[str]
    as_at: Mapped[datetime]
    born: Mapped[str] = mapped_column(Exact, index=True)
    facts: Mapped[str]
    location: Mapped[str | None]
    keys: Mapped[str] = mapped_column(server_default="")
    location_keys: Mapped[str | None]
    __table_args__ = (Index("ix_person_sensitivity", "sensitivity", "number"),)


class PersonKeyRecord(Record):
    """One search key of a person. The table is its own index: kind and value lead to the person; the birth date stands
    here too, so that a common name with a year need not look at every person of that name. There is no second index by
    person: those keys stand in the person's own row."""

    __tablename__ = "person_key"
    kind: Mapped[str] = mapped_column(Exact, primary_key=True)
    value: Mapped[str] = mapped_column(Exact, primary_key=True)
    origin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    born: Mapped[str] = mapped_column(Exact)
    __table_args__ = ({"sqlite_with_rowid": False},)


class ReplacedRecord(Record):
    """An NHS number that PDS replaced, and the one it leads to now: for extracts that still hold the old one, and for
    records that are never changed."""

    __tablename__ = "replaced_number"
    old: Mapped[str] = mapped_column(primary_key=True)
    new: Mapped[str] = mapped_column(index=True)
    seen: Mapped[datetime]


class ListRowRecord(Record):
    __tablename__ = "list_row"
    origin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(index=True)
    provider: Mapped[str]
    week_ending: Mapped[date]
    list_kind: Mapped[str]
    local_patient_id: Mapped[str]
    pathway_id: Mapped[str | None]
    pathway_issuer: Mapped[str | None]
    ubrn: Mapped[str | None] = mapped_column(index=True)
    treatment_function: Mapped[str]
    referral_received: Mapped[date | None]
    original_referral_received: Mapped[date | None]
    clock_start: Mapped[date | None]
    clock_stop: Mapped[date | None]
    rtt_status: Mapped[str]
    next_outpatient: Mapped[date | None]
    next_admission: Mapped[date | None]
    last_attended: Mapped[date | None]
    last_missed: Mapped[date | None]
    cancelled: Mapped[date | None]
    due: Mapped[date | None]
    ask_team: Mapped[bool]
    source: Mapped[str]
    no_range: Mapped[bool] = mapped_column(default=False, server_default=false())
