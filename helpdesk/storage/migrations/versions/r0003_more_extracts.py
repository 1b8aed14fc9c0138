"""What extracts bring besides lists: clock starts and stops, referrals and activity; former weeks stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

EXACT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NAMES = "('family', 'given', 'former', 'hospital')"
_PLACES = "('phone', 'email', 'postcode')"


def upgrade() -> None:
    """A person's search keys stand in the person's own row too: an index of them by person, as large as the table and
    written at random, is what made an import slow."""
    op.add_column("person", sa.Column("keys", sa.Text(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("location_keys", sa.Text(), nullable=True))
    _keys_into_persons()
    op.drop_index("ix_person_key_person", "person_key")
    op.execute("INSERT INTO meta (name, value) VALUES ('wipes', '0')")
    op.add_column("snapshot", sa.Column("touched", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_snapshot_state", "snapshot", ["state", "cleaned"])
    _attempts()
    _row_table("clock_event", *_clock_event())
    _row_table("referral_row", *_referral_row())
    _row_table("activity_row", *_activity_row())


def downgrade() -> None:
    for table in ("activity_row", "referral_row", "clock_event", "import_attempt"):
        op.drop_table(table)
    op.execute("DELETE FROM meta WHERE name = 'wipes'")
    op.drop_index("ix_snapshot_state", "snapshot")
    op.drop_column("snapshot", "touched")
    op.create_index("ix_person_key_person", "person_key", ["origin", "row_no", "kind", "value"])
    op.drop_column("person", "location_keys")
    op.drop_column("person", "keys")


def _keys_into_persons() -> None:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    mark = "char(31)" if on_sqlite else "chr(31)"
    joined = f"group_concat(kind || '=' || value, {mark})" if on_sqlite else f"string_agg(kind || '=' || value, {mark})"
    for column, kinds in (("keys", _NAMES), ("location_keys", _PLACES)):
        theirs = f"k.origin = person.origin AND k.row_no = person.row_no AND k.kind IN {kinds}"
        held = f"(SELECT {joined} FROM person_key k WHERE {theirs})"  # noqa: S608  # our own names
        op.execute(f"UPDATE person SET {column} = {mark} || {held} || {mark} WHERE EXISTS (SELECT 1 FROM person_key k WHERE {theirs})")  # noqa: S608  # our own names


def _attempts() -> None:
    op.create_table(
        "import_attempt",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("snapshot_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_index("ix_import_attempt_snapshot_id", "import_attempt", ["snapshot_id"])


def _row_table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("origin", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("origin", "row_no"),
    )
    op.create_index(f"ix_{name}_number", name, ["number"])


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _days(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in names]


def _clock_event() -> list[sa.Column[object]]:
    return [
        *_texts("provider"),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_texts("move", "rtt_status", "local_patient_id"),
        *_texts("pathway_id", "pathway_issuer", "ubrn", nullable=True),
        *_texts("treatment_function", "source"),
    ]


def _referral_row() -> list[sa.Column[object]]:
    return [
        *_texts("provider"),
        sa.Column("as_at", sa.Date(), nullable=False),
        *_days("sent", "received", "accepted", "closed"),
        *_texts("outcome"),
        *_texts("referrer", nullable=True),
        *_texts("local_patient_id"),
        *_texts("pathway_id", "pathway_issuer", "ubrn", nullable=True),
        *_texts("treatment_function", "source"),
    ]


def _activity_row() -> list[sa.Column[object]]:
    return [
        *_texts("provider", nullable=True),
        *_texts("kind", "status", "item", "specialty_code", "specialty_name"),
        *_texts("ubrn", "pathway_id", "pathway_issuer", nullable=True),
        *_texts("local_id"),
        *_texts("start", nullable=True),
        *_texts("place", "medium"),
        *_days("referred", "clock_start", "due"),
        sa.Column("ask_team", sa.Boolean(), nullable=False),
        *_texts("source"),
        *_texts("as_at", nullable=True),
    ]
