"""Which computer an address leads to, and what a safe connection to it needs."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

_NOT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f\\]")
_LOOPBACK_V4 = ipaddress.ip_network("127.0.0.0/8")


def is_loopback_address(host: str) -> bool:
    """Whether this literal address is in 127.0.0.0/8 or is ::1. A name is not."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address in _LOOPBACK_V4 if address.version == 4 else address == ipaddress.ip_address("::1")


def is_loopback_host(host: str) -> bool:
    """A loopback literal, or `localhost` (whose address is looked at again when the connection is made)."""
    return host == "localhost" or is_loopback_address(host)


def checked_address(text: str) -> str:
    """The address as it was given. Raises ValueError in words for whoever typed it."""
    if _NOT_IN_AN_ADDRESS.search(text):
        raise ValueError("an address holds no spaces, backslashes or control characters")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("an address starts with https:// (or http:// on this computer) and names a host")
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError("an address holds no user name, no question mark and no #")
    return text


def is_protected(address: str) -> bool:
    """Whether what is sent there travels in a safe connection, or stays on this computer."""
    parts = urlsplit(address)
    return parts.scheme == "https" or is_loopback_host(parts.hostname or "")


@dataclass(frozen=True)
class Origin:
    """One service's door. `ca_file` is trusted beside the system's own authorities; `client_key` is the private key where
    it does not stand in the certificate's own file."""

    url: str
    ca_file: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None

    def at(self, url: str) -> Origin:
        """Another address, trusted and approached in the same way."""
        return replace(self, url=url)

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def is_loopback(self) -> bool:
        return is_loopback_host(self.parts.hostname or "")
