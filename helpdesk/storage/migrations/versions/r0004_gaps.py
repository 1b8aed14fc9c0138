"""Gaps that somebody works on."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    return


def downgrade() -> None:
    return
