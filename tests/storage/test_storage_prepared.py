"""Prepared rows: the same text as one person's, sorted, and of the kind the snapshot holds."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from storage_facts import list_row, patient

from helpdesk.errors import RuleBroken
from helpdesk.extracts.model import ExtractKind
from helpdesk.identifiers import OdsCode
from helpdesk.patients.model import Address, Death, DeathStatus, PartialDate, Patient, PersonName, PersonRow, Phone, Sensitivity
from helpdesk.storage.payloads import facts_json, facts_text, location_json, location_text
from helpdesk.storage.persons import FACTS
from helpdesk.storage.prepared import COLUMNS, Preparation

PEOPLE = [
    patient(1),
    patient(2, name=PersonName('O\'Brien "Bé"\\', ("Zoë", "\u2028"), ""), former_family_names=("Älv", "x"), gender=""),
    patient(3, born="1950-02", death=Death(DeathStatus.REPORTED, PartialDate.of(date(2026, 1, 2)))),
    patient(4, address=None, phones=(), emails=(), practice=None),
    patient(
        5,
        address=Address(("1 \t Lane",), ""),
        phones=(Phone("0\n1"),),
        emails=("a@example.org", "b@example.org"),
        practice=OdsCode("XGP001"),
    ),
    patient(6, sensitivity=Sensitivity.RESTRICTED),
]


@pytest.mark.parametrize("person", PEOPLE)
def test_the_quick_text_is_the_same_text(person: Patient) -> None:
    parts = vars(person)
    assert facts_text(person, person.born.iso if person.born else "") == facts_json({name: parts[name] for name in FACTS})
    assert location_text(person) == location_json(parts)


def test_rows_and_keys_come_in_the_order_of_their_indexes() -> None:
    preparation = pickle.loads(pickle.dumps(Preparation(ExtractKind.PERSONS, 7, moments_with_zone=False)))  # noqa: S301  # our own
    pieces = [*preparation.take([PersonRow(patient(n)) for n in (3, 1, 2)]), *preparation.rest()]
    rows, keys = (
        [r for table, rows in pieces if table == "person" for r in rows],
        [r for t, rows in pieces if t == "person_key" for r in rows],
    )
    numbers = [row[2] for row in rows]
    assert numbers == sorted(numbers)
    assert [row[:2] for row in rows] == [(7, 0), (7, 1), (7, 2)]
    assert keys == sorted(keys)
    assert len(keys) == 6 * 3
    assert {len(row) for row in rows} == {len(COLUMNS["person"])}


def test_a_row_of_another_kind_is_refused() -> None:
    with pytest.raises(RuleBroken):
        list(Preparation(ExtractKind.PERSONS, 7, moments_with_zone=False).take([list_row(1)]))
