"""Stand-ins for the tests: views that note down what they were shown, a desk of made-up people, time and threads by hand."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from helpdesk.answers import Answer, SourceState
from helpdesk.callers.authority import AuthorityOutcome
from helpdesk.callers.model import Authority, CallerKind, Item, ItemResult, ItemState, Level, Verification
from helpdesk.calls.model import CallDraft, Choice, Disposition, Dispositions, SavedCall
from helpdesk.desk.authority import ProxyLook
from helpdesk.desk.links import LinkOffer
from helpdesk.desk.model import Banner, Gate, GateState, Opened, Port, SourceInfo, StatusView
from helpdesk.errors import HelpdeskError, RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.pathways.model import Coded, ListKind, Part, Pathway, Saying, Sentence
from helpdesk.patients.model import Candidate, Fact, FactKind, Listing, Origin, PartialDate, PersonName, Query, Sensitivity
from helpdesk.patients.related import Related
from helpdesk.signposting.model import Card, Channel, Twin
from helpdesk.tasks import Done

NUMBERS = tuple(NhsNumber(n) for n in ("9000000009", "9000000017", "9000000025", "9000000033"))
TODAY = date(2026, 11, 20)
CHOICES = Dispositions(
    reasons=(Choice("wl_position", "Waiting list: position", "Waiting list"), Choice("other", "Something else", "Other")),
    outcomes=(Choice("answered", "Answered"), Choice("callback_booked", "Call back booked"), Choice("handed_off_pending", "Handed off")),
    next_actions=(
        Choice("resolved", "Nothing more to do"),
        Choice("desk_rings_back", "We ring back"),
        Choice("navigator_follows_up", "Care navigator follows it up"),
    ),
    caller_types=(Choice("patient", "The patient"), Choice("carer", "A carer")),
)
SOURCES = (
    SourceInfo("waiting_lists", "Waiting lists", Port.WAITING_LISTS),
    SourceInfo("ers", "e-RS", Port.REFERRALS),
    SourceInfo("gp_connect", "GP Connect", Port.PRACTICE_APPOINTMENTS),
)


class HandClock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class HandScheduler:
    """Calls what is due when the test lets time pass."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = 0

    def after(self, delay_ms: int, call: Callable[[], None]) -> Callable[[], None]:
        self._count += 1
        entry = (self._clock.moment + timedelta(milliseconds=delay_ms), self._count, call)
        self._due.append(entry)
        return lambda: self._due.remove(entry) if entry in self._due else None

    def pass_ms(self, delay_ms: int) -> None:
        """Lets so much time pass, calling what falls due in its order and at its moment."""
        end = self._clock.moment + timedelta(milliseconds=delay_ms)
        while ready := sorted(e for e in self._due if e[0] <= end):
            entry = ready[0]
            self._due.remove(entry)
            self._clock.moment = max(self._clock.moment, entry[0])
            entry[2]()
        self._clock.moment = end


@dataclass
class _Task:
    work: Callable[[], Any]
    then: Callable[[Done[Any]], None]
    done: Done[Any] | None = None


class HandRunner:
    """Work whose start and whose answer come when, and in the order that, the test says."""

    def __init__(self) -> None:
        self.tasks: list[_Task] = []

    def run(self, work: Callable[[], Any], then: Callable[[Done[Any]], None]) -> None:
        self.tasks.append(_Task(work, then))

    def step(self, pick: random.Random) -> None:
        """Starts one piece of work, or hands over one answer."""
        if self.tasks:
            self.advance(pick.randrange(len(self.tasks)))

    def advance(self, index: int) -> None:
        task = self.tasks[index]
        if task.done is None:
            try:
                task.done = Done(value=task.work())
            except HelpdeskError as error:
                task.done = Done(error=error)
        else:
            self.tasks.remove(task)
            task.then(task.done)

    def all(self) -> None:
        """Finishes everything, in order."""
        while self.tasks:
            self.advance(0)


class Recorder:
    """A view: every `show_…`, `clear…` and `focus` it is sent is noted with what was shown."""

    def __init__(self, seen: Callable[[str, tuple[Any, ...]], None] | None = None) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self._seen = seen

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)

        def shown(*args: Any, **more: Any) -> None:
            self.calls.append((name, (*args, *more.values())))
            if self._seen is not None:
                self._seen(name, (*args, *more.values()))

        return shown

    def last(self, name: str) -> Any:
        """What it was shown last under that name: the one value, or all of them."""
        values = next(args for called, args in reversed(self.calls) if called == name)
        return values[0] if len(values) == 1 else values

    def count(self, name: str) -> int:
        return sum(1 for called, _ in self.calls if called == name)


def candidate(number: NhsNumber, name: str = "Smith", *, similar: bool = False) -> Candidate:
    return Candidate(
        number, PersonName(name, ("Jane",), "Mrs"), PartialDate(1950, 1, 1), "Female", False, False, Origin.INDEX, ("Name, exact",), similar
    )


class FakePeople:
    """Finds everybody for any words; "nobody" finds nobody, "bad" is a wrong number, "many" too many to list."""

    def __init__(self, numbers: tuple[NhsNumber, ...] = NUMBERS) -> None:
        self.people = tuple(candidate(n) for n in numbers)
        self.asked: list[tuple[str, str, str]] = []
        self.error: HelpdeskError | None = None

    def understand(self, text: str) -> Query:
        words = tuple(text.split())
        problem = "This is not a valid NHS number: a digit is wrong or two are swapped." if "bad" in words else ""
        return Query(text, tuple(Fact(FactKind.BORN_YEAR if w.isdigit() else FactKind.NAME, w, w) for w in words), problem)

    def typed(self, query: Query, search_id: str, call_id: str | None) -> Listing:
        return self._list("typed", query, search_id)

    def traced(self, query: Query, search_id: str, call_id: str | None, *, fuzzy: bool = False) -> Listing:
        return self._list("fuzzy" if fuzzy else "exact", query, search_id)

    def _list(self, how: str, query: Query, search_id: str) -> Listing:
        self.asked.append((how, query.text, search_id))
        if self.error is not None:
            raise self.error
        if "nobody" in query.text:
            return Listing(query, search_id, nobody_in_pds=how == "exact")
        if "many" in query.text:
            return Listing(query, search_id, total=412)
        return Listing(query, search_id, self.people, len(self.people))


def pathway(number: NhsNumber) -> Pathway:
    sentence = Sentence(f"You have waited 37 weeks. ({number})", "waiting_lists", date(2026, 11, 15), "clock start", "W14")
    after = Sentence(f"The next step is an appointment. ({number})", "waiting_lists", date(2026, 11, 15), "next event", "N02")
    return Pathway(
        key=f"pathway-{number}",
        nhs_number=number,
        specialty=Coded("110", "Trauma and orthopaedics"),
        provider=Coded("XFC01", "Fenmoor City Hospital"),
        list_kind=ListKind.RTT,
        clock_start=date(2026, 3, 3),
        clock_running=True,
        days_waited=262,
        weeks_band="37",
        waited_to=TODAY,
        mark_18_weeks=date(2026, 7, 6),
        referred=date(2026, 3, 3),
        next_event=None,
        standing=f"on the list, no appointment ({number})",
        sensitive=False,
        ask_team=False,
        sources=("waiting_lists",),
        as_at=date(2026, 11, 15),
        sayings=(Saying(Part.KNOWN, (sentence,)), Saying(Part.NEXT, (after,))),
    )


@dataclass(frozen=True)
class FakeChannel:
    channel: Channel
    allowed: bool
    why: str
    text: str


@dataclass(frozen=True)
class FakeCard:
    card: Card
    reason: str
    channels: tuple[FakeChannel, ...]


@dataclass
class _Held:
    number: NhsNumber
    verification: Verification
    answers: dict[str, Answer[Any]]
    glass_until: datetime | None = None


class FakeDesk:
    """A call desk that holds one patient a call, as the real one does. Everything it answers about a patient has that
    patient's number in it. The caller is verified after `needed` right answers; "right" is the right answer."""

    def __init__(self, clock: HandClock, needed: int = 2) -> None:
        self._clock, self.needed = clock, needed
        self.kept: list[CallDraft] = []
        self.saved: list[SavedCall] = []
        self.drafts: tuple[CallDraft, ...] = ()
        self.acts: list[str] = []
        self.errors: dict[str, HelpdeskError] = {}
        self.open: dict[str, _Held] = {}
        self._begun = 0

    def _did(self, act: str) -> None:
        self.acts.append(act)
        if act in self.errors:
            raise self.errors[act]

    def begin(self, phone: str = "") -> CallDraft:
        self._did("begin")
        self._begun += 1
        return CallDraft(f"call-{self._begun}", self._clock.now(), phone)

    def unfinished(self) -> tuple[CallDraft, ...]:
        return self.drafts

    def resume(self, draft: CallDraft) -> CallDraft:
        self._did("resume")
        return draft

    def keep(self, draft: CallDraft) -> None:
        self._did("keep")
        self.kept.append(draft)

    def open_patient(self, call_id: str, number: NhsNumber, query: Query | None) -> Opened:
        self._did("open_patient")
        results = {item: ItemResult(ItemState.NOT_ASKED) for item in (Item.DATE_OF_BIRTH, Item.POSTCODE, Item.HOSPITAL_NUMBER)}
        self.open[call_id] = _Held(number, Verification(results=results, needed="2 more matches"), {})
        return self._view(call_id)

    def close_patient(self, call_id: str) -> None:
        self._did("close_patient")
        self.open.pop(call_id, None)

    def try_item(self, call_id: str, item: Item, said: str) -> Opened:
        self._did("try_item")
        held = self._must(call_id)
        before = held.verification.results[item]
        left = before.tries_left - 1
        wrong = ItemResult(ItemState.NO_MATCH if left else ItemState.SPENT, left)
        return self._set(held, call_id, item, replace(before, state=ItemState.MATCH) if said == "right" else wrong)

    def cannot_say(self, call_id: str, item: Item) -> Opened:
        self._did("cannot_say")
        return self._view(call_id)

    def tick(self, call_id: str, act: str) -> Opened:
        held = self._must(call_id)
        held.verification = replace(held.verification, acts=held.verification.acts | {act})
        return self._view(call_id)

    def set_caller(self, call_id: str, kind: CallerKind, authority: Any) -> Opened:
        held = self._must(call_id)
        held.verification = replace(held.verification, caller=kind, authority=authority)
        return self._level(held, call_id)

    def break_glass(self, call_id: str, reason: str) -> Opened:
        self._did("break_glass")
        self._must(call_id).glass_until = self._clock.now() + timedelta(minutes=15)
        return self._view(call_id)

    def look_again(self, call_id: str) -> Opened:
        self._did("look_again")
        return self._view(call_id)

    def sources(self, call_id: str) -> tuple[SourceInfo, ...]:
        self._must(call_id)
        return SOURCES

    def ask(self, call_id: str, source: SourceInfo) -> Answer[object]:
        self._did(f"ask {source.name}")
        held = self._reached(call_id)
        answer: Answer[Any] = Answer(source.name, source.label, held.number, SourceState.FRESH, self._clock.now(), f"about {held.number}")
        held.answers[source.name] = answer
        return answer

    def status(self, call_id: str) -> StatusView:
        held = self._reached(call_id)
        told = () if "waiting_lists" not in held.answers else (pathway(held.number),)
        may_tell = held.verification.level >= Level.STATUS
        return StatusView(held.number, False, None, may_tell, (_pds(held.number), *held.answers.values()), told, today=TODAY)

    def try_proxy(self, call_id: str, name: str, born: str = "", nhs_number: str = "") -> tuple[Opened, ProxyLook]:
        """ "right" is the name of somebody who may speak for the patient."""
        self._did("try_proxy")
        if name == "right":
            opened = self.set_caller(call_id, CallerKind.SOMEONE_ELSE, Authority("nhs_proxy"))
            return opened, ProxyLook(AuthorityOutcome.MATCH, 2, relationship="mother", message="They may speak for the patient.")
        return self.look_again(call_id), ProxyLook(AuthorityOutcome.NO_MATCH, 1, message="No match.")

    @property
    def beside(self) -> FakeDesk:
        return self

    def related(self, call_id: str) -> tuple[Related, ...]:
        self._did("related")
        return (Related("Mother", PersonName("Adeyemi", ("Folake",), "Mrs")), Related("Carer", nhs_number=NUMBERS[1]))

    def links(self, call_id: str) -> tuple[LinkOffer, ...]:
        self._did("links")
        return (LinkOffer("record", "Shared care record", True), LinkOffer("app", "NHS App", False, "Not now."))

    def open_link(self, call_id: str, name: str) -> str:
        self._did("open_link")
        return f"http://127.0.0.1:1/{name}"

    def may_send(self, call_id: str) -> str:
        held = self.open.get(call_id)
        return "" if held and held.verification.level >= Level.STATUS else "The caller is not verified yet."

    def cards(self, call_id: str) -> tuple[FakeCard, ...]:
        held = self.open.get(call_id)
        about = f" for {held.number}" if held else ""
        channels = (FakeChannel(Channel.SMS, True, "Prefers texts", f"text{about}"), FakeChannel(Channel.LETTER, False, "No address", ""))
        return tuple(
            FakeCard(Card(key, "1", title, f"{title} in short", {}, (Twin("phone", "0808 157 0155"),)), f"fits{about}", channels)
            for key, title in (("hip", "Hip and knee: keeping well"), ("travel", "Travel costs"))
        )

    def history(self, call_id: str) -> tuple[SavedCall, ...]:
        held = self._reached(call_id)
        return (
            saved_call(CallDraft("before", self._clock.now(), patient=held.number, notes=f"notes of {held.number}"), self._clock.now()),
        )

    def check(self, draft: CallDraft) -> None:
        self._did("check")
        for field in ("reason", "outcome", "next_action"):
            if not getattr(draft.disposition, field):
                raise RuleBroken(f"Choose one: {field}.", field=field)

    def propose(self, draft: CallDraft) -> Disposition:
        return Disposition(next_action="resolved", caller_type="patient", outcome="not_on_the_list")

    def finish(self, draft: CallDraft) -> SavedCall:
        self._did("finish")
        saved = saved_call(draft, self._clock.now())
        self.saved.append(saved)
        self.open.pop(draft.id, None)
        return saved

    def safety(self, call_id: str | None, route: str) -> None:
        self._did(f"safety {route}")

    def _must(self, call_id: str) -> _Held:
        if call_id not in self.open:
            raise RuleBroken("No patient is open in this call.")
        return self.open[call_id]

    def _reached(self, call_id: str) -> _Held:
        held = self._must(call_id)
        if held.verification.level < Level.STATUS and self._glass(held) is None:
            raise RuleBroken("The caller is not verified yet.")
        return held

    def _set(self, held: _Held, call_id: str, item: Item, result: ItemResult) -> Opened:
        held.verification = replace(held.verification, results={**held.verification.results, item: result})
        return self._level(held, call_id)

    def _level(self, held: _Held, call_id: str) -> Opened:
        v = held.verification
        right = sum(1 for r in v.results.values() if r.state is ItemState.MATCH)
        enough = right >= self.needed and (v.caller is CallerKind.PATIENT or v.authority is not None)
        held.verification = replace(v, level=Level.STATUS if enough else Level.PUBLIC)
        return self._view(call_id)

    def _view(self, call_id: str) -> Opened:
        held = self._must(call_id)
        gate = Gate(GateState.OPEN, held.number, Sensitivity.UNRESTRICTED)
        v = held.verification
        return Opened(call_id, held.number, gate, _pds(held.number), banner(held.number), v, glass_until=self._glass(held))

    def _glass(self, held: _Held) -> datetime | None:
        on = held.glass_until is not None and self._clock.now() < held.glass_until and held.verification.level < Level.STATUS
        return held.glass_until if on else None


def banner(number: NhsNumber) -> Banner:
    return Banner(number, f"PERSON {number}", "•••", "Female", "•••", "•••", "•••", "•••", "", (), False, None, "Not checked yet")


def saved_call(draft: CallDraft, ended: datetime) -> SavedCall:
    return SavedCall(
        draft.id, 1, draft.started, ended, "s1", "A. Handler", "handler", "desk-1", "XICB", draft.phone, draft.patient, draft.notes,
        draft.disposition, draft.level_reached, draft.caller_kind, draft.said, draft.signposts, draft.safety,
    )  # fmt: skip


def _pds(number: NhsNumber) -> Answer[Any]:
    return Answer("pds", "PDS", number, SourceState.FRESH, datetime(2026, 11, 20, 14, 2, tzinfo=UTC), f"about {number}")


def numbers_in(value: object) -> set[str]:
    """Every NHS number found anywhere in what a view was shown."""
    if isinstance(value, NhsNumber):
        return {value.value}
    if isinstance(value, str):
        return set(re.findall(r"\b\d{10}\b", value))
    if is_dataclass(value) and not isinstance(value, type):
        return set().union(*(numbers_in(getattr(value, f.name)) for f in fields(value)))
    if isinstance(value, dict):
        return set().union(*(numbers_in(v) for pair in value.items() for v in pair))
    if isinstance(value, (tuple, list, set, frozenset)):
        return set().union(*(numbers_in(v) for v in value))
    return set()
