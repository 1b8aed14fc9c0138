"""Measures on a practice area how many of the stuck pathways are found, and how many of those found are stuck."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.activity import Activity
from helpdesk.pathways.model import GapKind, Pathway, Referral
from helpdesk.pathways.stitching import stitch
from helpdesk.practice.held import held_rows
from helpdesk.practice.model import Area
from helpdesk.practice.organisations import systems
from helpdesk.practice.pathways import ERS_SOURCE

_LIMIT_DAYS = 10
Where = tuple[NhsNumber, str]
"""A person and a treatment function: nobody in an area waits twice for one."""


@dataclass(frozen=True)
class Found:
    """One kind: how many were planted, how many were shown, and how many of those shown were planted."""

    kind: GapKind
    planted: int
    shown: int
    right: int

    @property
    def recall(self) -> float:
        return self.right / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.shown if self.shown else 1.0


def measure_gaps(area: Area) -> tuple[Found, ...]:
    """Every kind, through the same stitching as a call's, with everything that e-RS and the providers' own systems that
    are switched on would answer."""
    shown = {(where, gap.kind) for where, pathway in stuck_in(area) for gap in pathway.gaps}
    truth = set(area.planted.items())
    counts = [Counter(kind for _, kind in held) for held in (truth, shown, truth & shown)]
    return tuple(Found(kind, *(count[kind] for count in counts)) for kind in GapKind)


def stuck_in(area: Area) -> tuple[tuple[Where, Pathway], ...]:
    """Every pathway of the area that has a gap."""
    names = {o.ods.value: o.name for o in area.organisations}
    referrals: defaultdict[NhsNumber, list[Referral]] = defaultdict(list)
    unheard = {p.patient.nhs_number for p in area.people if ERS_SOURCE in p.faults}
    for referral in (r for r in area.referrals if r.nhs_number not in unheard):
        referrals[referral.nhs_number].append(referral)
    own = _activities(area)
    found = []
    for number, held in held_rows(area).items():
        pathways = stitch(
            held,
            referrals[number],
            about=number,
            today=area.today,
            limit_days=_LIMIT_DAYS,
            organisations=lambda code: names.get(code, code),
            activities=own.get(number, []),
        )
        found += [((number, p.specialty.code), p) for p in pathways if p.gaps]
    return tuple(found)


def _activities(area: Area) -> Mapping[NhsNumber, list[Activity]]:
    own: defaultdict[NhsNumber, list[Activity]] = defaultdict(list)
    for system in systems():
        if system.enabled:
            for number, items in area.activity_of(system.instance).items():
                own[number].extend(items)
    return own
