"""The colours of the desk by role, and the values of each theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "bar", "bar_text", "bar_text2", "bar_field", "bar_field_edge", "call_live", "call_held",
    "page", "card", "raised", "sunken", "hover", "edge", "edge2", "field_edge",
    "text", "text2", "text3",
    "accent", "accent_h", "on_accent", "accent_text", "accent_soft", "accent_mid",
    "banner", "banner2", "banner_edge", "deceased", "deceased_line", "deceased_edge",
    "ok", "ok_text", "ok_soft",
    "warn", "warn_text", "warn_soft", "warn_edge", "warn_line",
    "bad", "bad_text", "bad_soft", "on_bad",
    "info_text", "info_soft", "neutral_text", "neutral_soft",
    "focus", "focus_in", "scrim", "shadow",
    "crisis_999", "crisis_111", "crisis_111_2", "on_crisis",
    "practice", "practice_line", "practice_text",
]  # fmt: skip


@dataclass(frozen=True)
class Tokens:
    """One value for each role, as #rrggbb or #aarrggbb. A theme is one of these and nothing else: dark and high
    contrast are further values. `line` is the width of an outline, in pixels at 100 %."""

    name: str
    line: int
    bar: str
    bar_text: str
    bar_text2: str
    bar_field: str
    bar_field_edge: str
    call_live: str
    call_held: str
    page: str
    card: str
    raised: str
    sunken: str
    hover: str
    edge: str
    edge2: str
    field_edge: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_h: str
    on_accent: str
    accent_text: str
    accent_soft: str
    accent_mid: str
    banner: str
    banner2: str
    banner_edge: str
    deceased: str
    deceased_line: str
    deceased_edge: str
    ok: str
    ok_text: str
    ok_soft: str
    warn: str
    warn_text: str
    warn_soft: str
    warn_edge: str
    warn_line: str
    bad: str
    bad_text: str
    bad_soft: str
    on_bad: str
    info_text: str
    info_soft: str
    neutral_text: str
    neutral_soft: str
    focus: str
    focus_in: str
    scrim: str
    shadow: str
    crisis_999: str
    crisis_111: str
    crisis_111_2: str
    on_crisis: str
    practice: str
    practice_line: str
    practice_text: str


LIGHT = Tokens(
    name="light",
    line=1,
    bar="#003087",
    bar_text="#ffffff",
    bar_text2="#c9d8ee",
    bar_field="#1f4794",
    bar_field_edge="#4a6db0",
    call_live="#6fe39b",
    call_held="#ffd47a",
    page="#f0f4f5",
    card="#ffffff",
    raised="#ffffff",
    sunken="#f7f9fa",
    hover="#e8edee",
    edge="#d8dde0",
    edge2="#aeb7bd",
    field_edge="#768692",
    text="#212b32",
    text2="#4c6272",
    text3="#546979",
    accent="#005eb8",
    accent_h="#004b93",
    on_accent="#ffffff",
    accent_text="#005eb8",
    accent_soft="#e6f0f9",
    accent_mid="#9cc3e6",
    banner="#e3eefa",
    banner2="#f2f7fc",
    banner_edge="#005eb8",
    deceased="#dae1e5",
    deceased_line="#bcc7cd",
    deceased_edge="#212b32",
    ok="#007f3b",
    ok_text="#006530",
    ok_soft="#e2f2e9",
    warn="#ffb81c",
    warn_text="#6b4700",
    warn_soft="#fff4d6",
    warn_edge="#f0c45a",
    warn_line="#a86f00",
    bad="#d5281b",
    bad_text="#b01c11",
    bad_soft="#fcebe9",
    on_bad="#ffffff",
    info_text="#004b93",
    info_soft="#e6f0f9",
    neutral_text="#3b4f5d",
    neutral_soft="#edf1f3",
    focus="#ffeb3b",
    focus_in="#212b32",
    scrim="#960f1928",
    shadow="#0f1928",
    crisis_999="#d5281b",
    crisis_111="#005eb8",
    crisis_111_2="#003087",
    on_crisis="#ffffff",
    practice="#ffb81c",
    practice_line="#26212b32",
    practice_text="#212b32",
)
