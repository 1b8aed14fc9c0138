"""Reads a CSV file record by record, strictly, and takes its fingerprint on the way."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from helpdesk.errors import RuleBroken

_BOM = b"\xef\xbb\xbf"
_LONGEST_LINE = 1_000_000
_REST = 1 << 20


class BrokenRecord(Exception):
    """The file cannot be read past this record. `row` counts the header as 1."""

    def __init__(self, row: int, text: str) -> None:
        super().__init__(text)
        self.row = row
        self.text = text


class CsvFile:
    """One file being read. Blank lines, and the rows of empty fields that spreadsheets
    leave at the end, are passed over but counted. Never more than one record is in memory.
    Raises RuleBroken where the file cannot be opened or read at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        try:
            self._file: BinaryIO = self._path.open("rb")
        except OSError:
            raise RuleBroken("The file cannot be opened.", field="file") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with its row. Raises BrokenRecord where the text is not UTF-8, or not CSV."""
        row = 0
        reader = csv.reader(self._lines(), strict=True)
        while True:
            try:
                record = next(reader, None)
            except csv.Error:
                raise BrokenRecord(row + 1, "The quotes or line ends of this row are broken.") from None
            except _Line as bad:
                raise BrokenRecord(row + 1, bad.text) from None
            if record is None:
                return
            row += 1
            if any(field.strip() for field in record):
                yield row, record

    def sha256(self) -> str:
        """The fingerprint of the whole file, whatever of it was understood."""
        while chunk := self._read(_REST):
            self._digest.update(chunk)
        return self._digest.hexdigest()

    def _lines(self) -> Iterator[str]:
        first = True
        while raw := self._readline():
            self._digest.update(raw)
            if len(raw) > _LONGEST_LINE:
                raise _Line("This row is too long to be one.")
            if first:
                raw, first = raw.removeprefix(_BOM), False
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError:
                raise _Line("This row is not UTF-8 text.") from None
            if "\0" in line:
                raise _Line("This row holds a NUL character.")
            yield line

    def _readline(self) -> bytes:
        try:
            return self._file.readline(_LONGEST_LINE + 1)
        except OSError:
            raise RuleBroken("The file cannot be read to its end.", field="file") from None

    def _read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except OSError:
            raise RuleBroken("The file cannot be read to its end.", field="file") from None


class _Line(Exception):
    """One line that no record can be made of."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
