"""A connector from outside that fails, in whatever way, is one unavailable source: it raises nothing else, and no other fails."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpdesk.answers import SourceState, state_of
from helpdesk.clock import SystemClock
from helpdesk.composition.ports import PORTS
from helpdesk.composition.sources import connect
from helpdesk.desk.model import Port
from helpdesk.errors import ConnectorRejected, ConnectorUnavailable, HelpdeskError, NotFound, RuleBroken
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.activity import Activity, ActivityFound, ActivityKind, ActivityStatus
from helpdesk.registry import instances, manifests
from helpdesk.registry.conforming import conforms
from helpdesk.registry.contract import ConnectorContext, Manifest, Package
from helpdesk.registry.instances import Instance, make
from helpdesk.registry.manifests import Broken, Found
from helpdesk.registry.outside_code import Offered, attempt_to_load

NUMBER = NhsNumber("9000000009")
OWN = manifests.find()
ITEM = Activity(NUMBER, ActivityKind.WAITING, ActivityStatus.ACTIVE, "1", OdsCode("XES01"), clock_start=date(2026, 1, 5))
HEAD = """
from helpdesk.settings import ConnectorSettings
from helpdesk.errors import NotFound
from helpdesk.pathways.activity import ActivityFound
from pydantic import Field, field_validator
class Settings(ConnectorSettings):
    size: int = Field(default=1)
class Eyes:
    def activity(self, number): return ActivityFound()
    def check(self): pass
def connect(settings, context): return Eyes()
"""
FAULT = "Eyes cannot be used: it has a fault of its own."
_NUMBERS = itertools.count()


@pytest.fixture
def eyes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Found]:
    """What is found where a package offers a connector `eyes`; its module is `HEAD` and then what is given."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(code: str = "", provides: tuple[str, ...] = ("hospital_activity",)) -> Found:
        module = f"outside_eyes_{next(_NUMBERS)}"
        (tmp_path / f"{module}.py").write_text(HEAD + code, encoding="utf-8")
        manifest = Manifest("eyes", "Eyes", 1, provides, f"{module}:connect", "", f"{module}:Settings", (), package=Package("acme", "1"))
        return Found({**OWN.manifests, "eyes": manifest}, ())

    return put


def made(found: Found, **table: Any) -> Instance:
    def context(name: str, label: str, _manifest: Manifest) -> ConnectorContext:
        return ConnectorContext(name, label, "XICB", SystemClock(), lambda _: "")

    pds = {"pds": {"base_url": "http://127.0.0.1:1"}}
    both = make({**pds, "eyes": table}, found, context, PORTS)
    connected = connect(both)
    assert connected.pds.name == "pds"
    assert ("eyes" in [s.info.name for s in connected.sources]) is both[1].provides(Port.HOSPITAL_ACTIVITY)
    return both[1]


def said(instance: Instance) -> str:
    with pytest.raises(ConnectorRejected) as caught:
        instance.connector.activity(NUMBER)
    assert caught.value.__context__ is None
    assert state_of(caught.value)[0] is SourceState.UNAVAILABLE
    return caught.value.message


def test_a_good_one_is_asked(eyes: Callable[..., Found]) -> None:
    instance = made(eyes(), label="Eyes of Acme")
    assert (instance.label, instance.problem, instance.stays_here) == ("Eyes of Acme", "", True)
    assert instance.connector.activity(NUMBER) == ActivityFound()
    instance.connector.check()
    with pytest.raises(AttributeError):
        _ = instance.connector.anything_else


def test_its_own_errors_of_the_desk_go_through(eyes: Callable[..., Found]) -> None:
    instance = made(eyes("def activity(self, number): raise NotFound('Nobody.')\nEyes.activity = activity"))
    with pytest.raises(NotFound, match=r"Nobody\."):
        instance.connector.activity(NUMBER)


BROKEN = {
    "an import that fails": ("raise ValueError('9000000009')", FAULT),
    "a module that ends the program": ("raise SystemExit(0)", FAULT),
    "another module that is not there": ("import acme_nowhere", FAULT),
    "bad syntax": ("def :", FAULT),
    "a factory that raises": ("def connect(settings, context): raise KeyError('9000000009')", FAULT),
    "a factory that gives nothing": ("def connect(settings, context): return None", "it has no check and no activity"),
    "no factory": ("del connect", FAULT),
    "no settings": ("del Settings", FAULT),
    "settings of another kind": ("class Settings: pass", "not made for this desk"),
    "settings that cannot be read": ("Settings.is_loopback = property(lambda self: 1 / 0)", FAULT),
    "settings that say nonsense": ("Settings.service = property(lambda self: 5)", "not made for this desk"),
    "settings whose check fails": (
        "class Settings(ConnectorSettings):\n    size: int = Field(default=1, validate_default=True)\n"
        "    @field_validator('size')\n    @classmethod\n    def no(cls, v): raise RuntimeError('9000000009')",
        FAULT,
    ),
    "a method missing": ("del Eyes.activity", "it has no activity"),
    "a method that is none": ("Eyes.check = 5", "it has no check"),
    "a method that cannot be looked at": ("Eyes.activity = property(lambda self: 1 / 0)", FAULT),
}


@pytest.mark.expects_log("has a fault of its own")
@pytest.mark.parametrize(("code", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_one_that_cannot_be_used_says_so_wherever_it_is_asked(code: str, words: str, eyes: Callable[..., Found]) -> None:
    instance = made(eyes(code))
    assert instance.problem.startswith("Eyes cannot be used: ")
    assert words in instance.problem
    assert said(instance) == instance.problem
    with pytest.raises(ConnectorRejected):
        instance.connector.check()


@pytest.mark.parametrize(("table", "words"), [({"size": "x"}, "connectors.eyes.size"), ({"sise": 1}, "connectors.eyes.sise")])
def test_a_wrong_setting_is_named_and_stops_nothing(table: dict[str, Any], words: str, eyes: Callable[..., Found]) -> None:
    assert words in said(made(eyes(), **table))


def test_one_that_is_switched_off_is_not_even_loaded(eyes: Callable[..., Found]) -> None:
    found = eyes("raise ValueError")
    assert make({"eyes": {"enabled": False}}, found, lambda *_: pytest.fail("made"), PORTS) == ()


FAULTY = {
    "a bug": "def activity(self, number): raise KeyError(number.value)",
    "a bug on top of a bug": "def activity(self, number):\n    try: 1 / 0\n    except Exception: raise ValueError(number.value)",
    "an end of the program": "def activity(self, number): raise SystemExit(1)",
    "an error of the desk without its words": ("class Own(NotFound):\n    def __init__(self): pass\ndef activity(self, number): raise Own"),
    "nothing": "def activity(self, number): return None",
    "a list": "def activity(self, number): return []",
    "items of another kind": "def activity(self, number): return ActivityFound(({'id': 1},))",
    "items in a list": "def activity(self, number): return ActivityFound([])",
}


@pytest.mark.expects_log("Eyes has a fault of its own")
@pytest.mark.parametrize("code", FAULTY.values(), ids=FAULTY.keys())
def test_a_fault_while_it_is_asked_is_one_unavailable_answer(
    code: str, eyes: Callable[..., Found], caplog: pytest.LogCaptureFixture
) -> None:
    instance = made(eyes(f"{code}\nEyes.activity = activity"))
    assert said(instance) == "Eyes has a fault of its own."
    assert instance.problem == ""
    assert NUMBER.value not in caplog.text


@pytest.mark.expects_log("Files has a fault of its own")
def test_rows_that_fail_on_the_way_are_a_fault_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Reader:
        def profile(self, *_: Any, **__: Any) -> None: ...
        def waiting(self) -> tuple[Path, ...]:
            return (Path("x"),)

        def rows(self, *_: Any) -> Any:
            yield from (1 / n for n in (0,))

        def read(self, *_: Any, **__: Any) -> Any:
            return iter(())

        def check(self) -> None: ...

    manifest = Manifest("files", "Files", 1, ("extracts",), "", "", "", (), package=Package("acme", "1"))
    context = ConnectorContext("files", "Files", "XICB", SystemClock(), lambda _: "")
    instance = Instance("files", manifest, instances._common({}), context, PORTS)
    monkeypatch.setattr(instances, "loaded", lambda *_: lambda *_: Reader())
    assert instance.connector.waiting() == (Path("x"),)
    with pytest.raises(ConnectorRejected):
        list(instance.connector.rows(tmp_path, None))


def test_what_cannot_be_loaded_keeps_nobody_waiting() -> None:
    never = threading.Event()
    with pytest.raises(ConnectorRejected, match="takes too long"):
        attempt_to_load(never.wait, "Eyes", limit_s=0.01)
    never.set()


def test_one_that_hangs_is_given_up(eyes: Callable[..., Found], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "_GRACE_S", 0.0)
    code = "import threading\ndef activity(self, number): threading.Event().wait()\nEyes.activity = activity"
    connector = made(eyes(code), timeout_s=0.01).connector
    with pytest.raises(ConnectorUnavailable, match="did not answer in time"):
        connector.activity(NUMBER)


def test_a_link_is_offered_without_telling_anybody(eyes: Callable[..., Found]) -> None:
    link = made(eyes("def connect(settings, context): return None", ("links",))).connector
    assert (link.tells_patient, link.host) == (False, "")
    with pytest.raises(ConnectorRejected):
        link.address(NUMBER)


def test_one_that_cannot_be_used_never_stands_in_the_way_of_one_that_can(eyes: Callable[..., Found]) -> None:
    found = eyes("def connect(settings, context): return None", ("demographics",))

    def context(name: str, label: str, _manifest: Manifest) -> ConnectorContext:
        return ConnectorContext(name, label, "XICB", SystemClock(), lambda _: "")

    both = make({"eyes": {}, "pds": {"base_url": "http://127.0.0.1:1"}}, found, context, PORTS)
    assert connect(both).pds.name == "pds"
    alone = connect(both[:1])
    assert alone.demographics is not None
    with pytest.raises(ConnectorRejected):
        alone.demographics.get(NUMBER)


def test_one_that_is_listed_as_broken_is_a_source_that_says_why() -> None:
    broken = Broken("eyes", "Its manifest cannot be read.", Package("acme", "1"))
    instance = made(Found(OWN.manifests, (broken,)), label="Eyes", timeout_s=2)
    assert instance.provides(Port.HOSPITAL_ACTIVITY)
    assert instance.settings.timeout_s == 2
    assert said(instance) == "Eyes cannot be used: its manifest cannot be read."
    worse = made(Found(OWN.manifests, (broken,)), timeout_s="never", base_url=5)
    assert said(worse) == "eyes cannot be used: its manifest cannot be read."


def test_a_kind_that_nobody_offers_is_still_a_wrong_configuration() -> None:
    with pytest.raises(RuleBroken, match="not here: eyes"):
        made(Found(OWN.manifests, ()))
    assert "acme is configured and not installed" in said(made(Found(OWN.manifests, (), ("acme",))))


def test_a_wrong_setting_of_an_own_connector_is_still_named() -> None:
    with pytest.raises(HelpdeskError, match=r"connectors\.pds\.timeout_s"):
        make({"pds": {"base_url": "http://127.0.0.1:1", "timeout_s": -1}}, OWN, lambda *_: pytest.fail("made"), PORTS)


@pytest.mark.parametrize(
    ("value", "good"),
    [
        (ActivityFound((ITEM,)), True),
        (ActivityFound((ITEM,), limits="x", missing=("y",)), True),
        (ActivityFound((Activity(NUMBER, "waiting", ActivityStatus.ACTIVE, "1"),)), False),  # type: ignore[arg-type]  # on purpose
        (ActivityFound((Activity(NUMBER, ActivityKind.TASK, ActivityStatus.ACTIVE, "1", due="soon"),)), False),  # type: ignore[arg-type]  # on purpose
        (ActivityFound((Activity(NUMBER.value, ActivityKind.TASK, ActivityStatus.ACTIVE, "1"),)), False),  # type: ignore[arg-type]  # on purpose
        (ActivityFound((ITEM,), limits=None), False),  # type: ignore[arg-type]  # on purpose
        (None, False),
    ],
)
def test_an_answer_is_looked_at_down_to_its_fields(value: Any, good: bool) -> None:
    assert conforms(value, ActivityFound) is good


def test_every_port_is_known_with_its_methods() -> None:
    assert set(PORTS.protocols) == set(Port)
    everything = Offered(PORTS.protocols, tuple(Port))
    wanted = {"get", "trace", "related", "referral", "entries", "activity", "future", "prescriptions", "proxies", "search", "send", "rows"}
    assert wanted <= set(everything.methods)
    assert set(everything.values) == {"needs_contact", "tells_patient", "host", "read_as", "every"}
