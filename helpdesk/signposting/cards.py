"""Reads waiting-well cards: one Markdown file each, TOML between +++ lines, then a section for every channel."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from helpdesk.errors import RuleBroken
from helpdesk.signposting.model import Card, Channel, Twin

LONGEST_SMS = 918
"""Six parts of 153 characters. Source: GSM 03.38 concatenation; the limit of the NHS Notify text channel."""
_FENCE = "+++"
_KNOWN = frozenset({"id", "version", "title", "summary", "treatment_functions", "owner", "sign_off", "review", "email_subject", "twins"})


def built_in_cards() -> Traversable:
    """The folder of cards that comes with the program."""
    return files("resources") / "signposting"


def load_cards(folder: Path | Traversable) -> tuple[Card, ...]:
    """Every card of a folder, by title. Raises RuleBroken naming the first file that is not fit to be used."""
    cards: dict[str, Card] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".md"):
            continue
        card = read_card(file.name, file.read_text(encoding="utf-8"))
        if card.id in cards:
            raise _refused(file.name, f"another card has the id {card.id} too")
        cards[card.id] = card
    return tuple(sorted(cards.values(), key=lambda c: c.title))


def read_card(name: str, text: str) -> Card:
    """One card from the text of its file. Raises RuleBroken naming the file."""
    head, body = _parted(name, text)
    front = _front(name, head)
    texts = _texts(name, body)
    for key in ("id", "version", "title", "summary"):
        if not isinstance(front.get(key), str) or not front[key].strip():
            raise _refused(name, f"it has no {key}")
    if Channel.EMAIL in texts and not front.get("email_subject"):
        raise _refused(name, "its e-mail has no email_subject")
    return Card(
        id=front["id"],
        version=front["version"],
        title=front["title"],
        summary=front["summary"],
        texts=texts,
        twins=_twins(name, front.get("twins", [])),
        treatment_functions=tuple(front.get("treatment_functions", ())),
        email_subject=front.get("email_subject", ""),
        owner=front.get("owner", ""),
        sign_off=front.get("sign_off", "none"),
        review=_review(name, front.get("review")),
    )


def _refused(name: str, why: str) -> RuleBroken:
    return RuleBroken(f"The card {name} cannot be used: {why}.", field="card")


def _parted(name: str, text: str) -> tuple[str, str]:
    lines = text.removeprefix("\ufeff").splitlines()
    fences = [n for n, line in enumerate(lines) if line.strip() == _FENCE]
    if len(fences) < 2 or any(line.strip() for line in lines[: fences[0]]):
        raise _refused(name, "it does not begin with its facts between two +++ lines")
    return "\n".join(lines[fences[0] + 1 : fences[1]]), "\n".join(lines[fences[1] + 1 :])


def _front(name: str, head: str) -> Mapping[str, Any]:
    try:
        front = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise _refused(name, f"its facts are not TOML ({error})") from None
    if unknown := sorted(set(front) - _KNOWN):
        raise _refused(name, f"it has facts that no card has: {', '.join(unknown)}")
    return front


def _texts(name: str, body: str) -> Mapping[Channel, str]:
    found: dict[Channel, list[str]] = {}
    current: list[str] | None = None
    for line in body.splitlines():
        if line.startswith("## "):
            channel = _channel(name, line.removeprefix("## ").strip())
            if channel in found:
                raise _refused(name, f"it has two sections {channel.value}")
            current = found.setdefault(channel, [])
        elif current is not None:
            current.append(line)
        elif line.strip():
            raise _refused(name, "it has words before its first section")
    texts = {channel: "\n".join(lines).strip() for channel, lines in found.items()}
    _fit(name, texts)
    return texts


def _fit(name: str, texts: Mapping[Channel, str]) -> None:
    if not texts or not all(texts.values()):
        raise _refused(name, "it has no words, or an empty section")
    if len(texts.get(Channel.SMS, "")) > LONGEST_SMS:
        raise _refused(name, f"its text message is longer than {LONGEST_SMS} characters")


def _channel(name: str, heading: str) -> Channel:
    try:
        return Channel(heading)
    except ValueError:
        raise _refused(name, f"there is no channel {heading}") from None


def _twins(name: str, entries: Any) -> tuple[Twin, ...]:
    try:
        twins = tuple(Twin(**entry) for entry in entries)
    except TypeError:
        raise _refused(name, "a twin needs a kind and a text") from None
    if not twins or not all(t.kind and t.text for t in twins):
        raise _refused(name, "it has no non-digital twin")
    return twins


def _review(name: str, value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    raise _refused(name, "its review is not a date")
