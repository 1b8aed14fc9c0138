"""`helpdesk directory search` as somebody outside runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.ods import stub as ods_stub
from connectors.service_search import stub as services_stub
from connectors.stub_server import StubServer
from helpdesk.directory.model import CareService
from helpdesk.identifiers import OdsCode
from helpdesk.practice.model import Area, Organisation
from tests.journeys.command import Ran, Terminal

AREA = Area(
    1, date(2026, 7, 1), (), (Organisation(OdsCode("XFC01"), "Fenmoor City Hospital", "acute"),), (), (), {}, (),
    services=(CareService("XS1", "Fenmoor Pharmacy", "Pharmacy", phone="01632 960201", postcode="ZZ99 1AA"),),
)  # fmt: skip


@pytest.fixture
def servers() -> Iterator[dict[str, StubServer]]:
    running = {"ods": ods_stub.serve(AREA), "service_search": services_stub.serve(AREA)}
    yield running
    for server in running.values():
        server.stop()


@pytest.fixture
def search(tmp_path: Path, servers: dict[str, StubServer]) -> Callable[..., Ran]:
    def run(*words: str, without: tuple[str, ...] = ()) -> Ran:
        lines = ["[desk]", 'profile = "sandbox"']
        lines += [f'[connectors.{name}]\nbase_url = "{s.address}"' for name, s in servers.items() if name not in without]
        config = tmp_path / "helpdesk.toml"
        config.write_text("\n".join(lines), encoding="utf-8")
        terminal = Terminal(tmp_path / "home")
        return terminal.run("--config", str(config), "--data-dir", str(tmp_path / "data"), "directory", "search", *words)

    return run


def test_both_directories_are_searched_and_no_database_is_made(search: Callable[..., Ran], tmp_path: Path) -> None:
    ran = search("fenmoor", "--postcode", "ZZ99 1AA", "--json")
    assert ran.code == 0, ran
    told: dict[str, Any] = ran.json
    assert [(o["ods"], o["name"]) for o in told["organisations"]["items"]] == [("XFC01", "Fenmoor City Hospital")]
    assert [(s["name"], s["miles"]) for s in told["services"]["items"]] == [("Fenmoor Pharmacy", 0.0)]
    assert told["services"]["state"] == "fresh"
    assert not (tmp_path / "data").exists()


def test_in_words(search: Callable[..., Ran]) -> None:
    ran = search("fenmoor", "pharmacy")
    assert ran.code == 0
    assert "Fenmoor Pharmacy" in ran.out
    assert "01632 960201" in ran.out


def test_a_directory_that_is_down_is_said_and_the_other_still_answers(search: Callable[..., Ran], servers: dict[str, StubServer]) -> None:
    servers["ods"].fault = "503"
    ran = search("fenmoor", "--json")
    assert ran.code == 1
    assert ran.json["organisations"]["state"] == "unavailable"
    assert len(ran.json["services"]["items"]) == 1


def test_nothing_set_up_is_said(search: Callable[..., Ran]) -> None:
    assert "No directory" in search("fenmoor", without=("ods", "service_search")).problem
    ran = search("fenmoor", without=("service_search",))
    assert (ran.code, "No directory of services" in ran.problem) == (0, True)


def test_what_is_no_postcode_is_said(search: Callable[..., Ran]) -> None:
    ran = search("fenmoor", "--postcode", "nowhere")
    assert (ran.code, "postcode" in ran.problem) == (1, True)
