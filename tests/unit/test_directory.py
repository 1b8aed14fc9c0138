"""The directory: kept for a while, served with its date when a source is down, and names that never wait."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.answers import SourceState
from helpdesk.directory.keeping import MemoryKept, organisations_in, organisations_text, services_in, services_text
from helpdesk.directory.model import CareService, Organisation
from helpdesk.directory.service import ORGANISATIONS, SERVICES, Directory
from helpdesk.errors import ConnectorNotPermitted, ConnectorUnavailable, HelpdeskError, NotFound, RuleBroken
from helpdesk.identifiers import OdsCode

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
HOSPITAL = Organisation(
    OdsCode("XFC01"), "Fenmoor City Hospital", "NHS trust", False, "01632 960001", ("1 Wharf Street",), "ZZ99 3CZ", "ods", NOON
)
PHARMACY = CareService(
    "XS1", "Larkmead Pharmacy", "Pharmacy", OdsCode("XPR01"), "01632 960201", "https://larkmead.example.org", ("2 Parade",), "ZZ99 1AA",
    1.5, ("Every day 08:00 to 22:00",), "services", NOON,
)  # fmt: skip


@dataclass
class Sources:
    """Both directories and a clock; `down` is what they raise."""

    moment: datetime = NOON
    down: HelpdeskError | None = None
    known: dict[str, Organisation] = field(default_factory=lambda: {"XFC01": HOSPITAL})
    services: tuple[CareService, ...] = (PHARMACY,)
    asked: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def organisation(self, code: OdsCode) -> Organisation:
        self._ask(code.value)
        if code.value not in self.known:
            raise NotFound("No such code.")
        return self.known[code.value]

    def search(self, words: str, limit: int = 20) -> tuple[Organisation, ...]:
        self._ask(words)
        if len(words) < 3:
            raise RuleBroken("Too short.")
        return tuple(o for o in self.known.values() if words.lower() in o.name.lower())

    def find(self, words: str, postcode: str = "", limit: int = 20) -> tuple[CareService, ...]:
        self._ask(f"{words}|{postcode}")
        return self.services

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.down is not None:
            raise self.down


@pytest.fixture
def sources() -> Sources:
    return Sources()


@pytest.fixture
def kept(sources: Sources) -> MemoryKept:
    return MemoryKept(sources)


@pytest.fixture
def directory(sources: Sources, kept: MemoryKept) -> Directory:
    return Directory(sources, sources, kept, sources)


def test_an_organisation_is_asked_for_once_in_seven_days(directory: Directory, sources: Sources) -> None:
    for days in (0, 3, 3.9):
        sources.moment += timedelta(days=days)
        found = directory.organisation(HOSPITAL.ods)
    assert (sources.asked, found.state) == (["XFC01"], SourceState.FRESH)
    assert found.items == (HOSPITAL,)
    assert found.as_at == NOON
    sources.moment += timedelta(days=0.2)
    assert directory.organisation(HOSPITAL.ods).as_at == sources.moment
    assert len(sources.asked) == 2


def test_services_are_asked_for_once_a_day(directory: Directory, sources: Sources) -> None:
    first = directory.find_services("Pharmacy", "ZZ99")
    assert directory.find_services("  pharmacy ", "zz99") == first
    assert directory.find_services("pharmacy", "ZZ98").state is SourceState.FRESH
    assert len(sources.asked) == 2
    sources.moment += timedelta(days=1, seconds=1)
    directory.find_services("Pharmacy", "ZZ99")
    assert len(sources.asked) == 3


def test_what_is_old_is_served_with_its_date_while_the_source_is_down(directory: Directory, sources: Sources) -> None:
    directory.find_services("pharmacy")
    sources.moment += timedelta(days=3)
    sources.down = ConnectorUnavailable("The directory cannot be reached.")
    found = directory.find_services("pharmacy")
    assert (found.state, found.items, found.as_at) == (SourceState.STALE, (PHARMACY,), NOON)
    assert found.message == "The directory cannot be reached. What stands here is of 1 July 2026."


@pytest.mark.parametrize(
    ("error", "state"),
    [(ConnectorUnavailable("Down."), SourceState.UNAVAILABLE), (ConnectorNotPermitted("No."), SourceState.NOT_PERMITTED)],
)
def test_with_nothing_kept_the_failure_is_the_answer(
    directory: Directory, sources: Sources, error: HelpdeskError, state: SourceState
) -> None:
    sources.down = error
    for found in (directory.organisation(HOSPITAL.ods), directory.search_organisations("fenmoor"), directory.find_services("x")):
        assert (found.state, found.items, found.message) == (state, (), error.message)


def test_an_empty_answer_that_was_kept_is_no_answer_once_it_is_old(directory: Directory, sources: Sources) -> None:
    sources.services = ()
    assert directory.find_services("x").state is SourceState.NOTHING_HELD
    assert directory.find_services("x").state is SourceState.NOTHING_HELD
    sources.moment += timedelta(days=2)
    sources.down = ConnectorUnavailable("Down.")
    assert directory.find_services("x").state is SourceState.UNAVAILABLE


def test_a_code_that_is_not_known_is_nothing_held_and_not_asked_again(directory: Directory, sources: Sources) -> None:
    assert [directory.organisation(OdsCode("XNO01")).state for _ in range(2)] == [SourceState.NOTHING_HELD] * 2
    assert sources.asked == ["XNO01"]


def test_words_that_cannot_be_searched_for_are_said(directory: Directory) -> None:
    with pytest.raises(RuleBroken):
        directory.search_organisations("ab")


def test_what_is_not_set_up_is_said(kept: MemoryKept, sources: Sources) -> None:
    bare = Directory(None, None, kept, sources)
    assert "organisations" in bare.organisation(HOSPITAL.ods).message
    assert "services" in bare.find_services("x").message
    assert bare.learn(["XFC01"]) == 0
    assert bare.name_of("XFC01") == "XFC01"


def test_the_words_of_a_search_are_not_kept(directory: Directory, kept: MemoryKept) -> None:
    directory.find_services("pharmacy", "ZZ99 3CZ")
    directory.search_organisations("fenmoor")
    keys = [key for source in (ORGANISATIONS, SERVICES) for key, _, _ in kept.all_of(source)]
    assert len(keys) == 2
    assert not any(word in key for key in keys for word in ("pharmacy", "ZZ99", "3cz", "fenmoor"))


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '[{"ods": 3}]', '[{"ods": {"value": "x"}, "address_lines": []}]', "null"])
def test_what_was_kept_and_cannot_be_read_back_is_asked_for_again(
    directory: Directory, sources: Sources, kept: MemoryKept, text: str
) -> None:
    kept.put(ORGANISATIONS, "code:XFC01", text)
    assert directory.organisation(HOSPITAL.ods).items == (HOSPITAL,)
    kept.put(ORGANISATIONS, "code:XFC01", text)
    assert directory.learn(["XFC01"]) == 1


def test_what_is_kept_comes_back_whole() -> None:
    assert organisations_in(organisations_text([HOSPITAL]), NOON) == (HOSPITAL,)
    assert services_in(services_text([PHARMACY, replace(PHARMACY, organisation=None)]), NOON) == (
        PHARMACY,
        replace(PHARMACY, organisation=None),
    )


class Shut:
    """Asked for anything it fails: nothing may be read."""

    def get(self, source: str, key: str) -> tuple[str, datetime] | None:
        raise AssertionError(key)

    def put(self, source: str, key: str, value: str) -> None:
        raise AssertionError(key)

    def all_of(self, source: str) -> Sequence[tuple[str, str, datetime]]:
        raise AssertionError(source)


def test_a_name_is_told_without_asking_anybody(sources: Sources) -> None:
    directory = Directory(sources, sources, Shut(), sources)
    assert directory.name_of("XFC01") == "XFC01"
    assert sources.asked == []


def test_names_that_are_asked_for_are_learned_once(directory: Directory, sources: Sources) -> None:
    codes = ["XFC01", "XNO01", "not a code"]
    assert [directory.name_of(code) for code in codes] == codes
    assert directory.learn(codes) == 3
    assert directory.name_of("XFC01") == "Fenmoor City Hospital"
    assert directory.name_of("XNO01") == "XNO01"
    assert directory.learn(codes) == 0
    assert sorted(sources.asked) == ["XFC01", "XNO01"]


def test_names_kept_before_are_there_at_the_next_start_though_old_and_the_source_down(
    directory: Directory, sources: Sources, kept: MemoryKept
) -> None:
    directory.learn(["XFC01"])
    sources.moment += timedelta(days=30)
    sources.down = ConnectorUnavailable("Down.")
    again = Directory(sources, sources, kept, sources)
    assert again.learn(["XFC01", "XOC01", "XTG01"]) == 1
    assert again.name_of("XFC01") == "Fenmoor City Hospital"
    assert len(sources.asked) == 2, "the first that cannot be asked ends it"


def test_old_names_are_brought_up_to_date(directory: Directory, sources: Sources, kept: MemoryKept) -> None:
    directory.learn(["XFC01"])
    sources.moment += timedelta(days=8)
    sources.known["XFC01"] = replace(HOSPITAL, name="Fenmoor University Hospital")
    again = Directory(sources, sources, kept, sources)
    again.learn(["XFC01"])
    assert again.name_of("XFC01") == "Fenmoor University Hospital"


def test_a_search_teaches_names(directory: Directory) -> None:
    directory.search_organisations("fenmoor")
    assert directory.name_of("XFC01") == "Fenmoor City Hospital"


def test_a_name_is_told_while_a_worker_waits_for_the_directory(sources: Sources, kept: MemoryKept) -> None:
    asked, go_on = threading.Event(), threading.Event()

    class Slow(Sources):
        def organisation(self, code: OdsCode) -> Organisation:
            asked.set()
            assert go_on.wait(10)
            return super().organisation(code)

    directory = Directory(Slow(), None, kept, sources)
    worker = threading.Thread(target=directory.learn, args=(["XFC01"],))
    worker.start()
    try:
        assert asked.wait(10)
        assert directory.name_of("XFC01") == "XFC01"
    finally:
        go_on.set()
        worker.join(10)
    assert directory.name_of("XFC01") == "Fenmoor City Hospital"
