"""Serving the practice area: each stub gets the whole area, none is left running, and the configuration points at them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from connectors.waiting_list_extract.settings import ExtractSettings
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area
from helpdesk.practice.serving import configuration, serve
from helpdesk.settings import Settings


@pytest.fixture(scope="module")
def area() -> Area:
    return make_area(200, 1, date(2026, 11, 18))


class NotedServer:
    running: list[NotedServer] = []  # noqa: RUF012  # shared on purpose: the test asks what still runs

    def __init__(self, area: Area, port: int, instance: str) -> None:
        self.area = area
        self.instance = instance
        self.address = f"http://127.0.0.1:{5000 + len(self.running)}"
        assert port == 0
        self.running.append(self)

    def stop(self) -> None:
        self.running.remove(self)


def noted(area: Area, port: int, instance: str) -> NotedServer:
    return NotedServer(area, port, instance)


def broken(area: Area, port: int, instance: str) -> NotedServer:
    raise OSError("no port is free")


GOOD, BROKEN = f"{__name__}:noted", f"{__name__}:broken"


def test_each_is_handed_the_area_and_stopped_at_the_end(area: Area) -> None:
    with serve(area, {"pds": GOOD, "ers": GOOD, "fenmoor_list": ""}) as served:
        assert [s.area is area for s in NotedServer.running] == [True, True]
        assert [s.instance for s in NotedServer.running] == ["pds", "ers"]
        assert served.addresses == {"pds": "http://127.0.0.1:5000", "ers": "http://127.0.0.1:5001"}
    assert NotedServer.running == []


def test_when_one_cannot_start_none_stays(area: Area) -> None:
    with pytest.raises(OSError, match="no port"):
        serve(area, {"pds": GOOD, "ers": BROKEN})
    assert NotedServer.running == []


def test_the_configuration_is_one_that_the_desk_takes(area: Area) -> None:
    with serve(area, {name: GOOD for name in ("pds", "ousebank_system", "elective_list")}) as served:
        text = configuration(served, Path('/tmp/pra"ctice\\é'))  # noqa: S108  # a name only, with all that must be escaped
    settings = Settings.model_validate(tomllib.loads(text))
    assert (settings.desk.profile, settings.desk.organisation) == ("sandbox", "XICB")
    assert settings.connectors["pds"] == {"base_url": "http://127.0.0.1:5000", "sign_in": "none"}
    assert settings.connectors["ousebank_system"] == {
        "base_url": "http://127.0.0.1:5001",
        "sign_in": "none",
        "kind": "fhir_r4",
        "label": "Ousebank system",
        "provider": "XOC01",
    }
    assert settings.connectors["elective_list"]["enabled"] is False
    lists = {name: ExtractSettings.model_validate(t) for name, t in settings.connectors.items() if t.get("kind") == "waiting_list_extract"}
    assert {name: s.provider for name, s in lists.items()} == {"fenmoor_list": "XFC01", "thornmere_list": "XTG01", "ousebank_list": "XOC01"}
    assert lists["fenmoor_list"].folder == Path('/tmp/pra"ctice\\é/fenmoor_list')  # noqa: S108  # a name only
    assert lists["fenmoor_list"].stale_after_hours == 240
    assert settings.organisations["XFC01"] == "Fenmoor City Hospital"
