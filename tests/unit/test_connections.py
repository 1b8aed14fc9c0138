"""Connections seen, changed and tested by an administrator: what is refused, what is kept where, and what is on record."""

from __future__ import annotations

import socket
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import keyring
import pytest

from helpdesk.access.model import Role, Session, Staff
from helpdesk.answers import Health
from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.clock import SystemClock
from helpdesk.composition.connection_file import OwnFile, PracticeFile
from helpdesk.composition.connections import Configured, ManagedConnections
from helpdesk.composition.sources import Shared
from helpdesk.desk.connections import NO_SECRETS, FieldType, Group, Secrets
from helpdesk.errors import NotFound, RuleBroken, Stage, StorageError
from helpdesk.registry import manifests
from helpdesk.secrets import has_secret, secret
from helpdesk.start import Start
from tests.storage.test_storage_secrets import InMemory

CANARY = "canary-of-a-key"
CONFIG = """# The desk of the board
[desk]
organisation = "XICB"   # ours

[connectors.ods]        # names of organisations
base_url = "http://127.0.0.1:9/x"   # the test server

[connectors.pds]
base_url = "http://127.0.0.1:9/p"
"""


@dataclass
class Noted:
    """Audit and health; `before_each` is called before an event is kept."""

    events: list[AuditEvent] = field(default_factory=list)
    healths: list[tuple[str, str]] = field(default_factory=list)
    before_each: Callable[[], None] = lambda: None

    def record(self, event: AuditEvent) -> None:
        self.before_each()
        self.events.append(event)

    def answered(self, source: str) -> None:
        self.healths.append((source, ""))

    def failed(self, source: str, message: str) -> None:
        self.healths.append((source, message))

    def all(self) -> list[Health]:
        return [Health("ods", datetime(2026, 11, 20, tzinfo=UTC), None, "")]


@pytest.fixture(autouse=True)
def store() -> Iterator[InMemory]:
    before = keyring.get_keyring()
    made = InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def noted() -> Noted:
    return Noted()


def session(role: Role = Role.ADMINISTRATOR) -> Session:
    staff = Staff("s1", "admin", "D. Administrator", frozenset({role}))
    return Session("1", staff, role, "desk-1", "XICB", datetime(2026, 11, 20, tzinfo=UTC))


def connections(
    tmp_path: Path, noted: Noted, kind: str = "sandbox", text: str = CONFIG, role: Role = Role.ADMINISTRATOR
) -> ManagedConnections:
    path = tmp_path / "helpdesk.toml"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    start = Start(kind, kind, tmp_path / kind, path, tomllib.loads(text))
    configured = Configured(start, manifests.find(), OwnFile(start), start.tables["connectors"], "XICB", Shared(), SystemClock())
    return ManagedConnections(configured, session(role), noted, noted)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_may_do_any_of_it(tmp_path: Path, noted: Noted, role: Role) -> None:
    theirs = connections(tmp_path, noted, role=role)
    calls: list[Callable[[], Any]] = [
        theirs.listing,
        lambda: theirs.form("ods"),
        lambda: theirs.new_form("ods"),
        lambda: theirs.save("ods", "ods", {}, NO_SECRETS),
        lambda: theirs.remove("ods"),
        lambda: theirs.test("ods", "ods", {}, NO_SECRETS),
    ]
    for call in calls:
        with pytest.raises(RuleBroken, match="may not do this"):
            call()
    assert noted.events == []
    assert (tmp_path / "helpdesk.toml").read_text(encoding="utf-8") == CONFIG


def test_the_list_says_what_each_is_and_what_is_wrong_with_it(tmp_path: Path, noted: Noted) -> None:
    text = (
        CONFIG
        + '\n[connectors.far]\nkind = "ods"\nbase_url = "https://ods.example"\nsign_in = "api_key"\n[connectors.who]\nkind = "nobody"\n'
    )
    listing = connections(tmp_path, noted, text=text).listing()
    found = {c.instance: c for c in listing.connections}
    assert found["ods"].answered == datetime(2026, 11, 20, tzinfo=UTC)
    assert (found["ods"].label, found["ods"].provides, found["ods"].trouble) == ("ODS", "Names of organisations", "")
    assert found["far"].trouble == "Address: Every address of a sandbox, and of the practice area, is on this computer."
    assert found["who"].trouble == "Its connector is not here."
    assert {kind.id for kind in listing.kinds} >= {"pds", "ods", "bars", "waiting_list_extract"}
    assert all(kind.name and kind.provides for kind in listing.kinds)


def test_a_form_of_every_kind_can_be_drawn_and_names_what_is_missing(tmp_path: Path, noted: Noted) -> None:
    managed = connections(tmp_path, noted)
    for kind in managed.listing().kinds:
        form = managed.new_form(kind.id)
        assert [f.group for f in form.fields] == sorted((f.group for f in form.fields), key=list(Group).index)
        assert all(f.title for f in form.fields)
        for f in form.fields:
            if f.type is FieldType.CHOICE:
                assert f.value in dict(f.choices)
        if any(f.required for f in form.fields):
            with pytest.raises(RuleBroken, match="This is needed") as refused:
                managed.save(form.instance, kind.id, form.values, NO_SECRETS, new=True)
            assert refused.value.field in {f.name for f in form.fields if f.required}
    assert noted.events == []


def test_what_is_saved_keeps_comments_and_order_and_is_on_record_by_name_alone(tmp_path: Path, noted: Noted) -> None:
    managed = connections(tmp_path, noted)
    path = tmp_path / "helpdesk.toml"

    def nothing_written_yet() -> None:
        assert path.read_text(encoding="utf-8") == CONFIG

    noted.before_each = nothing_written_yet
    form = managed.form("ods")
    saved = managed.save("ods", "ods", form.values | {"base_url": "http://127.0.0.1:8/ÿ", "timeout_s": "7.5"}, NO_SECRETS)
    text = path.read_text(encoding="utf-8")
    assert text == CONFIG.replace(
        'base_url = "http://127.0.0.1:9/x"   # the test server\n',
        'base_url = "http://127.0.0.1:8/ÿ"   # the test server\ntimeout_s = 7.5\n',
    )
    assert path.stat().st_mode & 0o777 == 0o600
    assert saved.values["timeout_s"] == "7.5"
    (event,) = noted.events
    assert event.action is AuditAction.CONNECTION_CHANGED
    assert event.details == {"connection": "ods", "change": "changed", "fields": "timeout_s, base_url"}
    assert [c.instance for c in managed.listing().connections if c.waits] == ["ods"]


def test_what_is_saved_again_unchanged_writes_nothing(tmp_path: Path, noted: Noted) -> None:
    managed = connections(tmp_path, noted)
    managed.save("ods", "ods", managed.form("ods").values, NO_SECRETS)
    assert noted.events == []
    assert (tmp_path / "helpdesk.toml").read_text(encoding="utf-8") == CONFIG


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ({"base_url": "ftp://x"}, "base_url", "starts with https://"),
        ({"base_url": ""}, "base_url", "needed"),
        ({"timeout_s": "soon"}, "timeout_s", "Type a number"),
        ({"timeout_s": "61"}, "timeout_s", "60 or less"),
        ({"retries": "1.5"}, "retries", "whole number"),
        ({"sign_in": "signed_jwt"}, "token_url", "“Token address” must be set"),
        ({"base_url": "https://elsewhere.example", "sign_in": "api_key"}, "base_url", "on this computer"),
        ({"api_key_header": "a b"}, "api_key_header", "form that is needed"),
    ],
)
def test_the_first_wrong_field_is_named_in_plain_words_and_nothing_is_kept(
    tmp_path: Path, noted: Noted, typed: dict[str, str], at: str, words: str
) -> None:
    managed = connections(tmp_path, noted)
    with pytest.raises(RuleBroken, match=words) as refused:
        managed.save("ods", "ods", managed.form("ods").values | typed, Secrets({"api_key": CANARY}))
    assert refused.value.field == at
    assert noted.events == []
    assert (tmp_path / "helpdesk.toml").read_text(encoding="utf-8") == CONFIG
    assert not has_secret("sandbox", "ods", "api_key", tmp_path / "sandbox")


def test_a_secret_goes_to_the_key_store_alone_and_is_never_read_back(tmp_path: Path, noted: Noted) -> None:
    managed = connections(tmp_path, noted)
    folder = tmp_path / "sandbox"
    saved = managed.save("ods", "ods", managed.form("ods").values, Secrets({"api_key": CANARY}))
    assert secret("sandbox", "ods", "api_key", folder) == CANARY
    assert [(s.name, s.kept) for s in saved.secrets] == [("api_key", True)]
    everywhere = [repr(saved), repr(managed.listing()), repr(noted.events), repr(Secrets({"api_key": CANARY}))]
    everywhere += [path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(CANARY in text for text in everywhere)
    assert noted.events[0].details == {"connection": "ods", "change": "changed", "secrets kept": "api_key"}

    managed.save("ods", "ods", managed.form("ods").values, Secrets({"api_key": ""}))
    assert secret("sandbox", "ods", "api_key", folder) == CANARY, "an empty field leaves it as it is"
    managed.save("ods", "ods", managed.form("ods").values, Secrets(forget=frozenset({"api_key"})))
    assert not has_secret("sandbox", "ods", "api_key", folder)


def test_without_a_safe_place_for_secrets_nothing_is_changed(tmp_path: Path, noted: Noted) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    managed = connections(tmp_path, noted)
    with pytest.raises(StorageError, match="no safe place"):
        managed.save("ods", "ods", managed.form("ods").values | {"timeout_s": "9"}, Secrets({"api_key": CANARY}))
    assert (tmp_path / "helpdesk.toml").read_text(encoding="utf-8") == CONFIG


def test_one_can_be_added_and_taken_out_again_with_its_secrets(tmp_path: Path, noted: Noted) -> None:
    managed = connections(tmp_path, noted)
    form = managed.new_form("ods")
    assert (form.instance, form.new) == ("ods_2", True)
    values = form.values | {"base_url": "http://127.0.0.1:7/x", "label": "Second"}
    for name in ("ods", "Ods", "", "9", "a b"):
        with pytest.raises(RuleBroken) as refused:
            managed.save(name, "ods", values, NO_SECRETS, new=True)
        assert refused.value.field == "name"
    managed.save("second", "ods", values, Secrets({"api_key": CANARY}), new=True)
    kept = tomllib.loads((tmp_path / "helpdesk.toml").read_text(encoding="utf-8"))["connectors"]["second"]
    assert kept == {"kind": "ods", "base_url": "http://127.0.0.1:7/x", "label": "Second"}
    managed.remove("second")
    assert (tmp_path / "helpdesk.toml").read_text(encoding="utf-8") == CONFIG
    assert not has_secret("sandbox", "second", "api_key", tmp_path / "sandbox")
    assert [e.details["change"] for e in noted.events] == ["added", "removed"]
    with pytest.raises(NotFound):
        managed.remove("second")


def test_lists_and_tables_come_back_as_they_were_typed(tmp_path: Path, noted: Noted) -> None:
    managed = connections(tmp_path, noted)
    form = managed.new_form("gp_connect")
    systems = "XPR01 = 200000000001, https://gp.example/fhir\nXPR02 = 200000000002, https://gp2.example/fhir"
    values = form.values | {"base_url": "http://127.0.0.1:7/x", "practices": "XPR01\n\n XPR02 ", "practice_systems": systems}
    saved = managed.save(form.instance, "gp_connect", values, NO_SECRETS, new=True)
    assert saved.values["practices"] == "XPR01\nXPR02"
    assert saved.values["practice_systems"] == systems
    with pytest.raises(RuleBroken, match="XPR01 endpoint: This is needed") as refused:
        managed.save(form.instance, "gp_connect", values | {"practice_systems": "XPR01 = 200000000001"}, NO_SECRETS)
    assert refused.value.field == "practice_systems"


def test_a_live_desk_without_a_file_gets_one_that_says_which_profile_it_is(tmp_path: Path) -> None:
    file = OwnFile(Start("live", "live-east", tmp_path, tmp_path / "new" / "helpdesk.toml"))
    file.put("ods", {"base_url": "https://x"}, {})
    kept = tomllib.loads((tmp_path / "new" / "helpdesk.toml").read_text(encoding="utf-8"))
    assert kept == {"desk": {"profile": "live-east"}, "connectors": {"ods": {"base_url": "https://x"}}}


def test_a_file_that_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "helpdesk.toml"
    path.write_text("[connectors\n", encoding="utf-8")
    file = OwnFile(Start("live", "live", tmp_path, path))
    with pytest.raises(RuleBroken):
        file.tables()
    with pytest.raises(StorageError):
        file.put("ods", {"base_url": "https://x"}, {})
    assert path.read_text(encoding="utf-8") == "[connectors\n"


def test_the_practice_area_keeps_what_differs_and_never_an_address(tmp_path: Path) -> None:
    own = {"elective_list": {"base_url": "http://127.0.0.1:1", "sign_in": "none", "enabled": False}}
    file = PracticeFile(tmp_path, own)
    file.put("elective_list", {"base_url": "http://127.0.0.1:2", "sign_in": "none", "enabled": True, "retries": 1}, {"retries": 2})
    kept = tomllib.loads((tmp_path / "connections.toml").read_text(encoding="utf-8"))
    assert kept == {"connectors": {"elective_list": {"enabled": True, "retries": 1}}}
    later = PracticeFile(tmp_path, {"elective_list": own["elective_list"] | {"base_url": "http://127.0.0.1:3"}})
    assert later.tables()["elective_list"] == {"base_url": "http://127.0.0.1:3", "sign_in": "none", "enabled": True, "retries": 1}
    assert not later.may_remove("elective_list")
    assert set(later.notes("elective_list")) == {"base_url", "sign_in"}


class _Answers(BaseHTTPRequestHandler):
    status, body = 200, b"{}"

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Type", "application/fhir+json")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, type[_Answers]]]:
    answers = type("Answers", (_Answers,), {})
    made = HTTPServer(("127.0.0.1", 0), answers)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,))
    thread.start()
    yield f"127.0.0.1:{made.server_port}", answers
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.mark.parametrize(
    ("status", "body", "stage"),
    [
        (200, b'{"resourceType": "Bundle", "type": "searchset", "total": 0}', ""),
        (200, b"<html>", Stage.SHAPE),
        (401, b"{}", Stage.SIGN_IN),
        (403, b"<html>", Stage.PERMISSION),
        (500, b"", Stage.SERVICE),
    ],
)
def test_a_test_says_how_far_it_came(
    tmp_path: Path, noted: Noted, server: tuple[str, type[_Answers]], status: int, body: bytes, stage: str
) -> None:
    address, answers = server
    answers.status, answers.body = status, body
    managed = connections(tmp_path, noted)
    tested = managed.test("ods", "ods", managed.form("ods").values | {"base_url": f"http://{address}"}, NO_SECRETS)
    assert (tested.ok, tested.stage) == (not stage, stage)
    assert tested.fact
    assert [(e.action, e.details["connection"]) for e in noted.events] == [(AuditAction.CONNECTION_TESTED, "ods")]
    assert noted.healths == [], "what was tried with other settings says nothing of the source"


def test_the_address_is_named_where_nothing_is_reached(
    tmp_path: Path, noted: Noted, server: tuple[str, type[_Answers]], monkeypatch: pytest.MonkeyPatch
) -> None:
    managed = connections(tmp_path, noted, "live")
    values = managed.form("ods").values

    def told(base_url: str) -> tuple[str, str]:
        tested = managed.test("ods", "ods", values | {"base_url": base_url, "sign_in": "api_key"}, Secrets({"api_key": CANARY}))
        assert not tested.ok
        return tested.stage, tested.field

    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert told(f"http://127.0.0.1:{closed.getsockname()[1]}") == (Stage.CONNECTION, "base_url")
    assert told(f"https://{server[0]}") == (Stage.TLS, "base_url")

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert told("https://nowhere.example") == (Stage.NAME, "base_url")


def test_a_test_of_what_is_kept_is_noted_as_news_of_the_source(tmp_path: Path, noted: Noted) -> None:
    managed = connections(tmp_path, noted)
    tested = managed.test("ods", "ods", managed.form("ods").values, NO_SECRETS)
    assert [name for name, words in noted.healths if words] == ["ods"]
    assert tested.stage == Stage.CONNECTION


def test_a_test_uses_the_secret_that_is_typed_and_else_the_one_that_is_kept(
    tmp_path: Path, noted: Noted, server: tuple[str, type[_Answers]]
) -> None:
    address, answers = server
    asked: list[str | None] = []

    def answer(self: _Answers) -> None:
        asked.append(self.headers.get("apikey"))
        _Answers.do_GET(self)

    answers.do_GET = answer  # type: ignore[method-assign]  # each test its own server
    answers.body = b'{"resourceType": "Bundle", "type": "searchset", "total": 0}'
    managed = connections(tmp_path, noted)
    values = managed.form("ods").values | {"base_url": f"http://{address}", "sign_in": "api_key"}
    assert managed.test("ods", "ods", values, NO_SECRETS).stage == Stage.SIGN_IN
    assert asked == []
    assert managed.test("ods", "ods", values, Secrets({"api_key": "typed"})).ok
    managed.save("ods", "ods", values, Secrets({"api_key": "kept"}))
    assert managed.test("ods", "ods", values, NO_SECRETS).ok
    assert managed.test("ods", "ods", values, Secrets(forget=frozenset({"api_key"}))).stage == Stage.SIGN_IN
    assert asked == ["typed", "kept"]


def test_nothing_of_an_area_leaves_this_computer_when_tested(tmp_path: Path, noted: Noted) -> None:
    managed = connections(tmp_path, noted)
    with pytest.raises(RuleBroken, match="on this computer") as refused:
        managed.test("ods", "ods", managed.form("ods").values | {"base_url": "https://ods.example", "sign_in": "api_key"}, NO_SECRETS)
    assert refused.value.field == "base_url"
    assert noted.events == []
