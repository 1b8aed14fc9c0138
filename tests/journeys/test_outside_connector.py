"""The worked example of docs/connectors.md, built from the page, installed and used as somebody outside would."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import marshal
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk.practice.area import make_area
from tests.journeys.command import Ran, Terminal
from tests.journeys.outside_desk import AREA
from tests.outside_packages import MODULE, PACKAGE, PAGE, copy_of, installed, put_package, wheel_of, written_out

HERE = Path(__file__).resolve().parents[2]
WAITS, OTHER = (str(person.patient.nhs_number) for person in make_area(*AREA).people[:2])
WAIT = [["waiting", "active", "XES01", "2026-09-18"]]
NOT_NAMED = "Not allowed on a live profile, whose configuration does not name its package with a hash."


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_out(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def wheel(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(written, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example installed in a folder of its own; nobody changes it."""
    return installed(wheel, tmp_path_factory.mktemp("site"))


class Asked:
    """The process that answers questions of desks."""

    def __init__(self, home: Path) -> None:
        env = Terminal(home, PYTHONPATH=str(HERE)).env
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen([sys.executable, "-m", "tests.journeys.outside_desk"], env=env, text=True, **pipes)

    def __call__(self, site: Path, do: str, *words: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"site": str(site), "do": do, "with": words}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    process = Asked(tmp_path_factory.mktemp("home"))
    yield process
    process.close()


@pytest.fixture(scope="module")
def address(asked: Asked, site: Path) -> str:
    """The example's own stub, in a process of its own."""
    return str(asked(site, "serve"))


class Desk:
    """A desk that has the packages of one folder."""

    def __init__(self, home: Path, site: Path, asked: Asked, address: str = "http://127.0.0.1:1") -> None:
        self._home = home
        self._site = site
        self._asked = asked
        self._address = address

    def config(self, profile: str, sha256: str = "", **more: str) -> str:
        named = f'[packages.{PACKAGE}]\nsha256 = "{sha256}"\n' if sha256 else ""
        kinds = "".join(f"[connectors.{name}]\n{text}\n" for name, text in more.items())
        table = f'[connectors.screening]\nkind = "{MODULE}"\nbase_url = "{self._address}"\n'
        path = self._home / f"{profile}.toml"
        path.write_text(f'[desk]\nprofile = "{profile}"\n{named}{table}{kinds}', encoding="utf-8")
        return str(path)

    def named(self) -> str:
        """A live configuration that names the package as it is now."""
        return self.config("live", left_out(self.listing(self.config("live")))["sha256"])

    def listing(self, config: str) -> dict[str, Any]:
        held: dict[str, Any] = self._asked(self._site, "listing", config)
        return held

    def check(self, config: str) -> dict[str, dict[str, Any]]:
        return {c["name"]: c for c in self._asked(self._site, "check", config)}

    def ask(self, config: str) -> dict[str, Any]:
        """What the instance answers about somebody who waits and somebody who does not."""
        held: dict[str, Any] = self._asked(self._site, "ask", config, "screening", WAITS, OTHER)
        return held

    def run(self, *words: str) -> Ran:
        return Terminal(self._home, PYTHONPATH=os.pathsep.join((str(self._site), str(HERE)))).run(*words)


@pytest.fixture
def copied(site: Path, tmp_path: Path) -> Path:
    """The installed package, to be spoilt."""
    return copy_of(site, tmp_path / "site")


def entry(held: dict[str, Any]) -> dict[str, Any]:
    return next(c for c in held["connectors"] if c["id"] == MODULE)


def left_out(held: dict[str, Any]) -> dict[str, Any]:
    assert MODULE not in [c["id"] for c in held["connectors"]]
    found: dict[str, Any] = next(b for b in held["broken"] if b["folder"] == MODULE)
    return found


def test_the_page_holds_every_file_of_its_folder(written: Path) -> None:
    named = re.findall(r"^ {4,}([\w.]+\.(?:py|toml))", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {path.name for path in written.rglob("*.*") if path.is_file()} == set(named)


def test_the_tests_on_the_page_pass(written: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(written), str(written)]
    ran = subprocess.run(command, cwd=written, env={**os.environ, "PYTHONPATH": str(HERE)}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_a_sandbox_lists_it_and_asks_it_like_any_other(site: Path, asked: Asked, address: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, site, asked, address)
    config = desk.config("sandbox")
    held = entry(desk.listing(config))
    assert (held["package"], held["version"], held["checked"]) == (PACKAGE, "1.0", False)
    assert held["instances"] == ["screening"]
    assert held["provides"] == ["hospital_activity"]
    assert "without a check" in held["note"]
    said = desk.ask(config)
    assert said["answers"] == [WAIT, ["NotFound", "Eye screening holds nothing for this person."]]
    assert ["screening", "Eye screening", "hospital_activity"] in said["sources"]
    assert {"region", "base_url", "sign_in"} <= set(said["settings"])
    assert {name: c["ok"] for name, c in desk.check(config).items()} == {"screening": True}


def test_a_live_profile_takes_it_with_its_hash_and_not_without(site: Path, asked: Asked, address: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, site, asked, address)
    without = desk.config("live")
    refused = left_out(desk.listing(without))
    assert (refused["reason"], refused["refused"], refused["package"]) == (NOT_NAMED, True, PACKAGE)
    assert refused["instances"] == ["screening"]
    said = desk.ask(without)
    assert said["answers"][0] == ["ConnectorRejected", f"Eye screening cannot be used: {NOT_NAMED[0].lower()}{NOT_NAMED[1:]}"]
    assert not said["imported"]
    assert ["screening", "Eye screening", "hospital_activity"] in said["sources"]
    named = desk.config("live", refused["sha256"])
    held = entry(desk.listing(named))
    assert (held["checked"], held["note"]) == (True, "")
    assert desk.ask(named)["answers"][0] == WAIT


def test_whoever_makes_the_package_can_tell_its_hash_from_the_wheel(wheel: Path, site: Path, asked: Asked, tmp_path: Path) -> None:
    desk = Desk(tmp_path, site, asked)
    with zipfile.ZipFile(wheel) as held:
        names = sorted(name for name in held.namelist() if not name.endswith(".dist-info/RECORD"))
        lines = "".join(f"{hashlib.sha256(held.read(name)).hexdigest()}  {name}\n" for name in names)
    assert left_out(desk.listing(desk.config("live")))["sha256"] == hashlib.sha256(lines.encode()).hexdigest()


def test_a_changed_byte_refuses_it_again(copied: Path, asked: Asked, address: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, copied, asked, address)
    config = desk.named()
    assert entry(desk.listing(config))["checked"]
    path = copied / MODULE / "mapping.py"
    path.write_bytes(path.read_bytes().replace(b"dates", b"Dates", 1) + b"#")
    refused = left_out(desk.listing(config))
    assert refused["refused"]
    assert "not those whose hash" in refused["reason"]
    said = desk.ask(config)
    assert said["answers"][0][0] == "ConnectorRejected"
    assert not said["imported"]


def test_a_compiled_copy_that_says_something_else_is_never_run(copied: Path, asked: Asked, address: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, copied, asked, address)
    config = desk.named()
    source = copied / MODULE / "mapping.py"
    false = compile("def activities_of(*args, **named): raise SystemExit('run')", str(source), "exec")
    stat = source.stat()
    header = importlib.util.MAGIC_NUMBER + b"".join(n.to_bytes(4, "little") for n in (0, int(stat.st_mtime), stat.st_size))
    Path(importlib.util.cache_from_source(str(source))).write_bytes(header + marshal.dumps(false))
    assert desk.ask(desk.config("sandbox"))["answers"][0][0] == "ConnectorRejected"  # so the copy would be run
    assert desk.ask(config)["answers"][0] == WAIT


def test_another_version_of_the_contract_is_refused(copied: Path, asked: Asked, tmp_path: Path) -> None:
    path = copied / MODULE / "manifest.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("api = 1", "api = 2"), encoding="utf-8")
    desk = Desk(tmp_path, copied, asked)
    config = desk.config("sandbox")
    assert "version 2 of the contract" in left_out(desk.listing(config))["reason"]
    assert "version 2" in desk.ask(config)["answers"][0][1]


GOOD = 'id = "{0}"\nname = "{0}"\napi = 1\nprovides = ["hospital_activity"]\nsecrets = []\nfactory = "{0}:connect"\n'
MORE = 'settings = "{0}:Settings"\nstub = "{0}:serve"\n'
SETTINGS = "from connectors.http_settings import HttpSettings as Settings\n"
SPOILT = {
    "torn": ("id = [", ""),
    "later": ((GOOD + MORE).replace("api = 1", "api = 9"), ""),
    "gone": (GOOD + MORE, "import acme_nowhere\n"),
    "ends": (GOOD + MORE, "import sys\nsys.exit(3)\n"),
    "raises": (GOOD + MORE, f"{SETTINGS}def connect(*_): raise ValueError\ndef serve(*_, **__): raise ValueError\n"),
    "empty": (GOOD + MORE, f"{SETTINGS}def connect(*_): return object()\ndef serve(*_, **__): return None\n"),
    "typed": (GOOD + MORE, "class Settings: pass\n"),
}


def test_broken_packages_harm_nothing(copied: Path, asked: Asked, tmp_path: Path) -> None:
    for name, (manifest, code) in SPOILT.items():
        files = {f"{name}_eyes/manifest.toml": manifest.format(f"{name}_eyes"), f"{name}_eyes/__init__.py": code}
        put_package(copied, f"{name}-eyes", files, f"{name}_eyes = {name}_eyes")
    desk = Desk(tmp_path, copied, asked)
    listed = desk.run("connector", "list", "--practice", "--json").json
    assert entry(listed)["instances"] == [MODULE]
    ran = desk.run("patient", "status", "9993000019", "--practice", "--json")
    assert ran.code == 0, ran.err
    states = {s["source"]: s["state"] for s in ran.json["sources"]}
    assert states["pds"] == states["fenmoor_list"] == states["fenmoor_system"] == states[MODULE] == "fresh"
    lines = [f'kind = "{name}_eyes"\nbase_url = "http://127.0.0.1:1"' for name in SPOILT]
    config = desk.config("sandbox", **dict(zip(SPOILT, lines, strict=True)))
    checked = desk.check(config)
    assert set(checked) == {"screening", *SPOILT}
    assert all("cannot be used: " in checked[name]["message"] and not checked[name]["ok"] for name in SPOILT)
