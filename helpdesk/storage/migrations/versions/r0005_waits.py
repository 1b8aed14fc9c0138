"""Counts of waiting as they are published, and how the figures made of them did."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    return


def downgrade() -> None:
    return
