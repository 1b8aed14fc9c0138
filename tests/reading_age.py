"""The reading age of what is said, by textstat: Flesch-Kincaid, names and dates replaced by one short word.

`python -m tests.reading_age` writes docs/wording.md anew.
"""

from __future__ import annotations

from pathlib import Path

import textstat

from helpdesk.pathways.audience import Audience
from helpdesk.pathways.sentences import blanks_of, rules
from helpdesk.pathways.versions import Wording, shipped

PAGE = Path(__file__).resolve().parents[1] / "docs" / "wording.md"
SHORT = {
    "weeks": "37",
    "all_weeks": "60",
    "ring_us": "ring us",
    "event_time": " at 9",
    "event_place": ", at Bath",
    "advice": "they have not yet said",
    "dated": " of May",
    "issue": "",
}
"""What a blank is replaced by; any other is a name or a day, which "Bath" stands for."""


def plain(text: str) -> str:
    return text.format_map({name: SHORT.get(name, "Bath") for name in blanks_of(text)})


def reading_age(text: str) -> float:
    """In years: the school grade plus five. Source: Kincaid and others, 1975."""
    return float(textstat.flesch_kincaid_grade(plain(text))) + 5


def page(wording: Wording) -> str:
    """Every sentence by rule, for each audience, with its reading age for a patient."""
    signed = "signed off" if wording.sign_off is not None else "none: a sample"
    lines = [
        "# What is said to callers",
        "",
        f"Version {wording.version}, in force from {wording.effective.isoformat()}, sign-off {signed}.",
        f"SHA-256 of the texts: `{wording.sha256}`. Written by `python -m tests.reading_age`.",
        "",
        "The reading age is in years, by Flesch-Kincaid, with a short word for every name and day; for a patient and for a proxy",
        "none is above 11. Which rule is said where stands in `resources/reference/wording.json`.",
        "",
        "| Rule | To the patient | Age | To a proxy | To a professional |",
        "|---|---|---|---|---|",
    ]
    for rule in rules()["sentences"]:
        by = wording.texts[rule]
        age = f"{max(5.0, reading_age(by[Audience.PATIENT])):.0f}"
        lines.append(f"| {rule} | {by[Audience.PATIENT]} | {age} | {by[Audience.PROXY]} | {by[Audience.PROFESSIONAL]} |")
    return "\n".join(lines) + "\n"


def latest() -> Wording:
    return max(shipped().versions, key=lambda w: w.effective)


if __name__ == "__main__":
    PAGE.write_text(page(latest()), encoding="utf-8")
