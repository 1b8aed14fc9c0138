"""Every example of the page on configuration is one that the desk takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from connectors.sign_in.cis2_settings import Cis2Settings
from helpdesk.lazy import load
from helpdesk.settings import Settings

TOP = Path(__file__).resolve().parents[2]
PAGE = (TOP / "docs" / "configuration.md").read_text(encoding="utf-8")
BLOCKS = [block for block in re.findall(r"(?:^(?: {4}.*)?\n)+", PAGE, re.MULTILINE) if re.search(r"^ {4}\[", block, re.MULTILINE)]
TABLES: list[dict[str, Any]] = [tomllib.loads(block) for block in BLOCKS]
INSTANCES = {name: table for tables in TABLES for name, table in tables.get("connectors", {}).items()}


def manifest(kind: str) -> dict[str, Any]:
    return tomllib.loads((TOP / "connectors" / kind / "manifest.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", INSTANCES)
def test_each_connection_of_the_page_is_one_that_its_connector_takes(name: str) -> None:
    table = INSTANCES[name]
    load(manifest(table.get("kind", name))["settings"])(**table)


def test_the_other_tables_are_too() -> None:
    for tables in TABLES:
        Settings(**tables)
        if "cis2" in tables:
            Cis2Settings(**tables["cis2"])
    assert sum("cis2" in tables for tables in TABLES) == 1


def test_no_connector_is_left_out_and_every_secret_is_named() -> None:
    kinds = {path.parent.name for path in (TOP / "connectors").glob("*/manifest.toml")}
    assert kinds == {table.get("kind", name) for name, table in INSTANCES.items()}
    assert [s for kind in kinds for s in manifest(kind)["secrets"] if f"`{s}`" not in PAGE] == []
