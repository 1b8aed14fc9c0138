"""What was kept, from outside: saved calls, and an audit that shows when it was touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from helpdesk.calls.model import CallDraft, Disposition
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.services import Services
from helpdesk.storage.database import Database
from tests.journeys.command import Terminal
from tests.journeys.conftest import Sandbox
from tests.journeys.shapes import INSTANT, NUMBER, TEXT, WORDS, differs, one_of

CALL = {
    "id": WORDS,
    "version": int,
    "started": INSTANT,
    "ended": INSTANT,
    "staff": WORDS,
    "role": WORDS,
    "desk": WORDS,
    "nhs_number": one_of(None, NUMBER),
    "phone": TEXT,
    "reason": TEXT,
    "outcome": TEXT,
    "next_action": TEXT,
    "caller_type": TEXT,
    "would_have_rung_gp": TEXT,
    "level_reached": TEXT,
    "notes": TEXT,
    "signposts": [{"id": WORDS, "card": WORDS, "version": WORDS, "channel": WORDS}],
    "safety": [WORDS],
}


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "home")


def test_calls_saved_at_the_window_are_listed_and_shown(terminal: Terminal, sandbox: Sandbox, handler: Services) -> None:
    desk = handler.workstation().calls
    saved = []
    for words in ("Wrong number.", "Asked for the way to the eye clinic."):
        draft = desk.begin("07700 900123")
        saved.append(desk.finish(_ended(draft, words)))
    listed = terminal.run("call", "list", "--json", *sandbox.options())
    assert (listed.code, listed.err) == (0, "")
    assert differs(listed.json, [CALL]) == []
    assert [c["id"] for c in listed.json] == [s.id for s in reversed(saved)]
    assert [c["notes"] for c in listed.json] == ["Asked for the way to the eye clinic.", "Wrong number."]
    assert len(terminal.run("call", "list", "--limit", "1", "--json", *sandbox.options()).json) == 1
    shown = terminal.run("call", "show", saved[0].id, "--json", *sandbox.options())
    assert shown.json == listed.json[1]
    assert "Wrong number." in terminal.run("call", "show", saved[0].id, *sandbox.options()).out


def _ended(draft: CallDraft, words: str) -> CallDraft:
    return replace(draft, notes=words, disposition=Disposition("wait_how_long", "answered", "resolved", "patient", "no"))


@pytest.mark.parametrize("words", [("call", "show", "no-such-call"), ("call", "list", "--limit", "-1"), ("call", "list", "--limit", "0")])
def test_a_call_that_is_not_there_is_an_error(terminal: Terminal, sandbox: Sandbox, words: tuple[str, ...]) -> None:
    ran = terminal.run(*words, "--json", *sandbox.options())
    assert ran.code != 0
    assert ran.out == ""
    assert ran.problem


def test_an_empty_list_of_calls_is_an_answer(terminal: Terminal, sandbox: Sandbox) -> None:
    ran = terminal.run("call", "list", "--json", *sandbox.options())
    assert (ran.code, ran.json) == (0, [])


def test_an_untouched_audit_is_sound(terminal: Terminal, sandbox: Sandbox) -> None:
    terminal.run("patient", "status", sandbox.story("simple_wait").value, *sandbox.options())
    ran = terminal.run("audit", "verify", "--json", *sandbox.options())
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["rows"] > 6
    assert ran.json["desks"] == ["cli"]
    assert ran.json["problems"] == []
    assert [sorted(r) for r in ran.json["roots"]] == [["day", "root"]]


@pytest.mark.parametrize(
    "touch",
    [
        "UPDATE audit SET purpose = 'another' WHERE seq = 3",
        "UPDATE audit SET subjects = '[]' WHERE subjects <> '[]'",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
    ],
)
def test_a_row_that_was_touched_is_found(terminal: Terminal, sandbox: Sandbox, folder: OpenFolder, touch: str) -> None:
    services = folder.for_command(None, "test")
    services.report.make(sandbox.story("simple_wait"), "test", tell=True)
    _past_the_guards(folder.database, touch)
    ran = terminal.run("audit", "verify", "--json", *sandbox.options())
    assert ran.code == 1
    assert ran.json["problems"]
    assert all(line.startswith("helpdesk: Desk cli, row ") for line in ran.err.splitlines())
    assert len(ran.err.splitlines()) == len(ran.json["problems"])


def _past_the_guards(database: Database, touch: str) -> None:
    """What somebody with the key and a database tool could do: the triggers that forbid it are taken away first."""
    with database.begin() as transaction:
        guards = transaction.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for guard in guards:
            transaction.execute(text(f"DROP TRIGGER {guard}"))
        assert transaction.execute(text(touch)).rowcount  # type: ignore[attr-defined]  # a statement that changes rows
