"""What a row may show before anybody is verified, and what the words of a search already proved."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Address, Candidate, Origin, PartialDate, Patient, PersonName, Phone, Query, Sensitivity
from helpdesk.patients.query import understand
from helpdesk.patients.supplied import supplied
from helpdesk.patients.view import RESTRICTED_WORDS, masked

NUMBER = NhsNumber("9000000009")
JANE = Candidate(
    NUMBER, PersonName("Smith", ("Jane",), "Mrs"), PartialDate(1950, 3, 27), "Female", False, False, Origin.INDEX, postcode="ZZ99 3VZ"
)
RECORD = Patient(
    NUMBER,
    NUMBER,
    Sensitivity.UNRESTRICTED,
    "pds",
    datetime(2026, 11, 21, tzinfo=UTC),
    JANE.name,
    born=JANE.born,
    address=Address(("14 Example Row",), "ZZ99 3VZ"),
    phones=(Phone("+447700900123"),),
    hospital_numbers=("FC-20412",),
)


def said(text: str) -> Query:
    return understand(text, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("smith", "••-•••-••••"),
        ("smith 1950", "••-•••-1950"),
        ("smith 1951", "••-•••-••••"),
        ("smith 27/3/1950", "27-Mar-1950"),
        ("smith 28/3/1950", "••-•••-1950"),
    ],
)
def test_only_the_typed_part_of_a_birth_date_is_shown(text: str, born: str) -> None:
    assert masked(JANE, said(text)).born == born


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("smith", ""),
        ("zz99", "ZZ99 •••"),
        ("zz99 3", "ZZ99 3••"),
        ("zz99 3vz", "ZZ99 3VZ"),
        ("zz98", ""),
        ("zz99 4", ""),
        ("zz9", "ZZ9• •••"),
    ],
)
def test_only_the_typed_start_of_a_postcode_is_shown(text: str, postcode: str) -> None:
    assert masked(JANE, said(text)).postcode == postcode


def test_the_nhs_number_is_dots_until_it_was_typed() -> None:
    assert masked(JANE, said("smith")).nhs_number == "••• ••• ••••"
    assert masked(JANE, said("900 000 0009")).nhs_number == "900 000 0009"


def test_a_restricted_person_shows_a_sentence_and_no_postcode() -> None:
    row = masked(Candidate(NUMBER, JANE.name, JANE.born, "Female", True, True, Origin.PDS, postcode="ZZ99 3VZ"), said("zz99 3vz"))
    assert (row.restricted, row.postcode, row.deceased, row.name) == (RESTRICTED_WORDS, "", True, "SMITH, Jane (Mrs)")


@given(st.text(alphabet="smithjane ", max_size=20))
def test_names_alone_open_nothing(text: str) -> None:
    row = masked(JANE, said(text))
    assert not [c for c in row.born + row.postcode + row.nhs_number if c.isalnum()]
    assert supplied(RECORD, said(text)) == {}


def test_what_was_typed_and_is_right_counts_as_supplied() -> None:
    assert supplied(RECORD, said("27/3/50 zz993vz 9000000009 07700 900123 fc20412")) == {
        "date_of_birth": "1950-03-27",
        "postcode": "ZZ99 3VZ",
        "nhs_number": "9000000009",
        "phone": "07700900123",
        "hospital_number": "FC20412",
    }


@pytest.mark.parametrize("text", ["1950", "zz99 3", "28/3/1950", "zz99 3vy", "07700 900124", "fc20413", "9000000017"])
def test_a_part_or_a_wrong_value_is_not_supplied(text: str) -> None:
    assert supplied(RECORD, said(text)) == {}


def test_the_number_the_call_came_from_was_not_said_by_the_caller() -> None:
    assert supplied(RECORD, said("07700 900123"), rang_from="+44 7700 900123") == {}
    assert supplied(RECORD, said("07700 900123"), rang_from="01632 960123") == {"phone": "07700900123"}


def test_of_a_row_only_what_a_row_holds_can_be_supplied() -> None:
    assert supplied(JANE, said("27/3/50 zz993vz 9000000009 07700 900123")) == {
        "date_of_birth": "1950-03-27",
        "postcode": "ZZ99 3VZ",
        "nhs_number": "9000000009",
    }
