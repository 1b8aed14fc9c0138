"""What PDS is asked for the words a handler typed: which is the family name, and nothing that PDS would refuse."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.pds.trace import traces
from helpdesk.errors import RuleBroken
from helpdesk.patients.query import understand
from tests.connectors.said import query
from tests.connectors.tiny_area import NOW

TODAY = NOW.date()


def names_asked(words: str, *, fuzzy: bool = False) -> list[str]:
    """How the names in these words are asked: "smith/jane" for family and given."""
    made = traces(understand(f"{words} 1/2/1950", TODAY), fuzzy=fuzzy)
    return ["/".join(value for name, value in trace if name in ("family", "given")) for trace in made]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Smith", ["Smith"]),
        ("smith jane", ["smith/jane", "jane/smith", "smith jane"]),
        ("Smith Jane Ann", ["Smith/Jane/Ann", "Ann/Smith/Jane", "Smith Jane/Ann", "Jane Ann/Smith", "Smith/Jane", "Ann/Smith"]),
        ("de souza", ["de souza", "de/souza", "souza/de"]),
        ("maria de souza", ["maria/de souza", "de souza/maria", "maria de souza", "maria/de/souza", "souza/maria/de"]),
        ("van der berg jan", ["van der berg/jan", "jan/van der berg", "van der berg jan", "van/der/berg/jan", "jan/van/der/berg"]),
        ("Smith-Jones Ann", ["Smith-Jones/Ann", "Ann/Smith-Jones", "Smith-Jones Ann"]),
        ("O\u2019Brien Sean", ["O'Brien/Sean", "Sean/O'Brien", "O'Brien Sean"]),
        ("Kociński Jan", ["Kociński/Jan", "Jan/Kociński", "Kociński Jan", "kocinski/jan", "jan/kocinski", "kocinski jan"]),
        ("Mrs Smith Jane", ["Smith/Jane", "Jane/Smith", "Smith Jane"]),
        ("smi* jan*", ["smi*/jan*", "jan*/smi*", "smi* jan*"]),
        ('"smi*", jane', ["smi*/jane", "jane/smi*", "smi* jane"]),
    ],
)
def test_the_ways_in_which_a_name_is_asked(words: str, asked: list[str]) -> None:
    assert names_asked(words) == asked


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("jane smith", ["jane/smith"]),
        ("jane ann smith", ["jane/ann", "smith/jane"]),
        ("de souza maria", ["de souza/maria"]),
        ("de souza", ["de/souza"]),
        ("smith female ZZ99 3CZ", ["smith", "smith"]),
    ],
)
def test_the_ways_in_which_a_name_that_sounds_alike_is_asked(words: str, asked: list[str]) -> None:
    assert names_asked(words, fuzzy=True) == asked


def test_a_name_longer_than_pds_takes_is_left_out_of_the_ways() -> None:
    long, other = "x" * 20, "y" * 20
    assert names_asked(f"{long} {other}") == [f"{long}/{other}", f"{other}/{long}"]


def test_what_is_asked_of_pds() -> None:
    jane = query("name:smith", "born:1950-01-02")
    assert traces(jane, fuzzy=False) == ((("family", "smith"), ("birthdate", "eq1950-01-02")),)
    assert traces(jane, fuzzy=False, one_match=True) == ((("family", "smith"), ("birthdate", "eq1950-01-02"), ("_max-results", "1")),)
    both = query("name:smith", "name:jane", "born:1950-01-02")
    assert traces(both, fuzzy=True) == ((("family", "smith"), ("given", "jane"), ("birthdate", "eq1950-01-02"), ("_fuzzy-match", "true")),)
    year = (("family", "o'neil"), ("birthdate", "ge1950-01-01"), ("birthdate", "le1950-12-31"))
    assert traces(query("name:o'neil", "year:1950"), fuzzy=False) == (year,)
    month = (("family", "lee"), ("birthdate", "ge1952-02-01"), ("birthdate", "le1952-02-29"))
    assert traces(query("name:lee", "born:1952-02"), fuzzy=False) == (month,)
    (placed,) = traces(query("name:lee", "year:1952", "postcode:ZZ99 3CZ", "gender:male"), fuzzy=False)
    assert placed[3:] == (("gender", "male"), ("address-postalcode", "ZZ99 3CZ"))
    (begun,) = traces(query("name:lee", "year:1952", "postcode:ZZ99"), fuzzy=False)
    assert begun[3:] == (("address-postalcode", "ZZ99*"),)
    one_name = query("name:lee", "born:1952-02-03", "postcode:ZZ99 3CZ", "gender:male")
    rest = (("birthdate", "eq1952-02-03"), ("gender", "male"), ("address-postalcode", "ZZ99 3CZ"), ("_fuzzy-match", "true"))
    assert traces(one_name, fuzzy=True) == ((("family", "lee"), *rest), (("given", "lee"), *rest))


def test_where_somebody_can_be_reached_is_never_asked() -> None:
    """PDS would find restricted people by their telephone or e-mail, and so confirm it."""
    (asked,) = traces(query("name:lee", "year:1952", "phone:07700900123", "email:a@example.org"), fuzzy=False)
    assert {name for name, _ in asked} == {"family", "birthdate"}


@given(st.text(max_size=40), st.booleans())
def test_whatever_is_typed_is_asked_within_the_rules_or_refused(text: str, fuzzy: bool) -> None:
    asked: tuple[tuple[tuple[str, str], ...], ...] = ()
    with suppress(RuleBroken):
        asked = traces(understand(f"{text} 1/2/1950", TODAY), fuzzy=fuzzy)
    assert len(asked) <= 6
    for name, value in (pair for trace in asked for pair in trace):
        assert len(value) <= 35
        assert "*" not in (value if fuzzy else value[:2]), (name, value)
