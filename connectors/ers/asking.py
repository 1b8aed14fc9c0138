"""How e-RS is asked: by whom, with which headers, and what its refusals mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from connectors.errors_http import Documented, raise_for
from connectors.ers.functions import acts_for_another, call_rule, title
from connectors.ers.settings import ErsSettings
from connectors.http import Params, Reply, Transport
from helpdesk.errors import ConnectorNotPermitted, ConnectorRejected, NotFound
from helpdesk.registry.contract import ConnectorContext

_FHIR = "application/fhir+json"
_NOT_FOUND = ("REC_NOT_FOUND", "REFERENCE_NOT_FOUND", "RESOURCE_NOT_FOUND")
"""STU3 calls print no code for their 404: these are e-RS's own words for "not found" elsewhere. A 404 without one of
them says nothing about what was asked for. Source: e-RS FHIR API, error codes."""


class NoSuchRequest(ConnectorRejected):
    """The booking reference exists, and is not of the kind that was asked for."""


def _documented(absent: str) -> Documented:
    gone = (NotFound, absent)
    return {
        **{(404, code): gone for code in _NOT_FOUND},
        (422, "NO_RELATIONSHIP"): (ConnectorNotPermitted, "e-RS shows this only to the organisations that are part of it."),
        (422, "PATIENT_ERROR"): (ConnectorRejected, "e-RS could not read this referral's patient. Do not ask again."),
        (422, "INVALID_REQUEST_TYPE"): (NoSuchRequest, "This booking reference is not an active referral in e-RS."),
    }


class Asking:
    """One way into e-RS, in the role that the settings name. What the role may not ask is refused before it is sent."""

    def __init__(self, settings: ErsSettings, context: ConnectorContext, transport: Transport) -> None:
        self._settings = settings
        self._context = context
        self._transport = transport
        self.label = context.label or context.instance
        self.instance = context.instance

    def may(self, call: str) -> bool:
        """Whether this role may make the call ("A005", or the name of a worklist)."""
        rule = call_rule(call)
        if self._settings.asks_as_user:
            return self._settings.business_function in rule.user
        return self._settings.works_for in rule.application

    def get(self, call: str, path: str, absent: str, params: Params | None = None) -> Reply:
        """A good reply. `absent` is the sentence for a documented "not found". Raises NotFound, NoSuchRequest or
        another ConnectorError; ConnectorNotPermitted, with nothing sent, for what this role may not ask."""
        reply = self._transport.get_json(path, params, self._headers(call))
        raise_for(reply, self.label, _documented(absent))
        return _without_nulls(reply)

    def post(self, call: str, path: str, body: Any) -> Reply:
        """The same for a question that is sent as a body."""
        reply = self._transport.post_json(path, body, {**self._headers(call), "Content-Type": _FHIR})
        raise_for(reply, self.label, _documented("e-RS does not know this list."))
        return _without_nulls(reply)

    def _headers(self, call: str) -> dict[str, str]:
        self._require(call)
        headers = {"Accept": _FHIR, "X-Correlation-ID": str(uuid4())}
        if self._settings.asks_as_user:
            headers["NHSD-End-User-Organisation-ODS"] = self._settings.organisation or self._context.organisation
            headers["NHSD-eRS-Business-Function"] = self._settings.business_function
            if call_rule(call).on_behalf_of and acts_for_another(self._settings.business_function):
                headers["NHSD-eRS-On-Behalf-Of-User-ID"] = self._settings.on_behalf_of
        return headers

    def _require(self, call: str) -> None:
        function, what = self._settings.business_function, call_rule(call).what
        if not self._settings.asks_as_user:
            if not self.may(call):
                raise ConnectorNotPermitted(f"In e-RS an application of a {self._settings.works_for} may not {what}.")
            return
        if not function:
            raise ConnectorNotPermitted(f"No e-RS role is set for {self.label}, so it may not {what}.")
        if not self.may(call):
            raise ConnectorNotPermitted(f"In e-RS the role {title(function)} may not {what}.")
        if not (self._settings.organisation or self._context.organisation):
            raise ConnectorNotPermitted(f"No organisation is set for {self.label}, so it may not {what}.")
        if acts_for_another(function) and not self._settings.on_behalf_of:
            raise ConnectorNotPermitted(f"In e-RS a {title(function)} acts for a clinician, and none is set for {self.label}.")


def _without_nulls(reply: Reply) -> Reply:
    """e-RS documents null for many a thing that it leaves out; the rest of the body stays as it came."""
    return replace(reply, body=_dropped(reply.body))


def _dropped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _dropped(inner) for name, inner in value.items() if inner is not None}
    return [_dropped(inner) for inner in value] if isinstance(value, list) else value
