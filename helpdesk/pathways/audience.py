"""To whom the words are said."""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """`proxy`: somebody else who may be told, who hears of "them"; `professional`: short facts."""

    PATIENT = "patient"
    PROXY = "proxy"
    PROFESSIONAL = "professional"
