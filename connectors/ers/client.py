"""Asks e-RS for one referral, and for the lists of those that may be stuck."""

from __future__ import annotations

import time

from connectors.ers.asking import Asking, NoSuchRequest
from connectors.ers.details import Details
from connectors.ers.kept import Kept
from connectors.ers.mapping import referral_of
from connectors.ers.resource import read_referral
from connectors.ers.settings import ErsSettings
from connectors.ers.worklists import WorklistReader
from connectors.http import Transport
from helpdesk.desk.deadline import within
from helpdesk.errors import ConnectorRejected, HelpdeskError
from helpdesk.identifiers import Ubrn
from helpdesk.pathways.model import Referral, ReferralState, WorklistEntry, WorklistKind
from helpdesk.registry.contract import ConnectorContext

_NO_REFERRAL = "e-RS holds no referral with this booking reference."
_SHARE = 0.5
"""The part of the time-out that what is asked beside a referral may take, so that nobody on a call waits for it long."""


class ErsReferrals:
    """Fulfils the ports `Referrals` and `Worklists`."""

    def __init__(self, settings: ErsSettings, context: ConnectorContext, transport: Transport) -> None:
        self._clock = context.clock
        self._timeout_s = settings.timeout_s
        self._asking = Asking(settings, context, transport)
        self._details = Details(self._asking, Kept(context.clock), Kept(context.clock))
        self._lists = WorklistReader(settings, context, self._asking)

    def referral(self, ubrn: Ubrn) -> Referral:
        """The referral as it stands now; where the reference is only of a request for advice, its state is UNKNOWN and
        `advice` says so. Raises NotFound, or a ConnectorError: also when e-RS answers about another one."""
        ends = time.monotonic() + self._timeout_s
        try:
            reply = self._asking.get("A005", f"/STU3/ReferralRequest/{ubrn.value}", _NO_REFERRAL)
        except NoSuchRequest as refusal:
            return self._advice_only(ubrn, refusal, ends)
        resource = read_referral(reply.body, ubrn, self._asking.label)
        referral = referral_of(resource, asked=ubrn, source=self._asking.instance, now=reply.received, label=self._asking.label)
        return self._details.added(referral, resource, self._left_s(ends))

    def version(self, ubrn: Ubrn, version: int) -> Referral:
        """The referral if that is still its version, as a worklist names it: e-RS keeps no earlier ones. Raises as `referral`."""
        reply = self._asking.get("A005", f"/STU3/ReferralRequest/{ubrn.value}/_history/{version}", _NO_REFERRAL)
        resource = read_referral(reply.body, ubrn, self._asking.label)
        return referral_of(resource, asked=ubrn, source=self._asking.instance, now=reply.received, label=self._asking.label)

    def worklists(self) -> tuple[tuple[WorklistKind, str], ...]:
        return self._lists.worklists()

    def entries(self, kind: WorklistKind, service: str) -> tuple[WorklistEntry, ...]:
        return self._lists.entries(kind, service)

    def check(self) -> None:
        """Asks for a list of codes that is about nobody. Raises a ConnectorError: also for a role that may read nothing but
        worklists, which are not read to try them."""
        self._details.contact_days()

    def _advice_only(self, ubrn: Ubrn, refusal: NoSuchRequest, ends: float) -> Referral:
        """What stands under a reference that is of no referral. It counts no wait; one that became a referral would, and that
        referral is not to be had."""
        (asked,) = within(self._left_s(ends), [lambda: self._details.advice(ubrn)])
        try:
            advice = asked.result(timeout=0)
        except (HelpdeskError, TimeoutError):
            raise ConnectorRejected(refusal.message) from None
        if advice.converted:
            raise ConnectorRejected(refusal.message)
        return Referral(
            ubrn=ubrn,
            nhs_number=advice.nhs_number,
            state=ReferralState.UNKNOWN,
            specialty=advice.specialty,
            service=advice.service,
            source=self._asking.instance,
            as_at=self._clock.now(),
            advice=advice.words,
        )

    def _left_s(self, ends: float) -> float:
        return max(0.0, min(self._timeout_s * _SHARE, ends - time.monotonic()))
