"""In which words this desk speaks today: for whom, by which version, and whether anybody has signed it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from helpdesk.callers.model import CallerKind
from helpdesk.desk.model import StatusView
from helpdesk.pathways.audience import Audience
from helpdesk.pathways.days import said
from helpdesk.pathways.sentences import book
from helpdesk.pathways.speaking import Speaking
from helpdesk.pathways.versions import SignOff, WordingNote, Wordings, shipped

_AUDIENCES = {
    CallerKind.PATIENT: Audience.PATIENT,
    CallerKind.SOMEONE_ELSE: Audience.PROXY,
    CallerKind.PROFESSIONAL: Audience.PROFESSIONAL,
}


def audience_of(caller: CallerKind) -> Audience:
    return _AUDIENCES[caller]


@dataclass(frozen=True)
class DeskWording:
    """`signed_only` on a live profile: wording that nobody has signed off is not shown there. `phones` are numbers that
    callers may be given, by organisation."""

    wordings: Wordings = field(default_factory=shipped)
    signed_only: bool = False
    desk_phone: str = ""
    phones: Mapping[str, str] = field(default_factory=dict)

    def note(self, today: date) -> WordingNote:
        wording = self.wordings.on(today, signed=self.signed_only)
        if wording is None:
            return WordingNote(missing=self.wordings.missing(today))
        signed = wording.sign_off
        return WordingNote(wording.version, wording.effective, _signed(signed) if signed else "", sample=signed is None)

    def speaking(self, audience: Audience, today: date) -> Speaking:
        """Where there is nothing to speak with the view is muted afterwards."""
        return Speaking(book(audience, self.wordings.on(today, signed=self.signed_only)), self.desk_phone, self.phones)


def muted(view: StatusView) -> StatusView:
    """The facts without any words for a caller, and why."""
    pathways = tuple(replace(p, sayings=(), gaps=tuple(replace(gap, say=()) for gap in p.gaps)) for p in view.pathways)
    care = replace(view.primary_care, words=()) if view.primary_care is not None else None
    missing = view.wording.missing
    return replace(view, pathways=pathways, primary_care=care, general=(), notice=view.notice or missing)


def _signed(sign_off: SignOff) -> str:
    return f"{sign_off.by}, {sign_off.role}, {said(sign_off.on)}"
