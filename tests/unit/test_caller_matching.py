"""What a caller says is forgiven its form and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.callers.expected import expected_from
from helpdesk.callers.matching import matches
from helpdesk.callers.model import Item

ROW = "14 Example Row, Fenmoor, ZZ99 3VZ"
FLAT = "Flat 2, 14 Example Road, Fenmoor, ZZ99 3VZ"
LARCH = "Flat 2, Larch House, 14 Example Street, Fenmoor"
COTTAGE = "Rose Cottage, St. Mary's Lane, Fenmoor, ZZ99 3VZ"
SPLIT = "14, Example Row, Fenmoor"


@pytest.mark.parametrize(
    "said",
    [
        "2/1/1950",
        "02/01/50",
        "2.1.50",
        "2 jan 1950",
        "2nd of January 1950",
        "January 2nd, 1950",
        "2-Jan-50",
        "2jan1950",
        "02011950",
        "020150",
        "1950-01-02",
        "19500102",
        "1950 Jan 2",
        "2 1 1950",
        "2\u00a0January\u00a01950",
    ],
)
def test_a_whole_birth_date_matches_in_any_form(said: str) -> None:
    assert matches(Item.DATE_OF_BIRTH, said, ("1950-01-02",))


@pytest.mark.parametrize(
    "said",
    [
        "1950",
        "january 1950",
        "2 january",
        "1/2/1950",
        "3/1/1950",
        "2/1/1951",
        "2 or 3 jan 1950",
        "1 2 3 4 1950",
        "٢/١/١٩٥٠",
        "9" * 5000,
        "maybe",
    ],
)
def test_part_of_a_birth_date_or_two_guesses_do_not(said: str) -> None:
    assert not matches(Item.DATE_OF_BIRTH, said, ("1950-01-02",))


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 21)), st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 21))
)
def test_only_the_same_day_matches(born: date, said: date) -> None:
    for form in ("%d/%m/%Y", "%d %B %Y", "%Y-%m-%d", "%d%b%Y", "%d%m%Y"):
        assert matches(Item.DATE_OF_BIRTH, said.strftime(form), (born.isoformat(),)) is (born == said)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("14 example row", ROW),
        ("14, Example Row.", ROW),
        ("no. 14 Example Row", ROW),
        ("14 example row fenmoor", ROW),
        ("14 example row, Fenmoor ZZ99 3VZ", ROW),
        ("14 example row zz993vz", ROW),
        ("14 example row", SPLIT),
        ("flat 2 14 example road", FLAT),
        ("14 example row flat 2", "Flat 2 14 Example Row"),
        ("14 Example Rd, Flat 2", FLAT),
        ("apartment 2, 14 example rd", FLAT),
        ("flat 2 larch house", LARCH),
        ("flat 2, 14 example st", LARCH),
        ("rose cottage saint marys ln", COTTAGE),
        ("14 church lane", "Rose Cottage, 14 Church Lane"),
        ("14 a church ln", "14A, Church Lane"),
    ],
)
def test_house_and_street_match_in_any_order_and_spelling(said: str, address: str) -> None:
    assert matches(Item.ADDRESS, said, (address,))


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("14", ROW),
        ("example row", ROW),
        ("14 example", ROW),
        ("14 example road", ROW),
        ("15 example row", ROW),
        ("14 15 16 example row", ROW),
        ("fenmoor", ROW),
        ("14 fenmoor zz99 3vz", ROW),
        ("14 example road", FLAT),
        ("flat 2", FLAT),
        ("flat 14, 2 example road", FLAT),
        ("flat 3 14 example road", FLAT),
        ("larch house", LARCH),
        ("rose cottage", COTTAGE),
        ("st marys lane", COTTAGE),
        ("14 church lane", "14A, Church Lane"),
    ],
)
def test_a_number_a_street_or_a_list_of_guesses_is_no_address(said: str, address: str) -> None:
    assert not matches(Item.ADDRESS, said, (address,))


@pytest.mark.parametrize("said", ["07700900123", "07700 900 123", "+44 7700 900123", "+44 (0)7700 900123", "0044-7700-900123"])
def test_a_telephone_number_matches_with_either_prefix(said: str) -> None:
    for held in ("07700 900123", "+447700900123", "0044 7700 900123"):
        assert matches(Item.PHONE, said, (held,))


@pytest.mark.parametrize("said", ["900123", "00123", "7700900123", "07700 900124", "07700 900123 07700 900124", "0"])
def test_the_end_of_a_telephone_number_does_not(said: str) -> None:
    assert not matches(Item.PHONE, said, ("07700 900123",))


@pytest.mark.parametrize(
    ("item", "said", "held", "same"),
    [
        (Item.POSTCODE, "zz993vz", "ZZ99 3VZ", True),
        (Item.POSTCODE, " Zz99  3vz ", "ZZ99 3VZ", True),
        (Item.POSTCODE, "zz99", "ZZ99 3VZ", False),
        (Item.POSTCODE, "zz99 3vx", "ZZ99 3VZ", False),
        (Item.HOSPITAL_NUMBER, "fc 20412", "FC20412", True),
        (Item.HOSPITAL_NUMBER, "20412", "FC20412", False),
        (Item.NHS_NUMBER, "900-000 0009", "9000000009", True),
        (Item.NHS_NUMBER, "0009", "9000000009", False),
        (Item.UBRN, "0000 0007 0000", "00000000000000070000", True),
        (Item.UBRN, "00000000000000070000", "000000070000", True),
        (Item.UBRN, "70000", "000000070000", False),
        (Item.UBRN, "100000000007 0000", "000000070000", False),
        (Item.GP_PRACTICE, "larkmead", "Larkmead Medical Centre", True),
        (Item.GP_PRACTICE, "The Larkmead Surgery", "Larkmead Medical Centre", True),
        (Item.GP_PRACTICE, "mill street", "Mill Street", True),
        (Item.GP_PRACTICE, "surgery", "Larkmead Surgery", False),
        (Item.GP_PRACTICE, "the medical centre", "The Medical Centre", False),
        (Item.GP_PRACTICE, "larkmead fenmoor millside", "Larkmead Surgery", False),
        (Item.GP_PRACTICE, "larkmead south", "Larkmead North", False),
    ],
)
def test_numbers_postcodes_and_practices(item: Item, said: str, held: str, same: bool) -> None:
    assert matches(item, said, (held,)) is same


@pytest.mark.parametrize("said", ["", " ", "\u00a0", "-", ".,;", "()"])
@pytest.mark.parametrize("item", list(Item))
def test_empty_words_match_nothing(item: Item, said: str) -> None:
    assert not matches(item, said, ("", "-", "1950-01-02", ROW, "FC20412"))


def test_what_is_too_little_to_prove_anything_is_never_asked() -> None:
    expected = expected_from(
        address_lines=("14",),
        postcode="",
        phones=("999",),
        hospital_numbers=("",),
        nhs_number="",
        practice_names=("The Surgery",),
        ubrns=(),
    )
    assert expected.answers == {}


def test_what_is_held_can_be_asked() -> None:
    expected = expected_from(
        born=date(1950, 1, 2),
        address_lines=("", "14 Example Row", "Fenmoor"),
        postcode="ZZ99 3VZ",
        phones=("07700 900123", "999"),
        hospital_numbers=("FC20412",),
        nhs_number="9000000009",
        former_nhs_numbers=("9000000017",),
        practice_names=("Larkmead Surgery", "Mill Street"),
        ubrns=("000000070000",),
    )
    assert set(expected.answers) == set(Item)
    assert matches(Item.ADDRESS, "14 example row", expected.answers[Item.ADDRESS])
    assert matches(Item.NHS_NUMBER, "900 000 0017", expected.answers[Item.NHS_NUMBER])
    assert expected.answers[Item.PHONE] == ("07700 900123",)
    assert "900" not in repr(expected)


@given(st.sampled_from(list(Item)), st.text())
def test_no_words_can_break_the_comparison(item: Item, said: str) -> None:
    held = {Item.DATE_OF_BIRTH: "1950-01-02", Item.ADDRESS: FLAT, Item.POSTCODE: "ZZ99 3VZ", Item.PHONE: "07700 900123"}
    assert matches(item, said, (held.get(item, "FC20412"),)) in (True, False)
