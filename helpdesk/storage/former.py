"""Which replaced lists stay, so that the past can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from helpdesk.extracts.model import ExtractKind
from helpdesk.storage.database import Transaction
from helpdesk.storage.index_records import LiveRecord, SnapshotRecord


def former_lists(transaction: Transaction, weeks: int) -> Mapping[str, tuple[tuple[int, date], ...]]:
    """By provider, number and week of the lists before the live one, the newest first: of each week the one that was in use
    last, none older than so many weeks before the live one."""
    live = aliased(SnapshotRecord)
    replaced = (
        select(SnapshotRecord.provider, SnapshotRecord.no, SnapshotRecord.as_at, live.as_at)
        .join(LiveRecord, (LiveRecord.kind == SnapshotRecord.kind) & (LiveRecord.provider == SnapshotRecord.provider))
        .join(live, live.no == LiveRecord.no)
        .where(
            SnapshotRecord.kind == ExtractKind.OPEN_PATHWAYS,
            SnapshotRecord.state == "replaced",
            ~SnapshotRecord.cleaned,
            SnapshotRecord.as_at < live.as_at,
        )
        .order_by(SnapshotRecord.as_at.desc(), SnapshotRecord.no.desc())
    )
    found: dict[str, dict[date, int]] = {}
    for provider, no, as_at, newest in transaction.execute(replaced):
        if as_at >= newest - timedelta(weeks=weeks):
            found.setdefault(provider, {}).setdefault(as_at, no)
    return {provider: tuple((no, as_at) for as_at, no in held.items()) for provider, held in found.items()}
