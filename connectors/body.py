"""Reads the body of a reply, inflated where it is packed, and never holds more than its limit."""

from __future__ import annotations

import zlib
from typing import Any

_CHUNK = 64 * 1024
_AS_IT_IS = ("", "identity")
_PACKED = ("gzip", "x-gzip")


class BadBodyError(Exception):
    """The body is cut off, or packed in a way we did not ask for."""


class TooLargeError(BadBodyError):
    """The body is longer than we take, as it came or inflated."""


def read(raw: Any, encoding: str, limit: int) -> bytes:
    """The body of a urllib3 response. Raises BadBodyError, and what urllib3 raises while reading."""
    packing = encoding.strip().lower()
    if packing in _PACKED:
        return _inflated(raw, limit)
    if packing not in _AS_IT_IS:
        raise BadBodyError
    data = bytearray()
    while chunk := raw.read(_CHUNK, decode_content=False):
        data += chunk
        if len(data) > limit:
            raise TooLargeError
    return bytes(data)


def _inflated(raw: Any, limit: int) -> bytes:
    """Inflates only as far as the limit: a small body may be packed a thousand to one."""
    data = bytearray()
    member = _member()
    begun = False
    while chunk := raw.read(_CHUNK, decode_content=False):
        begun = True
        while chunk:
            if member.eof:
                member = _member()
            try:
                data += member.decompress(chunk, limit + 1 - len(data))
            except zlib.error:
                raise BadBodyError from None
            if len(data) > limit:
                raise TooLargeError
            chunk = member.unused_data if member.eof else member.unconsumed_tail
    if begun and not member.eof:
        raise BadBodyError
    return bytes(data)


def _member() -> Any:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)
