"""Only an NHS number of status 01 links across sources: from the file to the pathway, for every status and every kind of file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.extract_rows import ClockEvent, ReferralRow
from helpdesk.pathways.model import ListRow, Pathway
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.stitching import stitch
from tests.connectors.test_waiting_list_extract import reader
from tests.fakes_extract_kinds import activities, clocks, referrals
from tests.fakes_extracts import NUMBER, WEEK, pathways

Writer = Callable[..., Path]
DAY, TODAY = date.fromisoformat(WEEK), date(2026, 11, 18)
HOW: dict[Writer, tuple[str, dict[str, str]]] = {
    clocks: ("NHS_NUMBER_STATUS", {"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "2026-03-04"}),
    referrals: ("nhs_number_status", {"pathway_id": "XFC01000000000000", "pathway_issuer": "XFC01"}),
    activities: ("nhs_number_status", {"local_pathway_id": "XFC01000000000000"}),
}
STATUSES = [f"{n:02}" for n in range(1, 9)]


def stitched(*files: Path) -> tuple[Pathway, ...]:
    rows = [row for file in files for row in reader().rows(file, reader().profile(file, as_at=DAY))]
    held = HeldRows(
        "XFC01",
        DAY,
        tuple(r for r in rows if isinstance(r, ListRow)),
        clock_events=tuple(r for r in rows if isinstance(r, ClockEvent)),
        referrals=tuple(r for r in rows if isinstance(r, ReferralRow)),
        activities=tuple(r for r in rows if isinstance(r, Activity)),
    )
    return stitch([held], [], about=NhsNumber(NUMBER), today=TODAY, limit_days=10, organisations=str)


@pytest.mark.parametrize("status", STATUSES)
def test_a_list_row_of_any_other_status_reaches_no_pathway(tmp_path: Path, status: str) -> None:
    assert len(stitched(pathways(tmp_path / "list.csv", {"NHS_NUMBER_STATUS": status}))) == (status == "01")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", HOW)
def test_facts_of_any_other_status_join_nothing(tmp_path: Path, kind: Writer, status: str) -> None:
    column, told = HOW[kind]
    listed, file = pathways(tmp_path / "list.csv", {}), kind(tmp_path / "facts.csv", {**told, column: status})
    assert reader().profile(file, as_at=DAY).problems == ()
    (alone,), (beside,) = stitched(listed), stitched(listed, file)
    assert (beside.events != alone.events) is (status == "01")
