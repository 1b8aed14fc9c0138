"""What extracts bring besides lists: clock starts and stops, referrals and activity; former weeks stay."""

from __future__ import annotations

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    return


def downgrade() -> None:
    return
