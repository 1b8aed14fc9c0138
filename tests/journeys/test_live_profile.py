"""A live profile from outside: what it refuses, whom it lets in, what it writes down first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helpdesk.audit import AuditAction
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.practice import RunningArea
from helpdesk.practice.model import Area
from helpdesk.start import begin
from helpdesk.storage.records import AuditRecord
from tests.journeys.command import Ran, Terminal, owner_only
from tests.journeys.conftest import Sandbox
from tests.journeys.shapes import SEARCH, STATUS, differs

PASSPHRASE = "correct horse battery staple"
PASSWORD = "a password of support"
OTHER = "the administrator's own"
JANE = "9993000019"
REFUSED = "On a live profile write - here and give the identifier on standard input."
PERSONAL = [
    ("patient", "search", "-"),
    ("patient", "status", "-"),
    ("call", "list"),
    ("call", "show", "some-call"),
    ("extract", "import", "FILE"),
]


@dataclass(frozen=True)
class Live:
    """A live desk whose systems are stubs on loopback and whose key is a passphrase."""

    terminal: Terminal
    config: Path
    data: Path
    keys: Path

    def run(self, *words: str, by: str = "", stdin: str = "", password: str | None = None, new_password: str | None = None) -> Ran:
        env = {"HELPDESK_PASSPHRASE_FILE": str(owner_only(self.keys / "passphrase", PASSPHRASE + "\n"))}
        if password is not None:
            env["HELPDESK_PASSWORD_FILE"] = str(owner_only(self.keys / "password", password + "\n"))
        if new_password is not None:
            env["HELPDESK_NEW_PASSWORD_FILE"] = str(owner_only(self.keys / "new", new_password + "\n"))
        staff = ("--staff", by) if by else ()
        return self.terminal.run(*words, *staff, *self.options, stdin=stdin, env=env)

    @property
    def options(self) -> tuple[str, ...]:
        return ("--config", str(self.config), "--data-dir", str(self.data))

    def audit(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
        """The audit of the command line's desk: what, why, about how many, as it was written."""
        monkeypatch.setenv("HELPDESK_PASSPHRASE_FILE", str(owner_only(self.keys / "passphrase", PASSPHRASE)))
        folder = OpenFolder(begin(config=str(self.config), data_dir=str(self.data)))
        try:
            with folder.database.read() as transaction:
                rows = transaction.query(AuditRecord).filter_by(desk="cli").order_by(AuditRecord.seq).all()
                return [(r.action, r.purpose, r.subjects) for r in rows]
        finally:
            folder.close()


@pytest.fixture(scope="module")
def sandbox(area: Area, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("served")
    running = RunningArea(area, changed=True)
    try:
        running.write_extracts()
        config = folder / "sandbox.toml"
        config.write_text(running.config, encoding="utf-8")
        yield Sandbox(running, config, folder / "data")
    finally:
        running.stop()


def live_desk(sandbox: Sandbox, folder: Path) -> Live:
    config = folder / "live.toml"
    text = sandbox.running.config.replace('profile = "sandbox"', 'profile = "live"')
    config.write_text(text + '\n[database]\nkey = "passphrase"\n', encoding="utf-8")
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    return Live(Terminal(folder / "home"), config, folder / "live-data", keys)


@pytest.fixture
def live(sandbox: Sandbox, tmp_path: Path) -> Live:
    return live_desk(sandbox, tmp_path)


@pytest.fixture(scope="module")
def first_account(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a live desk with one account, made by whoever holds the key, that may support and administer."""
    made_at = live_desk(sandbox, tmp_path_factory.mktemp("first"))
    made = made_at.run("staff", "add", "sup", "S. Upport", "--role", "support", "--role", "administrator", password=PASSWORD)
    assert (made.code, made.err) == (0, ""), made
    return made_at.data


@pytest.fixture
def staffed(live: Live, first_account: Path) -> Live:
    shutil.copytree(first_account, live.data)
    return live


# without a safe place for the key


@pytest.mark.parametrize(
    "words",
    [*PERSONAL, ("staff", "list"), ("audit", "verify"), ("staff", "disable", "sup"), ("staff", "add", "a", "A", "--role", "support")],
)
def test_without_a_key_store_it_says_so_and_makes_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    terminal, data = Terminal(tmp_path / "home"), tmp_path / "data"
    file = tmp_path / "persons.csv"
    file.write_text("nhs_number\n", encoding="utf-8")
    password = owner_only(tmp_path / "password", PASSWORD)
    options = ("--staff", "sup", "--data-dir", str(data), *(() if words[0] == "staff" or words[0] == "audit" else ("--reason", "x")))
    given = [str(file) if w == "FILE" else w for w in words]
    ran = terminal.run(*given, *options, stdin=JANE, env={"HELPDESK_PASSWORD_FILE": str(password)})
    assert (ran.code, ran.out) == (1, "")
    assert ran.problem.startswith(("This computer has no safe place", "There is no live database here yet"))
    assert not data.exists()
    assert list(terminal.home.iterdir()) == []


@pytest.mark.parametrize(
    "store",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        pytest.param("keyrings.alt.file.PlaintextKeyring", id="one that may not even be installed"),
        pytest.param("NoSuchStore", id="no store at all"),
        pytest.param("keyring.backends.fail.NoSuchStore", id="a store that is not there"),
    ],
)
def test_a_weak_key_store_is_none(tmp_path: Path, store: str) -> None:
    password = owner_only(tmp_path / "password", PASSWORD)
    env = {"HELPDESK_PASSWORD_FILE": str(password), "PYTHON_KEYRING_BACKEND": store}
    ran = Terminal(tmp_path / "home").run("staff", "add", "a", "A", "--role", "support", "--data-dir", str(tmp_path / "data"), env=env)
    assert "no safe place" in ran.problem
    assert not (tmp_path / "data").exists()


# identifiers, staff and reasons


@pytest.mark.parametrize("words", [("patient", "status", JANE), ("patient", "search", "smith jane 1950"), ("patient", "search", JANE)])
def test_an_identifier_as_an_argument_is_refused_before_anything_is_opened(live: Live, words: tuple[str, ...]) -> None:
    ran = live.run(*words, "--reason", "complaint 12", by="sup", password=PASSWORD)
    assert (ran.code, ran.out, ran.problem) == (1, "", REFUSED)
    assert not live.data.exists()


@pytest.mark.parametrize("words", PERSONAL)
def test_what_is_personal_needs_staff_and_a_reason(staffed: Live, sandbox: Sandbox, words: tuple[str, ...]) -> None:
    given = [str(persons(sandbox)) if w == "FILE" else w for w in words]
    no_reason = staffed.run(*given, by="sup", password=PASSWORD, stdin=JANE)
    no_staff = staffed.run(*given, "--reason", "complaint 12", stdin=JANE)
    blank = staffed.run(*given, "--reason", "  ", by="sup", password=PASSWORD, stdin=JANE)
    assert [(r.code, r.out) for r in (no_reason, no_staff, blank)] == [(1, "")] * 3
    assert no_reason.problem == blank.problem == "On a live profile say why: --reason TEXT."
    assert no_staff.problem == "On a live profile a member of staff signs in: --staff LOGIN."


def test_a_wrong_password_is_refused_and_written_down(staffed: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = staffed.run("patient", "status", "-", "--reason", "x", by="sup", password="not the password", stdin=JANE)
    nobody = staffed.run("patient", "status", "-", "--reason", "x", by="nobody", password=PASSWORD, stdin=JANE)
    assert [(r.code, r.out, r.problem) for r in (wrong, nobody)] == [(1, "", "The login or the password is not right.")] * 2
    actions = [action for action, _, _ in staffed.audit(monkeypatch)]
    assert actions.count(AuditAction.SIGN_IN_REFUSED) == 2
    assert AuditAction.BREAK_GLASS not in actions


def test_a_role_other_than_support_may_not_ask(staffed: Live) -> None:
    made = staffed.run("staff", "add", "han", "H. Andler", "--role", "handler", by="sup", password=PASSWORD, new_password=OTHER)
    assert (made.code, made.err) == (0, "")
    ran = staffed.run("patient", "status", "-", "--reason", "x", by="han", password=OTHER, stdin=JANE)
    assert (ran.code, ran.out, ran.problem) == (1, "", "This account may not work in that role.")


# break-glass


def test_status_is_break_glass_and_says_nothing_for_a_caller(staffed: Live, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = staffed.run("patient", "status", "-", "--reason", "complaint 12", "--json", by="sup", password=PASSWORD, stdin=f"{JANE}\n")
    assert (ran.code, ran.err) == (0, "")
    assert differs(ran.json, STATUS) == []
    assert ran.json["pathways"]
    assert all(p["say"] == [] for p in ran.json["pathways"])
    rows = [r for r in staffed.audit(monkeypatch) if r[1] == "complaint 12"]
    assert rows[0] == (AuditAction.BREAK_GLASS, "complaint 12", f'["{JANE}"]')
    assert {action for action, _, _ in rows[1:]} == {AuditAction.STATUS_SHOWN}


def test_the_words_of_a_live_status_hold_nothing_to_say(staffed: Live) -> None:
    ran = staffed.run("patient", "status", "-", "--reason", "complaint 12", by="sup", password=PASSWORD, stdin=JANE)
    assert ran.code == 0
    assert "Do not disclose" in ran.out
    assert "You have waited" not in ran.out


def test_a_live_search_reads_standard_input_and_is_break_glass_first(staffed: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = staffed.run(
        "patient", "search", "-", "--reason", "letter returned", "--json", by="sup", password=PASSWORD, stdin="smith jane 1950\n"
    )
    assert ran.code == 0
    assert differs(ran.json, SEARCH) == []
    assert JANE in {p["nhs_number"] for p in ran.json["people"]}
    rows = [action for action, purpose, _ in staffed.audit(monkeypatch) if purpose == "letter returned"]
    assert rows[0] == AuditAction.BREAK_GLASS
    assert rows[1:] == [AuditAction.TRACE_ASKED, AuditAction.PEOPLE_LISTED]


@pytest.mark.parametrize("words", [("call", "list"), ("extract", "import", "FILE")])
def test_other_personal_commands_are_break_glass_first(
    staffed: Live, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, words: Any
) -> None:
    given = [str(persons(sandbox)) if w == "FILE" else w for w in words]
    as_at = ("--as-at", persons(sandbox).stem.split("_")[1]) if "import" in words else ()
    ran = staffed.run(*given, *as_at, "--reason", "review 7", by="sup", password=PASSWORD)
    assert (ran.code, ran.err) == (0, "")
    assert next(action for action, purpose, _ in staffed.audit(monkeypatch) if purpose == "review 7") == AuditAction.BREAK_GLASS


def test_what_holds_nobodys_data_needs_no_reason(staffed: Live) -> None:
    for words in (("staff", "list"), ("audit", "verify"), ("extract", "list")):
        ran = staffed.run(*words, "--json", by="sup", password=PASSWORD)
        assert (ran.code, ran.err) == (0, ""), words
    assert staffed.run("audit", "verify", "--json").problem == "On a live profile a member of staff signs in: --staff LOGIN."


def test_what_opens_nothing_needs_nobody(live: Live, sandbox: Sandbox) -> None:
    for words in (("doctor",), ("connector", "list"), ("connector", "check"), ("extract", "check", str(persons(sandbox)))):
        ran = live.terminal.run(*words, *live.options)
        assert (ran.code, ran.err) == (0, ""), words
    assert not live.data.exists()


# staff


def test_accounts_are_made_listed_and_ended(staffed: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    unsigned = staffed.run("staff", "add", "eve", "E. Ve", "--role", "support", password=PASSWORD)
    assert unsigned.problem == "An administrator signs in for this: --staff LOGIN."
    same = staffed.run("staff", "add", "eve", "E. Ve", "--role", "support", by="sup", password=PASSWORD)
    assert "HELPDESK_NEW_PASSWORD_FILE" in same.problem, "nobody is given the administrator's own password"
    short = staffed.run("staff", "add", "eve", "E. Ve", "--role", "support", by="sup", password=PASSWORD, new_password="short")
    assert short.problem == "A password has at least 12 characters."
    assert staffed.run("staff", "add", "eve", "E. Ve", "--role", "king", by="sup", password=PASSWORD).problem.startswith("A role is one of")
    assert staffed.run("staff", "add", "eve", "E. Ve", "--role", "support", by="sup", password=PASSWORD, new_password=OTHER).code == 0
    listed = staffed.run("staff", "list", "--json", by="eve", password=OTHER)
    assert {s["login"]: (s["roles"], s["disabled"]) for s in listed.json} == {
        "eve": (["support"], False),
        "sup": (["administrator", "support"], False),
    }
    assert staffed.run("staff", "disable", "sup", by="eve", password=OTHER).code == 1
    assert staffed.run("staff", "disable", "ghost", by="sup", password=PASSWORD).code == 1
    assert staffed.run("staff", "disable", "eve", by="sup", password=PASSWORD).code == 0
    assert staffed.run("staff", "list", by="eve", password=OTHER).problem == "The login or the password is not right."
    actions = [action for action, _, _ in staffed.audit(monkeypatch)]
    assert actions.count(AuditAction.STAFF_ADDED) == 2
    assert actions.count(AuditAction.STAFF_DISABLED) == 1


# keys and other people's databases


def test_a_wrong_passphrase_is_one_sentence_and_changes_nothing(staffed: Live) -> None:
    before = (staffed.data / "live" / "helpdesk.db").read_bytes()
    wrong = owner_only(staffed.keys / "wrong", "another passphrase")
    password = owner_only(staffed.keys / "password", PASSWORD)
    env = {"HELPDESK_PASSPHRASE_FILE": str(wrong), "HELPDESK_PASSWORD_FILE": str(password)}
    ran = staffed.terminal.run("staff", "list", "--staff", "sup", *staffed.options, env=env)
    assert (ran.code, ran.out) == (1, "")
    assert ran.problem
    assert (staffed.data / "live" / "helpdesk.db").read_bytes() == before


@pytest.mark.parametrize("name", ["HELPDESK_PASSPHRASE_FILE", "HELPDESK_PASSWORD_FILE"])
def test_a_key_file_that_others_can_read_is_refused(staffed: Live, name: str) -> None:
    env = {
        "HELPDESK_PASSPHRASE_FILE": str(owner_only(staffed.keys / "passphrase", PASSPHRASE)),
        "HELPDESK_PASSWORD_FILE": str(owner_only(staffed.keys / "password", PASSWORD)),
    }
    Path(env[name]).chmod(0o644)
    ran = staffed.terminal.run("staff", "list", "--staff", "sup", *staffed.options, env=env)
    assert (ran.code, ran.out) == (1, "")
    assert "0600" in ran.problem


def test_without_a_terminal_nobody_waits_for_a_password(staffed: Live) -> None:
    ran = staffed.run("staff", "list", by="sup")
    assert (ran.code, ran.out) == (1, "")
    assert "HELPDESK_PASSWORD_FILE" in ran.problem


def test_a_practice_database_is_no_live_one_and_the_other_way_round(staffed: Live, sandbox: Sandbox, tmp_path: Path) -> None:
    terminal = staffed.terminal
    assert terminal.run("extract", "list", "--practice", "--data-dir", str(staffed.data)).code == 0
    practice, live = staffed.data / "practice", staffed.data / "live"
    one, other = tmp_path / "one", tmp_path / "other"
    shutil.copytree(practice, one / "live")
    shutil.copytree(live, other / "practice")
    as_live = Live(terminal, staffed.config, one, staffed.keys).run("staff", "list", by="sup", password=PASSWORD)
    assert as_live.problem == "This folder holds a practice database, which a live desk does not open."
    as_practice = terminal.run("extract", "list", "--practice", "--data-dir", str(other))
    assert "not a practice database" in as_practice.problem
    assert (as_live.code, as_practice.code) == (1, 1)
    for name in ("helpdesk.db", "key.salt"):
        assert (other / "practice" / name).read_bytes() == (live / name).read_bytes()


def test_a_sandbox_database_is_no_practice_one(sandbox: Sandbox, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "home")
    assert terminal.run("extract", "list", *sandbox.options()).code == 0
    (sandbox.data / "sandbox").rename(sandbox.data / "practice")
    ran = terminal.run("extract", "list", "--practice", "--data-dir", str(sandbox.data))
    assert (ran.code, ran.problem) == (1, "This is a sandbox database and cannot be opened as practice. Nothing was changed.")


def persons(sandbox: Sandbox) -> Path:
    return next((sandbox.running.folder / "fenmoor_list").glob("persons_*.csv"))


# secrets and settings of connections


def with_more(live: Live, more: str) -> Live:
    live.config.write_text(live.config.read_text(encoding="utf-8") + more, encoding="utf-8")
    return live


def test_a_secret_is_kept_by_an_administrator_from_standard_input(staffed: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    with_more(staffed, '\n[connectors.second]\nkind = "pds"\nbase_url = "http://127.0.0.1:9"\nsign_in = "api_key"\n')
    value = "canary-of-a-secret"
    words = ("connector", "secret", "second", "api_key")
    nobody = staffed.run(*words, stdin=value)
    assert (nobody.code, nobody.problem) == (1, "An administrator signs in for this: --staff LOGIN.")
    unknown = staffed.run("connector", "secret", "second", "pass_word", by="sup", password=PASSWORD, stdin=value)
    assert unknown.problem.startswith("second takes no secret of this name")
    empty = staffed.run(*words, by="sup", password=PASSWORD, stdin=" \n")
    assert empty.problem.startswith("Nothing was given")
    kept = staffed.run(*words, by="sup", password=PASSWORD, stdin=f"{value}\n")
    told = kept.out + kept.err
    assert "no safe place" in told or kept.code == 0
    assert value not in told
    assert (AuditAction.CONNECTION_CHANGED, "connections", "[]") in staffed.audit(monkeypatch)


def test_a_source_that_is_set_up_wrongly_says_so_and_the_desk_goes_on(staffed: Live) -> None:
    with_more(staffed, '\n[connectors.wrong]\nkind = "fhir_r4"\nlabel = "Wrong hospital"\nbase_url = "ftp://example.org"\n')
    ran = staffed.run("patient", "status", "-", "--reason", "complaint 12", "--json", by="sup", password=PASSWORD, stdin=f"{JANE}\n")
    assert (ran.code, ran.err) == (0, "")
    wrong = next(source for source in ran.json["sources"] if source["source"] == "wrong")
    assert wrong["state"] == "unavailable"
    assert "connectors.wrong.base_url" in wrong["message"]
    assert {source["state"] for source in ran.json["sources"]} > {"unavailable"}
