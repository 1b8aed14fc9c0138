"""A sandbox of somebody else's making: own servers, own files, own names for the sources."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.command import Ran, Terminal
from tests.journeys.conftest import today
from tests.journeys.extract_files import ANN, BEN, CLOCK_DAYS, WEEK, open_pathways, persons
from tests.journeys.own_servers import Own, hangs, own_server, pds, practice
from tests.journeys.shapes import STATUS, differs

SOON = f"{(today() + timedelta(days=9)).isoformat()}T09:10:00+00:00"
START_UP_S = 8
"""More than a command needs on a busy machine before it asks anybody and after its last answer."""


class Desk:
    """A sandbox: the text of its connectors, and the commands on it."""

    def __init__(self, folder: Path, connectors: str) -> None:
        self.folder = folder
        self._config = folder / "own.toml"
        self._config.write_text(f'[desk]\nprofile = "sandbox"\n{connectors}', encoding="utf-8")
        self._terminal = Terminal(folder / "home")

    def run(self, *words: str) -> Ran:
        return self._terminal.run(*words, "--config", str(self._config), "--data-dir", str(self.folder / "data"))

    def imported(self) -> Desk:
        """With Ann and Ben in the index, and Ann on the list of one provider that no instance names."""
        assert self.run("extract", "import", str(persons(self.folder / "p.csv")), "--as-at", today().isoformat()).code == 0
        assert self.run("extract", "import", str(open_pathways(self.folder / "l.csv", "XAA01"))).code == 0
        return self

    def status(self, number: str = ANN) -> Any:
        ran = self.run("patient", "status", number, "--json")
        assert (ran.code, ran.err) == (0, ""), ran
        assert differs(ran.json, STATUS) == []
        return ran.json


def states(answer: Any) -> dict[str, str]:
    return {s["source"]: s["state"] for s in answer["sources"]}


def instance(name: str, kind: str, server: Own, more: str = "") -> str:
    return f'[connectors.{name}]\nkind = "{kind}"\nbase_url = "{server.address}"\n{more}\n'


# lists


def test_only_pds_and_imported_extracts_give_the_source_waiting_list(tmp_path: Path) -> None:
    with own_server(pds(ANN, BEN)) as server:
        desk = Desk(tmp_path, f'[connectors.pds]\nbase_url = "{server.address}"\n').imported()
        ann, ben = desk.status(ANN), desk.status(BEN)
    assert states(ann) == {"pds": "fresh", "waiting_list": "fresh"}
    assert states(ben) == {"pds": "fresh", "waiting_list": "nothing_held"}
    assert {s["source"]: s["as_at"] for s in ann["sources"]}["waiting_list"] == WEEK.isoformat()
    (pathway,) = ann["pathways"]
    assert pathway["provider"]["code"] == "XAA01"
    assert pathway["specialty"]["code"] == "110"
    assert pathway["waited_to"] == today().isoformat()
    assert pathway["days_waited"] == CLOCK_DAYS + (today() - WEEK).days
    assert ben["pathways"] == []
    assert {s["source"] for s in pathway["say"] if not s["source"].startswith("content:")} == {"waiting_list"}


def test_before_any_list_came_nothing_is_said_to_be_held(tmp_path: Path) -> None:
    with own_server(pds(ANN)) as server:
        answer = Desk(tmp_path, f'[connectors.pds]\nbase_url = "{server.address}"\n').status()
    assert states(answer) == {"pds": "fresh", "waiting_list": "unavailable"}


def test_two_list_instances_show_by_their_own_names_and_hide_no_third_list(tmp_path: Path) -> None:
    open_pathways(tmp_path / "n" / "list.csv", "XNN01")
    open_pathways(tmp_path / "s" / "list.csv", "XSS01", BEN)
    lists = "".join(
        f'[connectors.{name}]\nkind = "waiting_list_extract"\nlabel = "{name}"\nfolder = "{tmp_path / name[0]}"\nprovider = "{code}"\n'
        for name, code in (("north", "XNN01"), ("south", "XSS01"))
    )
    with own_server(pds(ANN, BEN)) as server:
        desk = Desk(tmp_path, instance("spine", "pds", server) + lists)
        before = desk.status()
        after = desk.imported().status()
    assert states(before) == {"spine": "fresh", "north": "fresh", "south": "nothing_held"}
    assert states(after) == {**states(before), "waiting_list": "fresh"}
    assert {p["provider"]["code"] for p in after["pathways"]} == {"XNN01", "XAA01"}


def test_two_list_instances_without_a_provider_speak_for_their_own_folders(tmp_path: Path) -> None:
    open_pathways(tmp_path / "n" / "list.csv", "XNN01")
    open_pathways(tmp_path / "s" / "list.csv", "XSS01")
    lists = "".join(f'[connectors.{n}]\nkind = "waiting_list_extract"\nfolder = "{tmp_path / n[0]}"\n' for n in ("north", "south"))
    with own_server(pds(ANN)) as server:
        answer = Desk(tmp_path, instance("spine", "pds", server) + lists).imported().status()
    assert states(answer) == {"spine": "fresh", "north": "fresh", "south": "fresh"}
    said = {p["provider"]["code"]: {s["source"] for s in p["say"]} for p in answer["pathways"]}
    assert set(said) == {"XNN01", "XSS01", "XAA01"}
    assert "south" in said["XSS01"]
    assert "south" not in said["XNN01"] | said["XAA01"]


@pytest.mark.parametrize(("hours", "state"), [(24 * 60, "fresh"), (24 * 30, "stale")])
def test_stale_after_hours_is_kept_to(tmp_path: Path, hours: int, state: str) -> None:
    old = WEEK - timedelta(weeks=6)
    open_pathways(tmp_path / "n" / "list.csv", "XNN01", week=old)
    north = f'[connectors.north]\nkind = "waiting_list_extract"\nfolder = "{tmp_path / "n"}"\nstale_after_hours = {hours}\n'
    with own_server(pds(ANN)) as server:
        answer = Desk(tmp_path, instance("pds", "pds", server) + north).status()
    assert states(answer)["north"] == state
    (source,) = (s for s in answer["sources"] if s["source"] == "north")
    assert source["as_at"] == old.isoformat()


def test_files_in_a_folder_come_in_once_and_a_broken_one_harms_nothing(tmp_path: Path) -> None:
    open_pathways(tmp_path / "n" / "1.csv", "XNN01")
    (tmp_path / "n" / "2.csv").write_text("what,is,this\n1,2,3\n", encoding="utf-8")
    north = f'[connectors.north]\nkind = "waiting_list_extract"\nfolder = "{tmp_path / "n"}"\n'
    desk = Desk(tmp_path, north)
    first, second = desk.run("extract", "list", "--json"), desk.run("extract", "list", "--json")
    assert first.code == second.code == 0
    assert [s["id"] for s in first.json] == [s["id"] for s in second.json]
    assert first.problem.startswith("A file received for north was refused:")


# systems


def test_two_practices_systems_show_as_two_sources_and_the_right_one_is_heard(tmp_path: Path) -> None:
    with ExitStack() as stack:
        spine = stack.enter_context(own_server(pds(ANN, practice="XPR02")))
        one, two = (stack.enter_context(own_server(practice(ANN, SOON))) for _ in range(2))
        text = instance("pds", "pds", spine)
        text += instance("gp_one", "gp_connect", one, 'practices = ["XPR01"]') + instance(
            "gp_two", "gp_connect", two, 'practices = ["XPR02"]'
        )
        answer = Desk(tmp_path, text).status()
    assert states(answer) == {"pds": "fresh", "waiting_list": "unavailable", "gp_one": "not_permitted", "gp_two": "fresh"}
    assert one.asked == []
    assert [a["status"] for a in answer["primary_care"]["future_appointments"]] == ["booked"]
    assert answer["primary_care"]["practice"]["ods"] == "XPR02"


def test_an_instance_that_is_not_enabled_is_not_asked(tmp_path: Path) -> None:
    with own_server(pds(ANN)) as spine, own_server(practice(ANN, SOON)) as gp:
        answer = Desk(tmp_path, instance("pds", "pds", spine) + instance("gp", "gp_connect", gp, "enabled = false")).status()
    assert "gp" not in states(answer)
    assert gp.asked == []


@pytest.mark.parametrize("system", [hangs, practice(ANN, SOON, delay_s=0.9)], ids=["hangs", "slow at every step"])
def test_a_system_that_hangs_ends_in_its_time_and_hides_nothing(tmp_path: Path, system: Any) -> None:
    with own_server(pds(ANN)) as spine, own_server(system) as gp, own_server(hangs) as ers:
        text = (
            instance("pds", "pds", spine) + instance("gp", "gp_connect", gp, "timeout_s = 1") + instance("ers", "ers", ers, "timeout_s = 1")
        )
        desk = Desk(tmp_path, text).imported()
        quick = time.monotonic()
        desk.run("extract", "list")
        quick = time.monotonic() - quick
        started = time.monotonic()
        answer = desk.status()
        took = time.monotonic() - started
    assert states(answer)["gp"] == "unavailable"
    assert states(answer)["waiting_list"] == "fresh"
    assert answer["pathways"]
    assert took < quick + 1 + 1 + START_UP_S / 4


def test_many_booking_references_of_a_system_that_hangs_take_no_longer_than_one(tmp_path: Path) -> None:
    """e-RS is asked by booking reference: six of them, each hanging, must not add up."""
    rows = open_pathways(tmp_path / "refs.csv", "XAA01", *[ANN] * 6)
    text = rows.read_text(encoding="utf-8").splitlines()
    head, *body = text
    referenced = [f"{head},REFERRAL_IDENTIFIER", *(f"{row},00000000100{i}" for i, row in enumerate(body))]
    rows.write_text("\n".join(referenced) + "\n", encoding="utf-8")
    with own_server(pds(ANN)) as spine, own_server(hangs) as ers:
        desk = Desk(tmp_path, instance("pds", "pds", spine) + instance("ers", "ers", ers, "timeout_s = 2"))
        assert desk.run("extract", "import", str(rows)).code == 0
        started = time.monotonic()
        answer = desk.status()
        took = time.monotonic() - started
    assert states(answer)["ers"] == "unavailable"
    assert len(ers.asked) == 6
    assert len(answer["pathways"]) == 6
    assert took < START_UP_S


def test_gp_connect_is_not_asked_while_pds_hangs_and_held_rows_stay(tmp_path: Path) -> None:
    with own_server(hangs) as spine, own_server(practice(ANN, SOON)) as gp:
        text = instance("pds", "pds", spine, "timeout_s = 1") + instance("gp", "gp_connect", gp)
        answer = Desk(tmp_path, text).imported().status()
    assert gp.asked == []
    assert states(answer) == {"pds": "unavailable", "waiting_list": "fresh", "gp": "not_permitted"}
    assert answer["pathways"], "the persons extract says unrestricted"
    assert answer["primary_care"] is None or answer["primary_care"]["future_appointments"] == []


@pytest.mark.parametrize("flag", ["REDACTED", "something new"])
def test_any_flag_but_unrestricted_closes_everything(tmp_path: Path, flag: str) -> None:
    with own_server(pds(ANN, flag=flag)) as spine, own_server(practice(ANN, SOON)) as gp:
        answer = Desk(tmp_path, instance("pds", "pds", spine) + instance("gp", "gp_connect", gp)).imported().status()
    assert (answer["restricted"], answer["pathways"], answer["primary_care"]) == (True, [], None)
    assert states(answer) == {"pds": "fresh", "waiting_list": "not_permitted", "gp": "not_permitted"}
    assert gp.asked == []


def test_without_pds_held_rows_are_shown_and_nobody_unknown_is_made_up(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "").imported()
    answer = desk.status()
    assert states(answer) == {"pds": "not_permitted", "waiting_list": "fresh"}
    assert answer["pathways"]
    unknown = desk.run("patient", "status", "9990000034", "--json")
    assert (unknown.code, unknown.out) == (1, "")
    assert "PDS is not set up" in unknown.problem
