"""Reads a CSV file record by record, strictly, and takes its fingerprint on the way."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from helpdesk.errors import RuleBroken

UTF_8 = "utf-8"
_BOM = b"\xef\xbb\xbf"
_LONGEST_LINE = 1_000_000
_BLOCK = 1 << 18
"""How much is read at once; smaller than the longest line, so that only a line over two blocks can be too long."""


class BrokenRecord(Exception):
    """The file cannot be read past this record. `row` counts the header as 1, `place` its fields from 0."""

    def __init__(self, row: int, text: str, place: int = 0) -> None:
        super().__init__(text)
        self.row = row
        self.text = text
        self.place = place


class CsvFile:
    """One file being read. Blank lines, and the rows of empty fields that spreadsheets
    leave at the end, are passed over but counted. Never more than one block of it is in memory.
    `encoding` is UTF-8 or one of a single byte a character.
    Raises RuleBroken where the file cannot be opened or read at all."""

    def __init__(self, path: Path, *, delimiter: str = ",", encoding: str = UTF_8) -> None:
        self._path = path
        self._delimiter = delimiter
        self._encoding = encoding
        self._digest = hashlib.sha256()
        self._done = 0

    def __enter__(self) -> Self:
        try:
            self._file: BinaryIO = self._path.open("rb")
            self._size = os.fstat(self._file.fileno()).st_size
        except OSError:
            raise RuleBroken("The file cannot be opened.", field="file") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    @property
    def share(self) -> float:
        """How much of it was read, 0 to 1."""
        return min(self._done / self._size, 1.0) if self._size else 1.0

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with its row. Raises BrokenRecord where the text is not in its encoding, or not CSV."""
        row = 0
        reader = csv.reader(self._lines(), strict=True, delimiter=self._delimiter)
        try:
            for record in reader:
                row += 1
                if any(record) and (record[0] or any(field.strip() for field in record)):
                    yield row, record
        except csv.Error:
            raise BrokenRecord(row + 1, "The quotes or line ends of this row are broken.", self._broken_field()) from None
        except _Line as bad:
            raise BrokenRecord(row + 1, bad.text, broken_field(bad.before, self._delimiter)) from None

    def _broken_field(self) -> int:
        """In which field the first record that is no CSV is broken: the file is gone through again for it."""
        lines: list[str] = []

        def noted(source: Iterator[str]) -> Iterator[str]:
            for line in source:
                lines.append(line)
                yield line

        with CsvFile(self._path, delimiter=self._delimiter, encoding=self._encoding) as again, suppress(csv.Error, _Line):
            for _ in csv.reader(noted(again._lines()), strict=True, delimiter=self._delimiter):
                lines.clear()
        return broken_field("".join(lines), self._delimiter)

    def sha256(self) -> str:
        """The fingerprint of the whole file, whatever of it was understood."""
        while self._read():
            pass
        return self._digest.hexdigest()

    def _lines(self) -> Iterator[str]:
        """The lines with their ends. A block is decoded whole, and line by line only where something is wrong with it."""
        rest, first = b"", True
        while block := self._read():
            if first:
                block, first = block.removeprefix(_BOM), False
            until = block.find(b"\n")
            if len(rest) + (until if until >= 0 else len(block)) > _LONGEST_LINE:
                raise _Line("This row is too long to be one.")
            whole, newline, tail = block.rpartition(b"\n")
            if not newline:
                rest += block
                continue
            yield from self._decoded(rest + whole + newline)
            rest = tail
        if rest:
            yield from self._decoded(rest)

    def _decoded(self, data: bytes) -> Iterator[str]:
        try:
            text = data.decode(self._encoding)
        except UnicodeDecodeError:
            return self._line_by_line(data)
        return self._line_by_line(data) if "\0" in text else io.StringIO(text, newline="\n")

    def _line_by_line(self, data: bytes) -> Iterator[str]:
        for raw in io.BytesIO(data):
            try:
                line = raw.decode(self._encoding)
            except UnicodeDecodeError as bad:
                before = raw[: bad.start].decode(self._encoding)
                raise _Line(f"This row is not {self._encoding.upper()} text.", before) from None
            if "\0" in line:
                raise _Line("This row holds a NUL character.", line.partition("\0")[0])
            yield line

    def _read(self) -> bytes:
        try:
            block = self._file.read(_BLOCK)
        except OSError:
            raise RuleBroken("The file cannot be read to its end.", field="file") from None
        self._digest.update(block)
        self._done += len(block)
        return block


class _Line(Exception):
    """One line that no record can be made of."""

    def __init__(self, text: str, before: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.before = before
        """What stands in the line before that; never told."""


def broken_field(text: str, delimiter: str) -> int:
    """The place of the field in which a record's text breaks off, or its quotes or line ends are not those of CSV."""
    place, quoted, fresh = 0, False, True
    rest = iter(text.rstrip("\r\n"))
    for character in rest:
        if quoted:
            quoted = character != '"'
            if not quoted and (following := next(rest, delimiter)) != '"':
                if following != delimiter:
                    break
                place, fresh = place + 1, True
            elif not quoted:
                quoted = True
            continue
        if character in "\r\n":
            break
        quoted, place, fresh = fresh and character == '"', place + (character == delimiter), character == delimiter
    return place
