"""Writes a proposed mapping as the file that a person looks through, corrects and keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator

from helpdesk.extracts.survey import Proposal


def mapping_text(proposal: Proposal) -> str:
    """TOML, with the reason beside each guess. What only a person can say stands there as a line to fill in."""
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    yield "# Proposed by helpdesk extract check; look through every line before you use it."
    yield f"kind = {_quoted(proposal.kind.value)}"
    yield f"delimiter = {_quoted(proposal.delimiter)}"
    yield f"encoding = {_quoted(proposal.encoding)}"
    yield f"dates = [{', '.join(map(_quoted, proposal.dates))}]"
    yield f"missing_dates = [{', '.join(map(_quoted, proposal.missing_dates))}]"
    yield ""
    yield "[columns]"
    for guess in proposal.guesses:
        if guess.theirs:
            yield f"{guess.ours} = {_quoted(guess.theirs)}  # {guess.reason}"
    for ours in proposal.unknown:
        yield f"# {ours} = ???  # required, and no column was found for it: name one here, or give a constant below"
    if proposal.blank:
        yield ""
        yield "[constants]"
        for ours in proposal.blank:
            yield f'{ours} = ""  # no column was found; blank in every row'
    for ours, words in proposal.values.items():
        yield ""
        yield f"[values.{ours}]"
        for theirs, meaning in words.items():
            yield f"{_quoted(theirs)} = {_quoted(meaning)}{'' if meaning else '  # say what it means'}"


def _quoted(text: str) -> str:
    """A TOML basic string is written as JSON writes one."""
    return json.dumps(text, ensure_ascii=False)
