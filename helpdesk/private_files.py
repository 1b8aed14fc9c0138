"""Files that belong to one person alone: made closed, read only where they are closed, replaced whole."""

from __future__ import annotations

import os
import secrets as random
import stat
from pathlib import Path

from helpdesk.errors import StorageError

HAS_MODES = os.name == "posix"


def make_private_folder(folder: Path) -> None:
    """Makes the folder, or makes it its owner's alone (0700). Raises StorageError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if HAS_MODES and stat.S_IMODE(folder.stat().st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError:
        raise StorageError("The desk's data folder cannot be made, or cannot be closed to other people.") from None


def create_private(path: Path, text: str) -> None:
    """Writes a new file, 0600. Where another process was first, its file stays. Raises StorageError."""
    try:
        _write_new(path, text)
    except FileExistsError:
        return
    except OSError:
        raise StorageError("A key file cannot be written in the desk's data folder.") from None


def replace_private(path: Path, text: str) -> None:
    """Puts this text in the place of what the file held, whole and on disk, or leaves it as it was. Raises StorageError."""
    fresh = path.with_name(f"{path.name}.{random.token_hex(8)}")
    try:
        _write_new(fresh, text)
        fresh.replace(path)
        if HAS_MODES:
            _sync_folder(path.parent)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise StorageError("A file cannot be written in the desk's data folder.") from None


def read_private(path: Path, most_bytes: int = 4096) -> str:
    """The text of a regular file that belongs to us and that nobody else may read. Raises StorageError."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        raise StorageError("A key file is missing, is a link, or cannot be read.") from None
    try:
        _refuse_unless_private(os.fstat(handle))
        with os.fdopen(os.dup(handle), "rb") as file:
            return file.read(most_bytes).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise StorageError("A key file cannot be read, or holds something else than text.") from None
    finally:
        os.close(handle)


def _write_new(path: Path, text: str) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refuse_unless_private(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise StorageError("A key file must be an ordinary file.")
    if HAS_MODES and (stat.S_IMODE(found.st_mode) & 0o177 or found.st_uid != os.geteuid()):
        raise StorageError("A key file must belong to you and be closed to everybody else (mode 0600).")
