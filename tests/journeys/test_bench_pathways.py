"""`helpdesk bench pathways` measures the real rules on a real database, and says what is measured and what is stretched."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from helpdesk.cli import bench_pathways, main
from helpdesk.desk.evaluation import Evaluated


def test_a_small_area_is_measured_and_the_full_size_extrapolated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "pathways", "--pathways", "1000", "--patients", "20", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pathways"] >= 1000
    assert found["people"] > 500
    assert found["gaps"] > 50
    assert found["patients"] == 20
    assert found["area_s"]["first"] > 0
    patient, area, write = found["limits"]
    assert (patient["limit"], area["limit"], write["limit"]) == (10, 60, 100)
    assert area["extrapolated"]
    assert area["value"] == pytest.approx(found["area_s"]["first"] * 200_000 / found["pathways"], rel=0.02)


def test_a_limit_that_is_not_kept_is_said() -> None:
    looks = (0.001,) * 94 + (0.020,) * 6
    measured = SimpleNamespace(looks_s=looks, first=Evaluated(people=9, gaps=3), first_s=30.0, again_s=9.0, puts_s=(0.01, 0.05))
    found = bench_pathways._figures(200_000, measured)
    assert found["patient_ms"] == {"median": 1.0, "p95": 20.0, "most": 20.0}
    assert [limit["kept"] for limit in found["limits"]] == [False, True, True]
    assert not found["limits"][1]["extrapolated"]
    assert not found["kept"]
