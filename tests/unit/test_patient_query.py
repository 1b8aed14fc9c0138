"""The search box: what each form of words is understood as, and that no words can break it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import FactKind, PersonName, Query
from helpdesk.patients.query import understand, without
from helpdesk.patients.related import Related
from helpdesk.patients.words import folded

TODAY = date(2026, 11, 21)


def read(text: str) -> list[tuple[str, str]]:
    return [(fact.kind.value, fact.value) for fact in understand(text, TODAY).facts]


def with_check_digit(nine: str) -> str:
    digit = NhsNumber.check_digit(nine)
    assert digit is not None
    return nine + digit


NUMBER = with_check_digit("999123457")


@pytest.mark.parametrize(
    "typed",
    [
        "{0}{1}{2}",
        "{0} {1} {2}",
        "{0}-{1}-{2}",
        "{0}\u00a0{1}\u00a0{2}",
        "{0}\u2013{1}\u2013{2}",
        "nhs:{0}{1}{2}",
        "NHS no. {0} {1} {2}",
        "nhs: {0} {1}{2}",
    ],
)
def test_an_nhs_number_is_read_however_it_is_grouped(typed: str) -> None:
    text = typed.format(NUMBER[:3], NUMBER[3:6], NUMBER[6:])
    (fact,) = understand(text, TODAY).facts
    assert (fact.kind, fact.value) == (FactKind.NHS_NUMBER, NUMBER)
    assert fact.shown == f"NHS No. {NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}"


@pytest.mark.parametrize("place", range(10))
def test_any_wrong_digit_of_an_nhs_number_is_a_problem_with_its_reason(place: int) -> None:
    wrong = NUMBER[:place] + str((int(NUMBER[place]) + 1) % 10 or 1) + NUMBER[place + 1 :]
    query = understand(f"smith {wrong}", TODAY)
    assert "valid NHS number" in query.problem
    assert FactKind.NHS_NUMBER not in query.kinds


def test_after_nhs_the_wrong_count_of_digits_is_said() -> None:
    assert understand("nhs: 999 123", TODAY).problem == "An NHS number has 10 digits; this has 6."
    assert understand("ubrn: 1234", TODAY).problem == "A booking reference (UBRN) has 12 digits."
    assert understand("999 123", TODAY).problem == ""


@pytest.mark.parametrize("digits", ["٩٩٩١٢٣٤٥٦٧", "９９９１２３４５６７", "९९९१२३४५६७"])
def test_digits_of_other_scripts_are_no_numbers(digits: str) -> None:
    query = understand(f"nhs: {digits} {digits}", TODAY)
    assert query.kinds <= {FactKind.NAME}
    assert digits in query.unread


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("01/01/1950", "1950-01-01"),
        ("1/2/50", "1950-02-01"),
        ("1.2.50", "1950-02-01"),
        ("1-Jan-1950", "1950-01-01"),
        ("1 jan 1950", "1950-01-01"),
        ("1jan1950", "1950-01-01"),
        ("2 January 1950", "1950-01-02"),
        ("2nd of January 1950", "1950-01-02"),
        ("March 3rd, 1950", "1950-03-03"),
        ("1950-01-02", "1950-01-02"),
        ("020150", "1950-01-02"),
        ("01011950", "1950-01-01"),
        ("19500102", "1950-01-02"),
        ("02 01 1950", "1950-01-02"),
        ("dob 2/1/50", "1950-01-02"),
        ("Born 02-Jan-1950", "1950-01-02"),
        ("29/02/00", "2000-02-29"),
        ("21/11/26", "2026-11-21"),
        ("22/11/26", "1926-11-22"),
    ],
)
def test_a_birth_date_is_read_as_people_write_and_say_it(text: str, born: str) -> None:
    assert read(text) == [("born", born)]
    assert read(f"smith {text} jane") == [("name", "smith"), ("born", born), ("name", "jane")]


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
def test_every_day_is_read_in_every_whole_form(day: date) -> None:
    for form in ("%d/%m/%Y", "%d-%b-%Y", "%d %B %Y", "%Y-%m-%d", "%d%m%Y"):
        assert read(day.strftime(form)) == [("born", day.isoformat())]


@given(st.dates(min_value=TODAY - timedelta(days=36500), max_value=TODAY))
def test_two_digits_of_a_year_are_never_in_the_future(day: date) -> None:
    (born,) = understand(day.strftime("%d/%m/%y"), TODAY).of(FactKind.BORN)
    assert born == day.isoformat()
    assert date.fromisoformat(born) <= TODAY


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31/02/1950", "There is no 31st of February."),
        ("310250", "There is no 31st of February."),
        ("31 april 1950", "There is no 31st of April."),
        ("45 jan 1950", "There is no 45th of January."),
        ("29/02/1951", "There is no 29th of February in 1951."),
        ("12/25/1950", "There is no month 25: type the day first, then the month."),
        ("01/01/2027", "This birth date is in the future."),
        ("01/01/1850", "A birth date before 1900 cannot be searched for."),
    ],
)
def test_a_date_that_cannot_be_is_a_problem(text: str, problem: str) -> None:
    query = understand(f"smith {text}", TODAY)
    assert query.problem == problem
    assert query.kinds == {FactKind.NAME}
    assert query.unread == (text,)


@pytest.mark.parametrize(
    ("text", "understood"), [("1950", True), ("1900", True), ("2026", True), ("2027", False), ("1899", False), ("195", False)]
)
def test_a_year_alone_is_between_1900_and_now(text: str, understood: bool) -> None:
    assert read(text) == ([("born_year", text)] if understood else [])


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("zz99 3vz", "ZZ99 3VZ", "Postcode ZZ99 3VZ"),
        ("ZZ993VZ", "ZZ99 3VZ", "Postcode ZZ99 3VZ"),
        ("zz99", "ZZ99", "Postcode starts ZZ99"),
        ("zz99 3", "ZZ99 3", "Postcode starts ZZ99 3"),
        ("zz993", "ZZ99 3", "Postcode starts ZZ99 3"),
        ("zz99 3v", "ZZ99 3V", "Postcode starts ZZ99 3V"),
        ("m1", "M1", "Postcode starts M1"),
    ],
)
def test_a_postcode_is_read_whole_or_from_its_start(text: str, value: str, shown: str) -> None:
    (fact,) = understand(text, TODAY).facts
    assert (fact.kind, fact.value, fact.shown) == (FactKind.POSTCODE, value, shown)


def test_the_day_of_a_date_is_not_taken_into_the_postcode_before_it() -> None:
    assert read("zz99 1 jan 1950") == [("postcode", "ZZ99"), ("born", "1950-01-01")]
    assert read("zz99 1950") == [("postcode", "ZZ99"), ("born_year", "1950")]


@pytest.mark.parametrize(
    "text",
    ["07700 900123", "07700900123", "+44 7700 900123", "+44 (0)7700 900123", "0044 7700 900 123", "07700-900-123", "tel: 07700/900123"],
)
def test_a_telephone_number_is_one_value_in_every_form(text: str) -> None:
    query = understand(f"{text} 1950", TODAY)
    assert query.of(FactKind.PHONE) == ("07700900123",)
    assert query.facts[0].shown == "Phone 07700 900123"
    assert query.of(FactKind.BORN_YEAR) == ("1950",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("(01632) 960123", "Phone 01632 960123"), ("02079460000", "Phone 020 7946 0000"), ("0131 496 0000", "Phone 0131 496 0000")],
)
def test_a_landline_is_grouped_as_it_is_spoken(text: str, shown: str) -> None:
    assert [fact.shown for fact in understand(text, TODAY).facts] == [shown]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("fc20412", [("hospital_number", "FC20412")]),
        ("p-00123", [("hospital_number", "P-00123")]),
        ("hosp: 20412", [("hospital_number", "20412")]),
        ("Hospital No. FC20412", [("hospital_number", "FC20412")]),
        ("Jane@Example.org", [("email", "jane@example.org")]),
        ("0000 0007 0000", [("ubrn", "000000070000")]),
        ("ubrn 000000070000", [("ubrn", "000000070000")]),
        ("smith jane 1950", [("name", "smith"), ("name", "jane"), ("born_year", "1950")]),
        ("SMITH, Jane", [("name", "smith"), ("name", "jane")]),
        ("Mrs Smith", [("name", "smith")]),
        ("miss", [("name", "miss")]),
        ("O\u2019Brien-Smith José Øster Weiß", [("name", "o'brien-smith"), ("name", "jose"), ("name", "oster"), ("name", "weiss")]),
        ("smith smith 1950 1950", [("name", "smith"), ("born_year", "1950")]),
    ],
)
def test_what_else_is_said(text: str, facts: list[tuple[str, str]]) -> None:
    assert read(text) == facts


def test_a_year_before_an_nhs_number_stays_a_year() -> None:
    spaced = f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}"
    assert read(f"1950 {spaced}") == [("born_year", "1950"), ("nhs_number", NUMBER)]
    assert read(f"{spaced} 1950") == [("nhs_number", NUMBER), ("born_year", "1950")]


def test_names_keep_their_accents_on_the_chip_and_lose_them_in_the_value() -> None:
    (fact,) = understand("Zoë", TODAY).facts
    assert (fact.shown, fact.value) == ("Name Zoë", "zoe")
    assert folded("ZOE\u0308") == "zoe"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("smi* 1950", [("name", "smi"), ("born_year", "1950")]),
        ("JOSÉ* smith", [("name", "jose"), ("name", "smith")]),
        ("smith female", [("name", "smith"), ("gender", "female")]),
        ("Male, Smith", [("gender", "male"), ("name", "smith")]),
        ("male 1950", [("name", "male"), ("born_year", "1950")]),
        ("mrs female", [("name", "female")]),
        ("females smith", [("name", "females"), ("name", "smith")]),
        ("* smith", [("name", "smith")]),
    ],
)
def test_stars_and_genders(text: str, facts: list[tuple[str, str]]) -> None:
    assert read(text) == facts


def test_a_star_stays_with_what_was_typed_and_is_said_on_the_chip() -> None:
    (fact,) = understand('"Smi*"', TODAY).facts
    assert (fact.shown, fact.value) == ("Name starts Smi", "smi")
    assert "Smi*" in fact.typed


@pytest.mark.parametrize("text", ["s*", "*ith", "smith j* 1950"])
def test_a_star_too_early_is_explained(text: str) -> None:
    assert "after its first two letters" in understand(text, TODAY).problem


PIECES = st.sampled_from(
    (
        *("smith", "O'Brien", "José", "mrs", "may", "1950", "1/2/50", "2 jan 1950", "31/02/1950", "zz99", "zz99 3", "zz99 3vz"),
        *("07700 900123", NUMBER, "fc20412", "12345", "jane@example.org", "0000 0007 0000", "999 123 4560", "3", "nhs:", "*", "smi*", "s*"),
    )
)


@given(st.text() | st.lists(PIECES, max_size=6).map(" ".join) | st.lists(PIECES | st.text(max_size=4), max_size=8).map(" ".join))
def test_no_words_can_break_it(text: str) -> None:
    query = understand(text, TODAY)
    assert query.text == text
    assert len(set(query.facts)) == len(query.facts)
    assert all(fact.value and fact.shown for fact in query.facts)
    for number in query.of(FactKind.NHS_NUMBER):
        assert NhsNumber(number)
    for born in query.of(FactKind.BORN):
        assert date(1900, 1, 1) <= date.fromisoformat(born) <= TODAY


@given(st.lists(PIECES, min_size=1, max_size=6, unique=True).map(" ".join), st.integers(min_value=0))
def test_taking_a_chip_away_leaves_all_the_others(text: str, which: int) -> None:
    query = understand(text, TODAY)
    if not query.facts:
        return
    gone = query.facts[which % len(query.facts)]
    left = understand(without(query, gone, TODAY), TODAY)
    assert [f for f in left.facts if f.value != "mrs"] == [f for f in query.facts if f != gone and f.value != "mrs"]
    assert left.problem == query.problem


def test_a_query_and_somebody_related_show_nobody_in_a_repr() -> None:
    query = understand("smith 2.1.1950 ZZ99 3VZ 07700 900123 nobody?", TODAY)
    assert {FactKind.NAME, FactKind.BORN, FactKind.POSTCODE, FactKind.PHONE} <= query.kinds
    told = repr([query, *query.facts, Related("Mother", PersonName("Adeyemi", ("Ngozi",)), NhsNumber(NUMBER))]).casefold()
    assert [word for word in ("smith", "1950", "zz99", "3vz", "900123", "nobody", "adeyemi", "ngozi", NUMBER) if word in told] == []


def test_the_words_left_read_as_they_were_typed() -> None:
    query = understand("Smith  Jane 1/2/50", TODAY)
    assert without(query, query.facts[1], TODAY) == "Smith 1/2/50"
    assert without(Query(""), query.facts[0], TODAY) == ""
