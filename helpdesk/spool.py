"""A private folder for files on their way: what lies in it is sealed, and only this program can read it while it runs.

Each part has a random key of its own that is kept nowhere but in memory, also that of a process that this one starts to
read the file (it goes along when the path is pickled), so that whatever a killed process leaves is
noise. Source: NIST SP 800-38D (AES-GCM); each block is bound to its place and to being the last."""

from __future__ import annotations

import io
import os
import secrets as random
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from helpdesk.errors import StorageError
from helpdesk.private_files import make_private_folder

if sys.platform == "win32":
    from pathlib import WindowsPath as _Native
else:
    from pathlib import PosixPath as _Native

_BLOCK = 64 * 1024
_TAG = 16
_ENDING = ".part"
_GZIP = b"\x1f\x8b"
_Closed: TypeAlias = tuple[Path, int, int, bytes, int]


class Spool:
    """The folder of one process: `clear` removes what former ones left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def clear(self) -> None:
        for path in self._folder.glob(f"*{_ENDING}"):
            path.unlink(missing_ok=True)

    def part(self, most_bytes: int) -> Part:
        """Raises StorageError."""
        make_private_folder(self._folder)
        return Part(self._folder / f"{random.token_hex(16)}{_ENDING}", most_bytes)

    def whole(self, parts: Sequence[Part], most_bytes: int) -> SpooledFile:
        """One file of these parts; one that is packed with gzip opens as what is inside, up to so many bytes."""
        return SpooledFile.of(parts, most_bytes)


class Part:
    """Bytes that are written once, closed, and then read as often as wanted. Raises StorageError while writing."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self.most_bytes = most_bytes
        self.size = 0
        self._key = AESGCM.generate_key(256)
        self._cipher = AESGCM(self._key)
        self._blocks = 0
        self._waiting = bytearray()
        try:
            self._file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600), "wb")
        except OSError:
            raise _full() from None

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self._waiting += data
        while len(self._waiting) > _BLOCK:
            self._seal(bytes(self._waiting[:_BLOCK]), last=False)
            del self._waiting[:_BLOCK]

    def close(self) -> None:
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()
        try:
            self._file.close()
        except OSError:
            raise _full() from None

    def drop(self) -> None:
        """Removes it; it may be dropped more than once."""
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    def __getstate__(self) -> _Closed:
        return self.path, self.most_bytes, self.size, self._key, self._blocks

    def __setstate__(self, state: _Closed) -> None:
        """Another process gets a closed part, to read only."""
        self.path, self.most_bytes, self.size, self._key, self._blocks = state
        self._cipher = AESGCM(self._key)

    def blocks(self) -> Iterator[bytes]:
        """What was written. Raises OSError where the file is not what was written."""
        with self.path.open("rb") as file:
            for number in range(self._blocks):
                sealed = file.read(_BLOCK + _TAG)
                try:
                    yield self._cipher.decrypt(_nonce(number), sealed, _place(last=number == self._blocks - 1))
                except InvalidTag:
                    raise OSError("a part was changed") from None

    def _seal(self, block: bytes, *, last: bool) -> None:
        try:
            self._file.write(self._cipher.encrypt(_nonce(self._blocks), block, _place(last=last)))
        except OSError:
            raise _full() from None
        self._blocks += 1


class SpooledFile(_Native):
    """A path for whoever reads files: it opens for reading only, and gives what was written. The file on the disk is
    sealed, and its path as a text opens that. A path made from this one is an ordinary one, with nothing in it."""

    _pieces_of: Sequence[Part] = ()
    _most_bytes: int = 0

    @classmethod
    def of(cls, parts: Sequence[Part], most_bytes: int) -> SpooledFile:
        made = cls(parts[0].path)
        made._pieces_of, made._most_bytes = tuple(parts), most_bytes
        return made

    def __reduce__(self) -> Any:
        return (SpooledFile.of, (self._pieces_of, self._most_bytes)) if self._pieces_of else (Path, (str(self),))

    def open(self, mode: str = "r", *more: Any, **named: Any) -> Any:
        if not self._pieces_of:
            return super().open(mode, *more, **named)
        if mode != "rb":
            raise OSError("a file on its way is only read, as bytes")
        return self.reading()

    def reading(self, *, packed: bool = False) -> BinaryIO:
        """The file's bytes; `packed`, as they came where they are packed."""
        pieces: Iterator[bytes] = (block for part in self._pieces_of for block in part.blocks())
        first = next((piece for piece in pieces if piece), b"")
        pieces = _after(first, pieces)
        if first.startswith(_GZIP) and not packed:
            pieces = _inflated(pieces, self._most_bytes)
        return io.BufferedReader(_Pieces(pieces, self._pieces_of[0].path), _BLOCK)

    def drop(self) -> None:
        for part in self._pieces_of:
            part.drop()


class _Pieces(io.RawIOBase):
    """`path` is the sealed file: whoever asks how long the file is learns about as much."""

    def __init__(self, pieces: Iterator[bytes], path: Path) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = memoryview(b"")
        self._sealed = path.open("rb")

    def fileno(self) -> int:
        return self._sealed.fileno()

    def close(self) -> None:
        self._sealed.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # typeshed's name for a buffer is not for run time
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        taken = min(len(view), len(self._rest))
        view[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


def _after(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _inflated(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Raises OSError for what is damaged, cut off or too long."""
    member = zlib.decompressobj(16 + zlib.MAX_WBITS)
    taken = 0
    for piece in pieces:
        left, more = piece, True
        while more:
            if member.eof:
                member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            try:
                made = member.decompress(left, _BLOCK)
            except zlib.error:
                raise OSError("the packing is damaged") from None
            taken += len(made)
            if taken > most:
                raise OSError("the file is too long")
            yield made
            left = member.unused_data if member.eof else member.unconsumed_tail
            # what was read whole may still have more inside than was asked for
            more = bool(left) or (len(made) == _BLOCK and not member.eof)
    if not member.eof:
        raise OSError("the packing is cut off")


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(*, last: bool) -> bytes:
    return b"last" if last else b"more"


def _full() -> StorageError:
    return StorageError("A file on its way cannot be kept in the desk's data folder. Is the disk full?")
