"""What a file says of its own size: a last row that counts the others, or a small file beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from connectors.waiting_list_extract.fields import Problems
from helpdesk.errors import RuleBroken

_TRAILERS = frozenset({"trailer", "total", "totals", "total rows", "row count", "end of file", "eof"})
TRAILER = "trailer row"
SIDE_FILE = ".totals"
_LONGEST_SIDE_FILE = 4096
_LINE = re.compile(r"\s*(rows|sha256)\s*[=:,;]\s*\"?([0-9A-Fa-f]+)\"?\s*", re.IGNORECASE)


class Totals:
    """The control totals of one file, compared once all of it was read."""

    def __init__(self, path: Path, problems: Problems) -> None:
        """Raises RuleBroken where the file beside it is there and cannot be understood."""
        self._problems = problems
        self._beside = _beside(path)
        self._trailer: tuple[int, int] | None = None

    def is_trailer(self, row: int, record: Sequence[str]) -> bool:
        """Takes the row where it is the trailer: a word such as TRAILER, the number of rows, and nothing else."""
        if record[0].strip().casefold() not in _TRAILERS:
            return False
        filled = [value.strip() for value in record[1:] if value.strip()]
        if len(filled) != 1 or not filled[0].isascii() or not filled[0].isdigit() or len(filled[0]) > 10:
            self._problems.add(row, TRAILER, "It does not say how many rows the file has.")
        else:
            self._trailer = (row, int(filled[0]))
        return True

    def followed(self, row: int) -> None:
        """Called for each row: a trailer is the last one."""
        if self._trailer is not None:
            self._problems.add(row, TRAILER, "A row stands behind the trailer row.")

    def compare(self, rows: int, sha256: str) -> None:
        if self._trailer is not None and self._trailer[1] != rows:
            self._problems.add(self._trailer[0], TRAILER, f"It counts {self._trailer[1]} rows; the file has {rows}.")
        said = self._beside.get("rows")
        if said is not None and int(said) != rows:
            self._problems.add(None, "totals file", f"It counts {int(said)} rows; the file has {rows}.")
        if self._beside.get("sha256", sha256).lower() != sha256:
            self._problems.add(None, "totals file", "It is for a file with another fingerprint.")


def _beside(path: Path) -> dict[str, str]:
    """The `.totals` file, named as the extract with that behind it or in place of its ending; empty where there is none."""
    for beside in (path.with_name(path.name + SIDE_FILE), path.with_suffix(SIDE_FILE)):
        try:
            text = beside.read_bytes()[:_LONGEST_SIDE_FILE].decode("utf-8-sig")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            raise RuleBroken("The totals file beside the extract cannot be read.", field="totals") from None
        return _understood(text)
    return {}


def _understood(text: str) -> dict[str, str]:
    found = {m[1].lower(): m[2] for line in text.splitlines() if (m := _LINE.fullmatch(line))}
    if not found or not found.get("rows", "0").isdigit() or len(found.get("rows", "0")) > 10:
        raise RuleBroken("The totals file beside the extract does not say how many rows it has, as in rows=1200.", field="totals")
    return found
