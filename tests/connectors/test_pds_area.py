"""Everybody in a practice area comes through PDS as they are: nothing is lost or changed between stub, wire and mapping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.pds import stub
from connectors.pds.client import Pds
from helpdesk.patients.model import Patient
from helpdesk.patients.query import understand
from helpdesk.practice.area import make_area
from helpdesk.practice.model import Area
from tests.connectors.tiny_area import NOW


@pytest.fixture(scope="module")
def made() -> Area:
    return make_area(300, 7, NOW.date())


def as_pds_says(patient: Patient) -> Patient:
    """PDS holds no hospital numbers, does not know who is without the internet, and has a word for a gender it lacks."""
    return replace(
        patient,
        source="pds",
        as_at=NOW,
        gender=patient.gender or "Not known",
        hospital_numbers=(),
        needs=replace(patient.needs, no_digital=False),
    )


def test_everybody_comes_through_unchanged(made: Area, pds_at: Callable[..., Pds]) -> None:
    server = stub.serve(made)
    try:
        pds = pds_at(server.address)
        well = [p for p in made.people if "pds" not in p.faults]
        assert [pds.get(p.patient.nhs_number) for p in well] == [as_pds_says(p.patient) for p in well]
        replaced = [(old, p.patient.nhs_number) for p in well for old in p.replaces]
        assert replaced
        assert [(old, pds.get(old).nhs_number) for old, _ in replaced] == replaced
    finally:
        server.stop()


def test_what_a_caller_says_finds_the_story_patient(made: Area, pds_at: Callable[..., Pds]) -> None:
    server = stub.serve(made)
    try:
        found = pds_at(server.address).trace(understand("smith jane 1950", NOW.date()))
        assert made.stories[0].nhs_number in [c.nhs_number for c in found]
    finally:
        server.stop()
