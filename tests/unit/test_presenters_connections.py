"""The presenter of the connections: nothing typed is lost, late answers change nothing, one test at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from helpdesk.desk.connections import (
    NO_SECRETS,
    Kind,
    Secrets,
    Tried,
)
from helpdesk.errors import RuleBroken
from helpdesk.tasks import Done, InlineRunner
from tests.fakes import HandClock
from tests.fakes_connections import CONNECTIONS, NINE, FakeConnections
from ui.settings.connections.model import Row, Shown, Typed
from ui.settings.connections.presenter import ConnectionsPresenter
from ui.settings.connections.words import REMOVED, SAVED, STOPPED


@dataclass
class FakeView:
    rows: tuple[Row, ...] = ()
    chosen: str = ""
    shown: Shown | None = None
    kinds: tuple[Kind, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    testing: str = ""
    tested: Tried | None = None
    told: str = ""
    confirm: str = ""
    around: tuple[Any, ...] = ()
    loading: str = ""
    ready: tuple[str, str, str] = ("", "", "")

    def show_loading(self, what: str) -> None:
        self.loading = what

    def show_rows(self, rows: tuple[Row, ...], chosen: str) -> None:
        self.rows, self.chosen = rows, chosen

    def show_around(self, broken: tuple[tuple[str, str], ...], where: str) -> None:
        self.around = (broken, where)

    def show_form(self, shown: Shown) -> None:
        self.shown = shown

    def show_kinds(self, kinds: tuple[Kind, ...]) -> None:
        self.kinds, self.shown = kinds, None

    def show_error(self, field: str, message: str) -> None:
        self.errors[field] = message

    def clear_errors(self) -> None:
        self.errors = {}

    def show_testing(self, label: str) -> None:
        self.testing = label

    def show_tested(self, tested: Tried | None) -> None:
        self.tested = tested

    def show_told(self, message: str) -> None:
        self.told = message

    def show_confirm(self, words: str) -> None:
        self.confirm = words

    def show_ready(self, save: str, test: str, remove: str) -> None:
        self.ready = (save, test, remove)


class HandRunner:
    """Does its work when the test says so, in any order."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def run(self, work: Callable[[], Any], then: Callable[[Done[Any]], None]) -> None:
        self.waiting.append(lambda: InlineRunner().run(work, then))

    def go(self, number: int = 0) -> None:
        self.waiting.pop(number)()


@pytest.fixture
def core() -> FakeConnections:
    return FakeConnections()


@pytest.fixture
def view() -> FakeView:
    return FakeView()


@pytest.fixture
def presenter(core: FakeConnections, view: FakeView) -> ConnectionsPresenter:
    made = ConnectionsPresenter(view, core, InlineRunner(), HandClock())
    made.start()
    return made


def typed(address: str, name: str = "", secrets: Secrets = NO_SECRETS) -> Typed:
    return Typed(name, {"base_url": address}, secrets)


def test_the_first_is_open_and_each_has_its_state_in_words(presenter: ConnectionsPresenter, view: FakeView) -> None:
    assert view.chosen == "pds"
    assert [row.words for row in view.rows] == ["PDS, Answered, 09:00, Who a person is", "ODS, Switched off, Names"]
    assert view.around == ((("odd", "No manifest."),), "/here.toml")
    assert view.shown is not None
    assert view.shown.told == "Last answered 09:00."
    assert view.loading == ""


def test_what_is_typed_is_there_again_when_one_comes_back(presenter: ConnectionsPresenter, view: FakeView) -> None:
    presenter.edited(typed("https://half", secrets=Secrets({"api_key": "half"})))
    presenter.choose("ods")
    assert view.shown is not None
    assert view.shown.typed.values == {"base_url": ""}
    assert view.rows[0].detail == "not saved"
    presenter.choose("pds")
    assert view.shown.typed.values == {"base_url": "https://half"}
    assert view.shown.typed.secrets.keep == {"api_key": "half"}
    presenter.undo()
    assert view.shown.typed.values == {"base_url": ""}
    assert view.rows[0].detail == "09:00"


def test_a_refused_save_says_it_at_its_field_and_loses_nothing(
    presenter: ConnectionsPresenter, view: FakeView, core: FakeConnections
) -> None:
    core.error = RuleBroken("An address starts with https://.", field="base_url")
    before = view.shown
    presenter.edited(typed("ftp://x"))
    presenter.save(typed("ftp://x"))
    assert view.errors == {"base_url": "An address starts with https://."}
    assert view.shown is before, "the form is not drawn anew"
    assert view.rows[0].detail == "not saved"
    assert view.told == ""


def test_a_save_says_that_it_holds_from_the_next_start(presenter: ConnectionsPresenter, view: FakeView, core: FakeConnections) -> None:
    presenter.edited(typed("https://x"))
    presenter.save(typed("https://x", secrets=Secrets({"api_key": "k"})))
    assert core.asked == [("save", "pds", {"base_url": "https://x"}, {"api_key": "k"}, False)]
    assert view.told == SAVED
    assert "next start" in SAVED
    assert view.rows[0].detail == "09:00"
    assert view.shown is not None
    assert view.shown.typed.secrets == NO_SECRETS


def test_a_test_says_what_failed_and_names_the_field(presenter: ConnectionsPresenter, view: FakeView, core: FakeConnections) -> None:
    presenter.test(typed("https://x"))
    assert core.asked == [("test", "pds", {"base_url": "https://x"})]
    assert view.tested is not None
    assert view.tested.fact == "No connection"
    assert view.errors == {"base_url": "Nothing answers at this address."}
    assert view.testing == ""


def test_a_test_can_be_stopped_and_its_late_answer_is_not_shown(core: FakeConnections, view: FakeView) -> None:
    runner = HandRunner()
    presenter = ConnectionsPresenter(view, core, runner, HandClock())
    presenter.start()
    runner.go()
    runner.go()
    presenter.test(typed("https://x"))
    assert view.testing == "PDS"
    presenter.test(typed("https://x"))
    assert (view.testing, view.told) == ("", STOPPED)
    runner.go()
    assert core.gave_up == [True], "the work knows that nobody waits"
    assert view.tested is None
    assert view.errors == {}


def test_the_answer_for_one_form_is_never_shown_at_another(core: FakeConnections, view: FakeView) -> None:
    runner = HandRunner()
    presenter = ConnectionsPresenter(view, core, runner, HandClock())
    presenter.start()
    runner.go()
    runner.go()
    presenter.test(typed("https://x"))
    presenter.choose("ods")
    runner.go(1)
    assert view.shown is not None
    assert view.shown.form.instance == "ods"
    runner.go()
    assert view.tested is None
    assert view.errors == {}


def test_a_slow_form_does_not_come_over_a_later_choice(core: FakeConnections, view: FakeView) -> None:
    runner = HandRunner()
    presenter = ConnectionsPresenter(view, core, runner, HandClock())
    presenter.start()
    runner.go()
    presenter.choose("ods")
    runner.go(1)
    runner.go(0)
    assert view.shown is not None
    assert view.shown.form.instance == "ods"


def test_removing_asks_once_more(presenter: ConnectionsPresenter, view: FakeView, core: FakeConnections) -> None:
    presenter.remove()
    assert core.asked == []
    assert "secrets" in view.confirm
    presenter.edited(typed("https://x"))
    assert view.confirm == ""
    presenter.remove()
    presenter.remove()
    assert core.asked == [("remove", "pds")]
    assert view.told == REMOVED
    assert [row.instance for row in view.rows] == ["ods"]
    assert view.shown is not None
    assert view.shown.form.instance == "ods", "what is gone is no longer on screen"


def test_one_can_be_added_under_a_name_of_its_own(presenter: ConnectionsPresenter, view: FakeView, core: FakeConnections) -> None:
    presenter.add()
    assert [kind.id for kind in view.kinds] == ["ods"]
    presenter.add_kind("ods")
    assert view.chosen == "ods_2"
    assert view.rows[-1].state == "New"
    presenter.save(typed("https://x", name=" mine "))
    assert core.asked == [("save", "mine", {"base_url": "https://x"}, {}, True)]


def test_a_new_one_can_be_let_go(presenter: ConnectionsPresenter, view: FakeView) -> None:
    presenter.add_kind("ods")
    presenter.edited(typed("https://x"))
    presenter.undo()
    assert [row.instance for row in view.rows] == ["pds", "ods"]
    assert view.chosen == "pds"


def test_without_any_connection_what_can_be_added_is_shown(core: FakeConnections, view: FakeView) -> None:
    core.connections = ()
    ConnectionsPresenter(view, core, InlineRunner(), HandClock()).start()
    assert [kind.id for kind in view.kinds] == ["ods"]
    assert view.ready[0] == "Choose a connection first."


def test_one_that_went_meanwhile_is_said(presenter: ConnectionsPresenter, view: FakeView, core: FakeConnections) -> None:
    core.connections = CONNECTIONS[:1]
    presenter.choose("ods")
    assert view.errors == {"": "Gone."}


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"trouble": "Address: This is needed."}, "Setting wrong"),
        ({"failed": NINE.replace(hour=10), "words": "It did not answer."}, "Failed"),
        ({"failed": NINE.replace(hour=8)}, "Answered"),
        ({"answered": None}, "Not asked yet"),
        ({"enabled": False}, "Switched off"),
    ],
)
def test_the_state_of_each(core: FakeConnections, view: FakeView, changed: dict[str, Any], state: str) -> None:
    core.connections = (replace(CONNECTIONS[0], **changed),)
    ConnectionsPresenter(view, core, InlineRunner(), HandClock()).start()
    assert [row.state for row in view.rows] == [state]
    assert bool(view.errors) == ("trouble" in changed)


def test_while_the_chosen_one_is_read_nothing_is_done_to_the_one_before(core: FakeConnections, view: FakeView) -> None:
    runner = HandRunner()
    presenter = ConnectionsPresenter(view, core, runner, HandClock())
    presenter.start()
    runner.go()
    runner.go()
    presenter.choose("ods")
    assert all(view.ready)
    presenter.save(typed("https://x"))
    presenter.remove()
    presenter.test(typed("https://x"))
    presenter.edited(typed("https://x"))
    assert core.asked == []
    runner.go()
    assert not any(view.ready)
    assert view.chosen == "ods"
    assert [row.detail for row in view.rows] == ["09:00", ""]
