"""Gaps that somebody works on: who has an item and what was done, and what is known of each gap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_CLAIM = (
    ("claimed_by", sa.Text()),
    ("claimed_name", sa.Text()),
    ("claimed", sa.DateTime(timezone=True)),
    ("note", sa.Text()),
    ("noted_by", sa.Text()),
    ("noted", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name, kind in _CLAIM:
        op.add_column("work_item", sa.Column(name, kind, nullable=True))
    op.create_table(
        "gap",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("hand_off", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=False),
        sa.Column("specialty_name", sa.Text(), nullable=False),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("gone", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["work_item.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("gap")
    for name, _ in reversed(_CLAIM):
        op.drop_column("work_item", name)
