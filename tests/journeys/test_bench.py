"""`helpdesk bench`: it runs, says every figure, and its figures agree with each other; how fast it is, is not tested here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.command import Terminal


def the_limit(found: dict[str, Any], words: str) -> dict[str, Any]:
    (held,) = [limit for limit in found["limits"] if words in limit["what"]]
    return dict(held)


@pytest.mark.timeout(300)
def test_bench_sources_says_every_figure_beside_its_limit(tmp_path: Path) -> None:
    ran = Terminal(tmp_path / "home").run("bench", "sources", "--runs", "3", "--json", timeout_s=240)
    assert ran.code == 0, ran
    found = ran.json

    pds, *others = found["sources"]
    assert pds["kind"] == "pds"
    assert [min(o["delay_ms"] for o in others), max(o["delay_ms"] for o in others), len(others)] == [50, 800, 8]
    assert found["least_ms"] == pds["delay_ms"] + 800
    assert sum(o["bytes"] > 190_000 for o in others) >= 4, "several large bundles were sent, and asked for"

    assert found["runs"] == 3
    for name in ("last_panel_ms", "longest_gap_ms", "idle_gap_ms"):
        assert 0 < found[name]["least"] <= found[name]["median"] <= found[name]["most"]
    assert found["last_panel_ms"]["least"] >= found["least_ms"], "nobody can be shown what has not been answered yet"
    assert found["longest_gap_ms"]["most"] < found["last_panel_ms"]["most"]

    last, gap, long = (the_limit(found, words) for words in ("last panel", "longest gap", "over 50 ms"))
    assert last["value"] == pytest.approx(found["last_panel_ms"]["median"] / found["least_ms"], abs=0.001)
    assert gap["value"] == pytest.approx(found["longest_gap_ms"]["median"] / found["idle_gap_ms"]["median"], rel=0.02)
    assert (last["limit"], last["moonshot"], gap["limit"], long["limit"]) == (1.06, 1.03, 2.2, 0)
    assert [limit["kept"] for limit in found["limits"]] == [limit["value"] <= limit["limit"] for limit in found["limits"]]
    assert found["kept"] == all(limit["kept"] for limit in found["limits"])
