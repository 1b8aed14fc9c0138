"""Connectors of installed packages: found, judged and hashed without running any of their code."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import pytest

from helpdesk.composition.ports import PORTS
from helpdesk.registry import manifests
from helpdesk.registry.manifests import Broken, Found
from helpdesk.registry.packages import NOT_NAMED, OTHER_FILES, Rules, with_packages
from tests.outside_packages import put_package

NAME = "acme-eyes"
RUNS = 'raise RuntimeError("imported")\n'
"""What every module of these packages does when it is imported."""
MANIFEST = """
id = "acme_eyes"
name = "Acme eyes"
api = 1
provides = ["hospital_activity"]
factory = "acme_eyes:connect"
settings = "acme_eyes.settings:Settings"
stub = ""
secrets = []
"""
FILES = {"acme_eyes/__init__.py": RUNS, "acme_eyes/settings.py": RUNS, "acme_eyes/manifest.toml": MANIFEST}
ENTRY = "acme_eyes = acme_eyes"
OWN = manifests.find()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages in which nothing is installed yet."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def put(site: Path, name: str = NAME, entries: str = ENTRY, requires: str = "", **files: str) -> Path:
    """The package, with some of its files otherwise; their names have _ for / and no ending where they are known."""
    known = {"manifest": "acme_eyes/manifest.toml"}
    return put_package(site, name, FILES | {known[short]: text for short, text in files.items()}, entries, requires)


def judged(*, live: bool = False, **hashes: str) -> Found:
    found = with_packages(OWN, Rules({n.replace("_", "-"): h for n, h in hashes.items()}, strict=live, ports=PORTS.protocols))
    assert not [name for name in sys.modules if name.startswith("acme_")]
    return found


def hash_now() -> str:
    package = judged().manifests["acme_eyes"].package
    assert package is not None
    return package.sha256


def why_not(*, live: bool = False, **hashes: str) -> str:
    found = judged(live=live, **hashes)
    assert set(found.manifests) == set(OWN.manifests)
    (one,) = (b for b in found.broken if b.package is not None)
    return one.reason


def test_a_package_is_found_with_where_it_comes_from(site: Path) -> None:
    put(site)
    found = judged()
    manifest = found.manifests["acme_eyes"]
    assert manifest.package is not None
    assert (manifest.package.name, manifest.package.version, manifest.package.checked) == (NAME, "1.0", False)
    assert set(manifest.package.files) > set(FILES)
    assert not found.broken
    assert set(found.manifests) == {*OWN.manifests, "acme_eyes"}


def test_the_hash_is_over_a_listing_that_anybody_can_make(site: Path) -> None:
    put(site)
    paths = sorted(p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file() and p.name not in ("RECORD", "INSTALLER"))
    listing = "".join(f"{hashlib.sha256((site / p).read_bytes()).hexdigest()}  {p}\n" for p in paths)
    assert hash_now() == hashlib.sha256(listing.encode()).hexdigest()


def test_on_a_live_profile_only_what_is_named_with_its_hash_is_allowed(site: Path) -> None:
    put(site)
    right = hash_now()
    assert why_not(live=True) == NOT_NAMED
    assert why_not(live=True, acme_eyes="0" * 64) == OTHER_FILES
    (refused,) = judged(live=True).broken
    assert refused.refused
    assert refused.package is not None
    assert refused.package.sha256 == right
    allowed = judged(live=True, Acme_Eyes=right.upper()).manifests["acme_eyes"].package
    assert allowed is not None
    assert allowed.checked


def test_a_hash_in_the_configuration_holds_on_every_profile(site: Path) -> None:
    put(site)
    assert why_not(live=False, acme_eyes="0" * 64) == OTHER_FILES


def _change(site: Path) -> None:
    path = site / "acme_eyes" / "settings.py"
    path.write_bytes(path.read_bytes()[:-1] + b" ")


def _add(site: Path) -> None:
    (site / "acme_eyes" / "more.py").write_text(RUNS, encoding="utf-8")


def _add_data_deep(site: Path) -> None:
    (site / "acme_eyes" / "data").mkdir()
    (site / "acme_eyes" / "data" / "codes.json").write_text("{}", encoding="utf-8")


def _take_away(site: Path) -> None:
    (site / "acme_eyes" / "settings.py").unlink()


def _move(site: Path) -> None:
    (site / "acme_eyes" / "settings.py").rename(site / "acme_eyes" / "Settings.py")


def _link(site: Path) -> None:
    path = site / "acme_eyes" / "settings.py"
    path.rename(site / "elsewhere.py")
    path.symlink_to(site / "elsewhere.py")


def _link_a_folder(site: Path) -> None:
    (site / "acme_eyes" / "more").symlink_to(site)


def _change_the_entry_points(site: Path) -> None:
    with (site / "acme_eyes-1.0.dist-info" / "entry_points.txt").open("a", encoding="utf-8") as file:
        file.write("# changed\n")


CHANGES = (_change, _add, _add_data_deep, _take_away, _move, _link, _link_a_folder, _change_the_entry_points)


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
def test_whatever_is_changed_added_or_missing_refuses_the_package(change: object, site: Path) -> None:
    put(site)
    right = hash_now()
    assert callable(change)
    change(site)
    assert why_not(live=True, acme_eyes=right) == OTHER_FILES


def test_what_the_installer_and_python_write_beside_changes_nothing(site: Path) -> None:
    put(site)
    right = hash_now()
    (site / "acme_eyes" / "__pycache__").mkdir()
    (site / "acme_eyes" / "__pycache__" / "settings.cpython-311.pyc").write_bytes(b"compiled")
    (site / "acme_eyes-1.0.dist-info" / "INSTALLER").write_text("another\n", encoding="utf-8")
    assert hash_now() == right


def test_a_file_taken_out_of_the_record_still_counts(site: Path) -> None:
    put(site)
    right = hash_now()
    record = site / "acme_eyes-1.0.dist-info" / "RECORD"
    record.write_text("".join(line for line in record.read_text(encoding="utf-8").splitlines(True) if "settings.py" not in line))
    assert hash_now() == right


REFUSED = {
    "bad TOML": ({"manifest": "id = ["}, ENTRY, "cannot be read"),
    "another contract": ({"manifest": MANIFEST.replace("api = 1", "api = 2")}, ENTRY, "version 2 of the contract"),
    "another id": ({"manifest": MANIFEST.replace('"acme_eyes"', '"acme_ears"')}, ENTRY, "not the name of its entry point"),
    "no factory": ({"manifest": MANIFEST.replace("factory", "fabric")}, ENTRY, "has no factory"),
    "a factory outside": ({"manifest": MANIFEST.replace("acme_eyes:connect", "os:system")}, ENTRY, "factory does not lie inside"),
    "settings beside": ({"manifest": MANIFEST.replace("acme_eyes.settings", "acme_eyes_too")}, ENTRY, "settings does not lie inside"),
    "a stub outside": ({"manifest": MANIFEST.replace('stub = ""', 'stub = "connectors.pds.stub:serve"')}, ENTRY, "stub does not lie"),
    "no such port": ({"manifest": MANIFEST.replace("hospital_activity", "telepathy")}, ENTRY, "no use for"),
    "an own id": ({}, "pds = acme_eyes", "connector of its own"),
    "an own package": ({}, "acme_eyes = connectors.pds", "not its own"),
    "a name of Python's": ({}, "acme_eyes = json", "not its own"),
    "no package": ({}, "acme_eyes = acme_nowhere", "is not there"),
    "a function": ({}, "acme_eyes = acme_eyes:connect", "does not name a package"),
    "a part of a package": ({}, "acme_eyes = acme_eyes.parts", "stands by itself"),
    "a strange id": ({}, "Acme-Eyes = acme_eyes", "small letters"),
}


@pytest.mark.parametrize(("files", "entries", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_as_the_contract_says_is_listed_with_its_reason(files: dict[str, str], entries: str, words: str, site: Path) -> None:
    put(site, entries=entries, **files)
    assert words in why_not()
    assert words in why_not(live=True)


@pytest.mark.parametrize("torn", ["entry_points.txt", "METADATA", "RECORD"])
def test_torn_metadata_harms_nobody_else(torn: str, site: Path) -> None:
    put(site)
    put_package(site, "acme-torn", {"acme_torn/__init__.py": RUNS}, "acme_torn = acme_torn")
    (site / "acme_torn-1.0.dist-info" / torn).write_bytes(b"[nerve_centre.connectors\n\xff\0=")
    assert "acme_eyes" in judged().manifests


def test_the_same_id_twice_is_the_first_packages(site: Path) -> None:
    put(site)
    put_package(site, "zeta-eyes", FILES, ENTRY)
    found = judged()
    assert found.manifests["acme_eyes"].package is not None
    assert found.manifests["acme_eyes"].package.name == NAME
    assert found.broken == (Broken("acme_eyes", f"The package {NAME} offers this id too.", found.broken[0].package),)


def test_what_python_would_load_from_another_place_has_no_hash(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site)
    right = hash_now()
    before = tmp_path / "before"
    shutil.copytree(site / "acme_eyes", before / "acme_eyes")
    monkeypatch.syspath_prepend(str(before))
    assert "another place" in why_not(live=True, acme_eyes=right)


def test_what_is_linked_into_place_or_runs_at_every_start_has_no_hash(site: Path) -> None:
    put(site)
    right = hash_now()
    with (site / "acme_eyes-1.0.dist-info" / "RECORD").open("a", encoding="utf-8") as file:
        file.write("acme_eyes.pth,,\n")
    assert "at every start" in why_not(live=True, acme_eyes=right)


def test_a_live_profile_takes_no_package_that_brings_others_along(site: Path) -> None:
    put(site, requires="pydantic>=2")
    judged_with_own = judged(live=True, acme_eyes=hash_now())
    assert "acme_eyes" in judged_with_own.manifests
    put(site, requires="somebody-elses-code (>1)")
    assert "needs somebody-elses-code" in why_not(live=True, acme_eyes=hash_now())


def test_a_package_that_is_named_and_not_installed_is_said(site: Path) -> None:
    assert judged(live=True, acme_eyes="0" * 64).missing == (NAME,)
