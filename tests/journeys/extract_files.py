"""Extract files as somebody outside writes them: the canonical columns, people and rows of their own."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from helpdesk.extracts.columns import OPEN_PATHWAYS, PERSONS
from tests.journeys.conftest import today

WEEK = today() - timedelta(days=(today().weekday() + 1) % 7)
"""The last Sunday: a list for the week ending then is within its limit."""
ANN, BEN = "9990000018", "9990000026"
CLOCK_DAYS = 100


def persons(path: Path, *numbers: str, **changes: str) -> Path:
    rows = [
        {
            "nhs_number": number,
            "nhs_number_status": "01",
            "family_name": "Quarrenton",
            "given_names": "Ann" if number == ANN else "Ben",
            "date_of_birth": "1961-05-04",
            "gender": "Female",
            "postcode": "ZZ99 3WZ",
            "gp_practice_ods": "XPR01",
            "sensitivity": "U",
            **changes,
        }
        for number in numbers or (ANN, BEN)
    ]
    return _written(path, PERSONS, rows)


def open_pathways(path: Path, provider: str, *numbers: str, week: date = WEEK, **changes: str) -> Path:
    rows = [
        dict(
            zip(
                OPEN_PATHWAYS,
                (
                    week.isoformat(),
                    "ORTT",
                    number,
                    "01",
                    "1961-05-04",
                    f"L{place}",
                    provider,
                    f"{provider}{place:015}",
                    provider,
                    "110",
                    (week - timedelta(days=CLOCK_DAYS)).isoformat(),
                    (week - timedelta(days=CLOCK_DAYS)).isoformat(),
                    "10",
                ),
                strict=True,
            )
        )
        | changes
        for place, number in enumerate(numbers or (ANN,), 1)
    ]
    return _written(path, OPEN_PATHWAYS, rows)


def _written(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
