"""Answers how much longer people like this one usually waited, or says that there is no reliable figure and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from threading import Lock

from helpdesk.waits.model import BackTest, WaitAnswer, WaitRange
from helpdesk.waits.packing import Kept, unpack_curves
from helpdesk.waits.ports import WaitStore
from helpdesk.waits.reckoning import Figure, Reckoned, Why, figure
from helpdesk.waits.rules import CHILDREN, Rules, Words, rules_on
from helpdesk.waits.run import DECIDED

NO_FIGURE = "No reliable figure"
UNSIGNED = "Nobody has signed these words off yet, so they are not for callers."


class WaitTables:
    """The curves of every list, in memory. `read` takes in what was reckoned last; until then there is no figure.
    `live` says that only words that somebody signed off may be said."""

    def __init__(self, store: WaitStore, *, live: bool) -> None:
        self._store, self._live = store, live
        self._lock = Lock()
        self._packed: Mapping[str, bytes] = {}
        self._lists: dict[str, Mapping[str, Kept]] = {}

    def read(self) -> None:
        """Not for the window's own thread: it asks the database. Raises StorageError."""
        packed, _ = self._store.run()
        with self._lock:
            self._packed, self._lists = packed, {}

    def answer(
        self,
        *,
        provider: str,
        treatment_function: str,
        days_waited: int | None,
        today: date,
        on_18_weeks: bool,
        clock_running: bool = True,
        planned: bool = False,
        ask_team: bool = False,
        urgent: bool = False,
        decided_to_admit: bool = False,
        admission_booked: bool = False,
        specialty: str = "",
        provider_name: str = "",
    ) -> WaitAnswer:
        """`on_18_weeks` is False for pathways that the published counts do not hold; `planned` for planned lists,
        `ask_team` for pathways whose own team answers everything, `urgent` where the clinical priority is P1 or P2. Names
        are those to be said; without one there are no words."""
        if reason := _never(
            on_18_weeks=on_18_weeks,
            planned=planned,
            ask_team=ask_team or urgent,
            running=clock_running and days_waited is not None and days_waited >= 0,
            booked=admission_booked,
        ):
            return WaitAnswer(why_not=f"{NO_FIGURE}: {reason}.")
        rules = rules_on(today)
        function = rules.counted_as.get(treatment_function.strip().upper().removeprefix("C_"))
        if function is None:
            return WaitAnswer(why_not=f"{NO_FIGURE}: it is not recorded under which heading this specialty is counted.")
        if function == CHILDREN:
            return WaitAnswer(why_not=f"{NO_FIGURE}: children's services are counted together, and their waits differ too much.")
        kept = self._of(provider.strip().upper()).get(function + (DECIDED if decided_to_admit else ""))
        found = _figure(kept, (days_waited or 0) / 7, today, rules)
        if kept is None or isinstance(found, Why):
            return WaitAnswer(why_not=f"{NO_FIGURE}: {found}.")
        return self._told(kept, found, rules, treatment_function, function, specialty, provider_name)

    def _of(self, provider: str) -> Mapping[str, Kept]:
        with self._lock:
            held = self._lists.get(provider)
            if held is None:
                packed = self._packed.get(provider)
                held = self._lists[provider] = unpack_curves(packed) if packed is not None else {}
            return held

    def _told(self, kept: Kept, found: Figure, rules: Rules, asked: str, function: str, specialty: str, provider_name: str) -> WaitAnswer:
        list_, test = kept
        about = _range(list_, test, found, f"{specialty or asked} at {provider_name}" if provider_name else specialty or asked)
        if function != asked.strip().upper().removeprefix("C_"):
            about = _counted_with_others(about)
        words = rules.words
        if words is None or not (specialty and provider_name):
            return WaitAnswer(range=about)
        if self._live and not words.signed_off:
            return WaitAnswer(range=about, missing=UNSIGNED)
        return WaitAnswer(range=about, words=_said(words, found, specialty, provider_name), wording=words.version)


def _never(*, on_18_weeks: bool, planned: bool, ask_team: bool, running: bool, booked: bool) -> str:
    """Why there is never a figure for this kind of pathway, or ""."""
    if ask_team:
        return "the patient's own team is the best to ask"
    if planned:
        return "this is a planned list, where people are called when they are due"
    if not on_18_weeks:
        return "this wait is not among those that are counted and published"
    if not running:
        return "no clock is known to run"
    return "an admission is booked" if booked else ""


def _figure(kept: Kept | None, waited: float, today: date, rules: Rules) -> Figure | Why:
    if kept is None:
        return Why.NO_MONTHS
    list_ = kept[0]
    if today > list_.last.plus(rules.whole("oldest_months")).end:
        return Why.OLD
    return figure(list_, waited, rules)


def _range(list_: Reckoned, test: BackTest | None, found: Figure, who: str) -> WaitRange:
    first = list_.last.plus(1 - list_.pool.months)
    span = list_.last.name if first == list_.last else f"{first.name} to {list_.last.name}"
    lent = "; they are few, and filled up from all hospitals' counts for this specialty" if found.borrowed else ""
    checked = "" if test is not None else "; not yet checked against later months"
    return WaitRange(
        half_within_weeks=found.shown_half,
        three_quarters_within_weeks=found.shown_three_quarters,
        based_on=f"Published counts for {who}, {span}{lent}{checked}.",
        as_at=list_.last.end,
        borrowed=found.borrowed,
        back_test=test,
        quarter_within_weeks=found.shown_quarter,
    )


def _counted_with_others(about: WaitRange) -> WaitRange:
    return replace(about, based_on=about.based_on.removesuffix(".") + "; counted together with similar specialties.")


def _said(words: Words, found: Figure, specialty: str, provider: str) -> tuple[str, ...]:
    facts = {"specialty": specialty[:1].lower() + specialty[1:], "provider": provider}
    numbers = {"half": found.shown_half, "three_quarters": found.shown_three_quarters}
    return tuple(sentence.format(**facts, **numbers) for sentence in words.range)
