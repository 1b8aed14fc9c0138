"""Where the next page lies: under the address that was set, or it is not asked for."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from helpdesk.errors import ConnectorRejected

_LONGEST = 8192
_NOT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f\\#]")
_PORTS = {"http": 80, "https": 443}


class LedElsewhere(ConnectorRejected):
    """A page that would lie on another server, or outside the address that was set: nobody is told our patient's number."""

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} sent us to another address for the rest, which is not followed.")


def path_of(link: str, base_url: str, resource: str, label: str) -> str:
    """The path under `base_url` (with its query as it was given) of a page's link, absolute or relative to the search.
    Raises LedElsewhere."""
    base = urlsplit(base_url.rstrip("/"))
    parts = _parts(f"{base_url.rstrip('/')}/{resource}", link)
    if parts is None or _origin(parts) != _origin(base):
        raise LedElsewhere(label)
    under = parts.path.removeprefix(base.path)
    inside = parts.path.startswith(base.path) and (under == "" or under.startswith("/"))
    if not inside or _climbs(parts.path):
        raise LedElsewhere(label)
    return f"{under}?{parts.query}" if parts.query else under


def _parts(asked: str, link: str) -> SplitResult | None:
    if len(link) > _LONGEST or _NOT_IN_AN_ADDRESS.search(link):
        return None
    try:
        parts = urlsplit(urljoin(asked, link))
        return parts if parts.port != 0 and "@" not in parts.netloc else None
    except ValueError:
        return None


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)


def _climbs(path: str) -> bool:
    """Whether some server could read a step upwards in it, also encoded or with a path parameter behind it."""
    return any(step.split(";", 1)[0] in (".", "..") for step in re.split(r"[/\\]", unquote(path)))
