"""Treatment functions: complete for the RTT return, names fit to be said, sensitive where they must be."""

from __future__ import annotations

import pytest

from helpdesk.identifiers import OdsCode
from helpdesk.pathways import reference
from helpdesk.pathways.model import Coded
from helpdesk.pathways.reference import asks_team, is_sensitive, specialty, treatment_functions

RTT = [
    "100",
    "101",
    "110",
    "120",
    "130",
    "140",
    "150",
    "160",
    "170",
    "300",
    "301",
    "320",
    "330",
    "340",
    "400",
    "410",
    "430",
    "502",
    "X02",
    "X03",
    "X04",
    "X05",
    "X06",
]


def test_every_function_of_the_rtt_return_is_there() -> None:
    assert set(RTT) <= set(treatment_functions())
    assert len(treatment_functions()) > 80


def test_names_are_in_sentence_case_and_sourced() -> None:
    for code, function in treatment_functions().items():
        assert function.name[0].isupper(), code
        assert not function.name.isupper(), code
        assert not function.name.endswith("Service"), code
        assert function.source, code


@pytest.mark.parametrize(
    "text", ["110", "C_110", "c_110", " 110 ", "Trauma and orthopaedics", "TRAUMA_AND_ORTHOPAEDICS", "Trauma and Orthopaedics Service"]
)
def test_a_code_or_a_name_gives_the_specialty(text: str) -> None:
    assert specialty(text) == Coded("110", "Trauma and orthopaedics")


def test_an_unknown_code_stays_a_code() -> None:
    assert specialty("9Z9") == Coded("9Z9", "9Z9")


@pytest.mark.parametrize(
    "text", ["360", "504", "501", "311", "710", "711", "X03", "Sexual health", "MENTAL_HEALTH", "Fertility clinic", "HIV", "9Z9"]
)
def test_sensitive(text: str) -> None:
    assert is_sensitive(text)


@pytest.mark.parametrize("text", ["110", "130", "502", "650", "Orthopaedics", "Ophthalmology", "", "Children's services", "Archive clinic"])
def test_not_sensitive(text: str) -> None:
    assert not is_sensitive(text)


def test_every_mental_health_function_is_sensitive() -> None:
    assert all(f.sensitive for c, f in treatment_functions().items() if c.startswith("7"))


def test_an_organisation_can_be_sensitive_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "_sensitive", lambda: {"organisations": ["XSH01"], "words": [], "ask_team_words": []})
    assert is_sensitive("110", OdsCode("XSH01"))
    assert not is_sensitive("110", OdsCode("XFC01"))


def test_oncology_is_for_its_own_team() -> None:
    assert asks_team("370")
    assert asks_team("800")
    assert asks_team("Clinical Oncology")
    assert not asks_team("110")
