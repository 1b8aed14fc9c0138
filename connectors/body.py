"""Reads the body of a reply, inflated where it is packed, and never holds more than its limit."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

_CHUNK = 64 * 1024
_PIECE = 1024 * 1024
_AS_IT_IS = ("", "identity")
_PACKED = ("gzip", "x-gzip")


class BadBodyError(Exception):
    """The body is cut off, or packed in a way we did not ask for."""


class TooLargeError(BadBodyError):
    """The body is longer than we take, as it came or inflated."""


def read(raw: Any, encoding: str, limit: int) -> bytes:
    """The body of a urllib3 response. Raises BadBodyError, and what urllib3 raises while reading."""
    data = bytearray()
    pour(raw, encoding, limit, data.extend)
    return bytes(data)


def pour(raw: Any, encoding: str, limit: int, write: Callable[[bytes], object]) -> None:
    """The same a piece at a time, for bodies too long to hold; raises as `read`, and what `write` raises."""
    packing = encoding.strip().lower()
    if packing in _PACKED:
        _inflate(raw, limit, write)
        return
    if packing not in _AS_IT_IS:
        raise BadBodyError
    taken = 0
    while chunk := raw.read(_CHUNK, decode_content=False):
        taken += len(chunk)
        if taken > limit:
            raise TooLargeError
        write(chunk)


def _inflate(raw: Any, limit: int, write: Callable[[bytes], object]) -> None:
    """Inflates only as far as the limit: a small body may be packed a thousand to one."""
    taken = 0
    member = _member()
    begun = False
    while chunk := raw.read(_CHUNK, decode_content=False):
        begun = True
        more = True
        while more:
            most = min(_PIECE, limit + 1 - taken)
            if member.eof:
                member = _member()
            try:
                piece = member.decompress(chunk, most)
            except zlib.error:
                raise BadBodyError from None
            taken += len(piece)
            if taken > limit:
                raise TooLargeError
            write(piece)
            chunk = member.unused_data if member.eof else member.unconsumed_tail
            # what was read whole may still have more inside than was asked for
            more = bool(chunk) or (len(piece) == most and not member.eof)
    if begun and not member.eof:
        raise BadBodyError


def _member() -> Any:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)
