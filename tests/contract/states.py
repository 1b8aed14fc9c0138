"""What a reply must become at the desk, by its status alone.

Source: design, section 5, the table of states; written out again here, so that the connectors are not asked about themselves."""

from __future__ import annotations

from typing import Any

from helpdesk.errors import ConnectorAuthFailed, ConnectorNotPermitted, ConnectorRejected, ConnectorUnavailable, HelpdeskError

_TRY_AGAIN = (404, 408, 425, 429)
"""A 404 among them: without a documented code it does not say that nothing is held."""


def error_for(status: int, body: Any) -> type[HelpdeskError] | None:
    """The error that must come of it; None for a good reply, which must give a value."""
    if 200 <= status < 300:
        return ConnectorUnavailable if isinstance(body, dict) and body.get("resourceType") == "OperationOutcome" else None
    if status in _TRY_AGAIN or status >= 500:
        return ConnectorUnavailable
    return {401: ConnectorAuthFailed, 403: ConnectorNotPermitted}.get(status, ConnectorRejected)
