"""Which of the five states each fault of a service must be: the table of design section 5, written out once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Came(Enum):
    """What came back, as the rows of the table sort it."""

    NO_ANSWER = "time-out, reset, TLS"
    AGAIN = "408, 425, 429, 5xx"
    UNREADABLE = "broken, oversized or wrongly shaped body"
    ERROR_IN_200 = "a 200 whose body is an error OperationOutcome"
    BARE_404 = "a 404 without a documented not-found code"
    UNAUTHORISED = "401 after one refresh"
    FORBIDDEN = "403 in any form"
    OTHER = "any other 4xx, any 3xx"


@dataclass(frozen=True)
class Expected:
    """`state` and `remedy` in the words of helpdesk.answers; `sender` is what becomes of a message."""

    state: str
    remedy: str
    sender: str


_TRY_AGAIN = Expected("unavailable", "try again", "retry later")
STATES: dict[Came, Expected] = {
    Came.NO_ANSWER: _TRY_AGAIN,
    Came.AGAIN: _TRY_AGAIN,
    Came.UNREADABLE: _TRY_AGAIN,
    Came.ERROR_IN_200: _TRY_AGAIN,
    Came.BARE_404: _TRY_AGAIN,
    Came.UNAUTHORISED: Expected("unavailable", "sign in", "retry later"),
    Came.FORBIDDEN: Expected("not_permitted", "", "refused"),
    Came.OTHER: Expected("unavailable", "report", "refused"),
}
SIGN_IN_STATES: dict[Came, Expected] = STATES | dict.fromkeys(
    (Came.BARE_404, Came.FORBIDDEN, Came.OTHER), Expected("unavailable", "sign in", "retry later")
)
"""A token endpoint speaks of us, not of a patient: what it refuses is our sign-in. Source: RFC 6749, section 5.2."""
FOLLOWED_NOWHERE = Expected("unavailable", "report", "refused")

LASTING = ("hang", "drip", "drip_head", "half_open")
BIG = ("huge", "gzip_bomb")
TLS = ("tls_other_authority", "tls_other_name", "tls_plain_text")
FAULTS: dict[str, Came] = {
    **dict.fromkeys((*LASTING, "reset", *TLS), Came.NO_ANSWER),
    **dict.fromkeys(("408", "425", "429", "429_bare", "500", "503"), Came.AGAIN),
    **dict.fromkeys(("broken", "wrong_types", "wrong_inside", "empty", *BIG), Came.UNREADABLE),
    "outcome": Came.ERROR_IN_200,
    "404": Came.BARE_404,
    "401": Came.UNAUTHORISED,
    "403": Came.FORBIDDEN,
    **dict.fromkeys(("400", "409", "412", "422", "redirect"), Came.OTHER),
}


def expected_of(fault: str, *, signs_in: bool = False) -> Expected:
    if signs_in and fault == "redirect":
        return FOLLOWED_NOWHERE
    return (SIGN_IN_STATES if signs_in else STATES)[FAULTS[fault]]


_JARGON = re.compile(
    r"\b(json|https?|html|xml|fhir|time-?out|timed out|socket|ssl|tls|tcp|utf-?8|unicode|exception|traceback|errno|status code|"
    r"operationoutcome|gzip|zlib|bytes?|parse[ds]?|schema|pydantic|urllib3?|requests\.|python|localhost|null|server error|\w+Error)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[/\\_<>{}\[\]=|@#]|\d{3}|\d\.\d")
_HELD = re.compile(r" (Held from \d{1,2} [A-Z][a-z]+ 20\d\d|What stands here was held from an earlier answer)\.")


def unplain(message: str, *, held: bool = False, sentences: int = 1) -> str:
    """What keeps these words from being a plain sentence for a call handler, or "". `held`: a second one must say that it
    is something kept."""
    if held:
        words, kept = _HELD.subn("", message)
        if kept != 1:
            return "does not say that it was held"
    else:
        words = message
    if not words.endswith(".") or not 0 < len(re.findall(r"[.!?](?: |$)", words)) <= sentences:
        return "is not one sentence"
    found = _JARGON.search(words) or _MARKS.search(words)
    return f"holds {found.group()!r}" if found else ""
