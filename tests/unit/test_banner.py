"""The patient banner of somebody who is with no practice: why, once it may be seen."""

from __future__ import annotations

import pytest

from helpdesk.desk.model import HIDDEN
from helpdesk.patients.model import Sensitivity
from tests.core_in_hand import ALFA, Core, person


@pytest.mark.parametrize(
    ("facts", "before", "seen"),
    [
        ({"practice": None, "removal": "Moved to Scotland"}, HIDDEN, "Moved to Scotland"),
        ({"practice": None}, "", ""),
        ({"practice": None, "removal": "Moved to Scotland", "sensitivity": Sensitivity.RESTRICTED}, "", ""),
    ],
)
def test_why_there_is_no_practice(facts: dict[str, object], before: str, seen: str) -> None:
    core = Core()
    core.world.patients[ALFA] = person(ALFA, **facts)
    call = core.desk.begin().id
    assert core.desk.open_patient(call, ALFA, None).banner.practice == before
    if "sensitivity" not in facts:
        assert core.desk.break_glass(call, "caller is very unwell").banner.practice == seen
