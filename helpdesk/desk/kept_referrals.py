"""e-RS shows only the present state, so each state seen is kept and can be read back when e-RS cannot be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time

from helpdesk.desk.ports import Observations
from helpdesk.identifiers import NhsNumber, OdsCode, Ubrn
from helpdesk.pathways.model import EventKind, NextEvent, Referral, ReferralState


class KeptReferrals:
    """Referrals as observations: written at each look, the newest of each booking reference read back."""

    def __init__(self, observations: Observations) -> None:
        self._observations = observations

    def keep(self, referral: Referral) -> None:
        as_at = referral.as_at.isoformat() if referral.as_at is not None else ""
        self._observations.keep(referral.source, referral.nhs_number, f"ubrn:{referral.ubrn}", as_at, _written(referral))

    def references(self, source: str, number: NhsNumber) -> tuple[Ubrn, ...]:
        """Booking references that this source was seen to hold for this person, on a worklist or by itself."""
        keys = [key.rpartition(":")[2] for key, _, _ in self._observations.latest(source, number) if key.startswith(("ubrn:", "worklist:"))]
        return tuple(dict.fromkeys(Ubrn(text) for text in keys))

    def latest(self, source: str, number: NhsNumber) -> tuple[Referral, ...]:
        rows = self._observations.latest(source, number)
        return tuple(_read(source, number, key, as_at, payload) for key, as_at, payload in rows if key.startswith("ubrn:") and as_at)


def referrals_of(number: NhsNumber, kept: Iterable[tuple[str, str, str, str]]) -> tuple[Referral, ...]:
    """The referrals among what was kept of one person (source, key, as_at, payload)."""
    return tuple(_read(source, number, key, as_at, payload) for source, key, as_at, payload in kept if key.startswith("ubrn:") and as_at)


def _written(referral: Referral) -> str:
    event = referral.next_event
    return json.dumps(
        {
            "state": referral.state.value,
            "specialty": referral.specialty,
            "service": referral.service,
            "provider": referral.provider.value if referral.provider else None,
            "clock_start": referral.clock_start.isoformat() if referral.clock_start else None,
            "event": None
            if event is None
            else {
                "kind": event.kind.value,
                "day": event.day.isoformat(),
                "time": event.time.isoformat() if event.time else None,
                "place": event.place,
            },
            "contact_by": referral.contact_by.isoformat() if referral.contact_by else None,
            "service_phone": referral.service_phone,
            "advice": referral.advice,
        }
    )


def _read(source: str, number: NhsNumber, key: str, as_at: str, payload: str) -> Referral:
    """What was kept; what is about the contact and the advice is missing where it was kept before they were asked for."""
    held = json.loads(payload)
    event, by = held["event"], held.get("contact_by")
    return Referral(
        ubrn=Ubrn(key.removeprefix("ubrn:")),
        nhs_number=number,
        state=ReferralState(held["state"]),
        specialty=held["specialty"],
        service=held["service"],
        provider=OdsCode(held["provider"]) if held["provider"] else None,
        clock_start=date.fromisoformat(held["clock_start"]) if held["clock_start"] else None,
        next_event=None
        if event is None
        else NextEvent(
            EventKind(event["kind"]),
            date.fromisoformat(event["day"]),
            time.fromisoformat(event["time"]) if event["time"] else None,
            event["place"],
        ),
        source=source,
        as_at=datetime.fromisoformat(as_at),
        contact_by=date.fromisoformat(by) if by else None,
        service_phone=held.get("service_phone", ""),
        advice=held.get("advice", ""),
    )
