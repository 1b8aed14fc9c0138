"""Says of a BaRS error who failed: the platform in the middle, or the provider's system behind it."""

from __future__ import annotations

from typing import Final

from connectors.errors_http import Documented, codes_of, raise_for
from connectors.http import Reply
from helpdesk.errors import ConnectorUnavailable, NotFound

_TARGET_UNKNOWN: Final = "BaRS could not find the provider's system."
_PATIENT_UNKNOWN: Final = "The provider's system holds no record under this NHS number."


def raise_for_search(reply: Reply, label: str) -> None:
    """As connectors.errors_http.raise_for, for a search by patient: only the provider is in a position to know that it
    holds nobody of that number, so a not-found of the platform is no "nothing held"."""
    documented: Documented = {
        (404, "REC_NOT_FOUND"): (NotFound, _PATIENT_UNKNOWN),
        (404, "PROXY_NOT_FOUND"): (ConnectorUnavailable, _TARGET_UNKNOWN),
    }
    raise_for(reply, _who(reply, label), documented)


def raise_for_capability(reply: Reply, label: str) -> None:
    """The same for what is not about a patient, where nothing is ever "nothing held"."""
    documented: Documented = {(404, "PROXY_NOT_FOUND"): (ConnectorUnavailable, _TARGET_UNKNOWN)}
    raise_for(reply, _who(reply, label), documented)


def _who(reply: Reply, label: str) -> str:
    """Whose failure it is, by the prefix of the code. Source: BaRS FHIR API, error codes: REC is the receiver, PROXY the
    platform, and SEND what the platform says of the sender."""
    for code in codes_of(reply.body):
        if code.startswith("REC_"):
            return f"{label}: the provider's system"
        if code.startswith(("PROXY_", "SEND_")):
            return f"{label}: the BaRS platform"
    return label
