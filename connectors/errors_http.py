"""Which of the desk's errors a reply is, the same for every service. Source: design, section 5, the table of states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from connectors.http import Reply
from connectors.retry_after import seconds_in
from helpdesk.errors import (
    ConnectorAuthFailed,
    ConnectorNotPermitted,
    ConnectorRejected,
    ConnectorUnavailable,
    HelpdeskError,
    Stage,
)

Documented: TypeAlias = Mapping[tuple[int, str], tuple[type[HelpdeskError], str]]
"""What a service's own specification says of a (status, code): the error it is, and the sentence for the desk."""

_TRY_AGAIN = frozenset({408, 425, 429})


def raise_for(reply: Reply, label: str, documented: Documented | None = None) -> None:
    """Returns for a good reply, else raises what it is. A (status, code) the service documents comes first, also in a 200.

    `label` is the service's name in the sentences."""
    codes = codes_of(reply.body)
    for code in codes:
        if documented and (reply.status, code) in documented:
            kind, message = documented[reply.status, code]
            raise kind(message)
    if 200 <= reply.status < 300:
        if is_outcome(reply.body):
            raise ConnectorUnavailable(f"{label} answered with an error.")
        return
    raise _by_status(reply, label)


def _by_status(reply: Reply, label: str) -> HelpdeskError:
    match reply.status:
        case 401:
            return ConnectorAuthFailed(f"{label} did not accept the sign-in.")
        case 403:
            return ConnectorNotPermitted(f"{label} does not let this desk ask that.")
        case 404:
            return ConnectorUnavailable(f"{label} could not be found at its address.")
        case status if status in _TRY_AGAIN or status >= 500 or status < 200:
            return ConnectorUnavailable(f"{label} is not available at the moment.", retry_after_s=retry_after_s(reply))
        case status if status < 400:
            return ConnectorRejected(f"{label} sent us to another address, which is not followed.")
        case _:
            return ConnectorRejected(f"{label} did not accept the request.")


def misunderstood(label: str) -> ConnectorUnavailable:
    """The error for a body that is broken or not of the shape the specification says."""
    return ConnectorUnavailable(f"{label} sent a reply that could not be understood.", stage=Stage.SHAPE)


def is_outcome(body: Any) -> bool:
    return isinstance(body, dict) and body.get("resourceType") == "OperationOutcome"


def codes_of(body: Any) -> tuple[str, ...]:
    """The error codes of a body, the service's own before FHIR's general ones: OperationOutcome issues
    (details.coding[].code, then code) and JSON:API `errors[].code`. A body of any other shape has none."""
    if not isinstance(body, dict):
        return ()
    if not is_outcome(body):
        return tuple(code for error in _dicts(body.get("errors")) if isinstance(code := error.get("code"), str))
    own: list[str] = []
    general: list[str] = []
    for issue in _dicts(body.get("issue")):
        details = issue.get("details")
        codings = _dicts(details.get("coding")) if isinstance(details, dict) else []
        own += [code for coding in codings if isinstance(code := coding.get("code"), str)]
        general += [code] if isinstance(code := issue.get("code"), str) else []
    return tuple(own + general)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def retry_after_s(reply: Reply) -> float | None:
    """The Retry-After header in seconds from when the reply came, or None."""
    return seconds_in(reply.headers.get("Retry-After", ""), reply.received)
