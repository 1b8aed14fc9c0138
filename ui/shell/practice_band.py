"""The band that says that nothing here is real; it cannot be hidden or mistaken."""

from __future__ import annotations

from ui.widgets.hatched import WordBand

SENTENCES: dict[str, str] = {
    "practice": "Practice area. Nobody here is real and nothing is sent.",
    "sandbox": "Sandbox. Test systems and test people only; nothing here is real.",
}


def band_for(profile: str) -> WordBand | None:
    """The band of a profile; a live desk has none."""
    sentence = SENTENCES.get(profile)
    return None if sentence is None else WordBand(sentence, "practice", "practice_line", "practice_text")
