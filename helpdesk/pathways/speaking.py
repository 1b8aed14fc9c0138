"""How this desk speaks to one caller: in which words, and which numbers it may give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from helpdesk.pathways.days import said_with_weekday, working_day_after
from helpdesk.pathways.model import Coded, Part, Saying
from helpdesk.pathways.sentences import Book, book


@dataclass(frozen=True)
class Speaking:
    """`desk_phone` is the desk's own number, `phones` the numbers of organisations by their code. `silent` where nobody is
    spoken to: pathways and gaps then come without words."""

    pages: Book = field(default_factory=book)
    desk_phone: str = ""
    phones: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False

    def ring_day(self, today: date) -> date:
        return working_day_after(today, self.pages.days_to_ring_back)

    def ring_values(self, today: date) -> dict[str, str | None]:
        """The blanks of when to ring this desk."""
        return {
            "ring_day": said_with_weekday(self.ring_day(today)),
            "ring_us": f"ring us on {self.desk_phone}" if self.desk_phone else "ring us",
        }

    def provider_values(self, provider: Coded) -> dict[str, str | None]:
        """The blanks of who has it: a name that may not be said, or is not known, is "the service"."""
        named = self.pages.speakable(provider.name if provider.name != provider.code else "")
        return {"provider": named or "the service", "team_phone": self.phones.get(provider.code) or None}

    def worse(self, page: str = "pathway") -> Saying:
        """Where to turn if it gets worse: the same for everybody, and no judgement of how anybody is."""
        said = (self.pages.sentence(rule, {}, {"general": self.pages.general}) for rule in self.pages.page("worse")[page])
        return Saying(Part.WORSE, tuple(s for s in said if s is not None))
