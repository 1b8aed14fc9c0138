"""Goes through a file of any form and says what it looks like, for a person who will write its mapping."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from connectors.waiting_list_extract.column_look import ColumnLook
from connectors.waiting_list_extract.csv_records import UTF_8, BrokenRecord, CsvFile
from connectors.waiting_list_extract.header import Header
from connectors.waiting_list_extract.proposing import is_code, is_known_word, propose
from connectors.waiting_list_extract.reading import first_of
from helpdesk.errors import RuleBroken
from helpdesk.extracts.model import ExtractKind
from helpdesk.extracts.survey import ColumnSeen, Survey

_DELIMITERS = (",", ";", "|", "\t")
_HEAD = 1 << 16


def survey(path: Path, kind: ExtractKind | None) -> Survey:
    """Raises RuleBroken where the file cannot be opened or has no first row."""
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)
    with CsvFile(path, delimiter=delimiter, encoding=encoding) as file:
        records = file.records()
        header = first_of(records)
        looks = [ColumnLook() for _ in header]
        rows, broken = 0, None
        try:
            for _, record in records:
                rows += 1
                for look, value in zip(looks, record, strict=False):
                    look.see(value)
        except BrokenRecord as bad:
            broken = bad.row
    names = Header.shown(header)
    proposal = propose(names, looks, (delimiter, encoding), kind)
    ours = {guess.theirs: guess.ours for guess in proposal.guesses} if proposal else {}
    return Survey(rows, tuple(_seen(n, look, ours.get(n, "")) for n, look in zip(names, looks, strict=True)), proposal, broken)


def _seen(name: str, look: ColumnLook, ours: str) -> ColumnSeen:
    words = look.words(partial(is_known_word, ours)) if is_code(ours) else ()
    return ColumnSeen(name, look.filled, look.distinct, look.dates, words, look.looks)


def _encoding(path: Path) -> str:
    """UTF-8 where all of it is; else what Windows programs write."""
    file = CsvFile(path)
    try:
        with file as opened:
            for _ in opened.records():
                pass
    except BrokenRecord as broken:
        return "cp1252" if "UTF-8" in broken.text else UTF_8
    return UTF_8


def _delimiter(path: Path, encoding: str) -> str:
    """The one that stands most often in the first line."""
    try:
        with path.open("rb") as file:
            head = file.readline(_HEAD).decode(encoding, "replace")
    except OSError:
        raise RuleBroken("The file cannot be opened.", field="file") from None
    return max(_DELIMITERS, key=head.count)
