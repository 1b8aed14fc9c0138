"""The local index: who is found, by what, and what is wiped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from sqlalchemy import inspect, text
from storage_facts import KEY, NOON, MovableClock, event, list_row, number, patient, profile, query, session
from storage_import import found, imported

from helpdesk.extracts.model import ExtractKind
from helpdesk.patients.model import Address, Death, DeathStatus, PartialDate, PersonName, PersonRow, Phone, Query, Sensitivity
from helpdesk.storage.database import Database
from helpdesk.storage.observations import SqlObservations
from helpdesk.storage.people import SqlPeople
from helpdesk.storage.snapshots import SqlSnapshots

RESTRICTED = Sensitivity.RESTRICTED


@pytest.fixture
def people(database: Database, clock: MovableClock) -> SqlPeople:
    return SqlPeople(database, clock)


AREA = (
    patient(1),
    patient(2, given=("Janet",), born="1950-06-07", address=Address((), "ZZ99 4BB"), phones=(Phone("+44 7700 900124"),)),
    patient(3, family="Smithson", given=("Peter", "John"), born="1981-02-03"),
    patient(4, family="O'Brien-Müller", given=("Zoë",), born="1990", former_family_names=("Archer",)),
    patient(5, family="Brown", sensitivity=RESTRICTED),
    patient(6, family="Jane", given=("Smith",), born="1950-01-01", death=Death(DeathStatus.CONFIRMED, PartialDate(2020))),
)


@pytest.fixture
def area(database: Database, clock: MovableClock, people: SqlPeople) -> SqlPeople:
    imported(database, clock, AREA)
    return people


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        ({"name": "smith"}, {1, 2, 3, 6}),
        ({"name": "smith|jane"}, {1, 2, 6}),
        ({"name": "jan|smi"}, {1, 2, 6}),
        ({"name": "JANE|SMITH", "born_year": "1950"}, {1, 2, 6}),
        ({"name": "smith", "born": "1950-06-07"}, {2}),
        ({"born": "1950-01-01"}, {1, 5, 6}),
        ({"born": "1990-05-05", "name": "zoe"}, {4}),
        ({"name": "obrien"}, {4}),
        ({"name": "o'brien"}, {4}),
        ({"name": "muller"}, {4}),
        ({"name": "brien muller"}, {4}),
        ({"name": "archer"}, {4}),
        ({"name": "john|peter|smithson"}, {3}),
        ({"postcode": "ZZ99 4BB"}, {2}),
        ({"postcode": "ZZ99"}, {1, 2, 3, 4, 6}),
        ({"postcode": "zz994"}, {2}),
        ({"phone": "07700900124"}, {2}),
        ({"phone": "+447700900124"}, {2}),
        ({"email": "Person3@example.org"}, {3}),
        ({"hospital_number": "h000004"}, {4}),
        ({"name": "brown"}, {5}),
        ({"name": "brown", "postcode": "ZZ99"}, set()),
        ({"name": "smith|nobody"}, set()),
        ({"name": "brown", "born_year": "1949"}, set()),
    ],
)
def test_who_is_found(area: SqlPeople, facts: dict[str, str], who: set[int]) -> None:
    candidates, total = area.find(query(**facts), 50)
    assert {one.nhs_number for one in candidates} == {number(n) for n in who}
    assert total == len(who)


def test_a_number_is_found_whole_only(area: SqlPeople) -> None:
    assert found(area, query(nhs_number=str(number(3)))) == [number(3)]
    assert found(area, query(nhs_number=str(number(3)), name="smith")) == [number(3)]
    assert found(area, query(nhs_number=str(number(3)), name="jane")) == []
    assert found(area, query(nhs_number=str(number(99)))) == []


def test_exact_names_come_first_with_their_reason(area: SqlPeople) -> None:
    candidates, _ = area.find(query(name="smith|jane"), 50)
    reasons = {one.nhs_number: one.why for one in candidates}
    assert reasons == {number(1): ("Name, exact",), number(6): ("Name, exact",), number(2): ("Name starts so",)}
    assert candidates[-1].nhs_number == number(2)
    assert area.find(query(name="archer"), 50)[0][0].why == ("Name, exact", "Former family name")
    assert area.find(query(name="jan", born_year="1950", postcode="ZZ99"), 50)[0][0].why == (
        "Name starts so",
        "Year of birth",
        "Postcode start",
    )
    assert area.find(query(phone="07700900124"), 50)[0][0].why == ("Phone",)
    assert area.find(query(born="1981-02-03"), 50)[0][0].why == ("Date of birth",)


def test_a_candidate_carries_no_more_than_was_typed(area: SqlPeople) -> None:
    by_name = area.find(query(name="janet"), 50)[0][0]
    by_postcode = area.find(query(name="janet", postcode="ZZ99"), 50)[0][0]
    assert (by_name.postcode, by_postcode.postcode) == ("", "ZZ99 4BB")
    restricted = area.find(query(name="brown"), 50)[0][0]
    assert (restricted.restricted, restricted.postcode) == (True, "")
    assert area.find(query(name="jane|smith"), 50)[0][0].deceased != area.find(query(name="jane|smith"), 50)[0][1].deceased


def test_nothing_typed_finds_nobody(area: SqlPeople) -> None:
    assert area.find(Query(text=""), 50) == ((), 0)
    assert area.find(replace(query(name="smith"), problem="This is not a valid NHS number."), 50) == ((), 0)
    assert area.find(query(name="' -"), 50) == ((), 0)


def test_counting_stops_at_a_thousand(database: Database, clock: MovableClock, people: SqlPeople) -> None:
    many = [patient(n, family="Smithers") for n in range(100, 1150)]
    imported(database, clock, [*many, patient(1, family="Smith"), patient(2, family="Smith", given=("Zara",))])
    candidates, total = people.find(query(name="smith"), 10)
    assert (len(candidates), total) == (10, 1000)
    assert [one.nhs_number for one in candidates[:2]] == [number(1), number(2)]


def test_one_person_from_two_origins_is_listed_once(database: Database, clock: MovableClock, area: SqlPeople) -> None:
    imported(database, clock, [patient(1)], provider="XFC01")
    area.remember(patient(1, source="pds"))
    assert area.find(query(name="smith|jane"), 50)[1] == 3


def test_only_a_verified_number_answers(database: Database, clock: MovableClock, people: SqlPeople) -> None:
    imported(database, clock, [PersonRow(patient(1), "02"), PersonRow(patient(2, family="Archer"), "01")])
    assert found(people, query(nhs_number=str(number(1)))) == []
    assert people.person(number(1)) is None
    assert people.known_sensitivity(number(1)) is None
    (by_name,), _ = people.find(query(name="smith"), 50)
    assert by_name.why == ("Name, exact", "NHS number not verified")


def test_a_person_is_found_by_a_live_booking_reference(database: Database, clock: MovableClock, area: SqlPeople) -> None:
    snapshots = SqlSnapshots(database, session(), clock)
    lists = snapshots.stage(profile(ExtractKind.OPEN_PATHWAYS, "XFC01"), date(2026, 11, 15), "XFC01", "lists", "A. Handler")
    snapshots.add(lists, [list_row(3, ubrn="000012345678")])
    assert found(area, query(ubrn="000012345678")) == []
    snapshots.go_live(lists, event())
    (one,), _ = area.find(query(ubrn="000012345678"), 50)
    assert (one.nhs_number, one.why) == (number(3), ("Booking reference",))


def test_a_person_comes_back_whole(database: Database, clock: MovableClock, people: SqlPeople) -> None:
    whole = AREA[3]
    imported(database, clock, [whole])
    assert people.person(whole.nhs_number) == whole
    assert people.person(number(77)) is None
    from_pds = replace(whole, source="pds", as_at=NOON + timedelta(hours=1), hospital_numbers=(), name=PersonName("Newname", ("Zoë",)))
    people.remember(from_pds)
    assert people.person(whole.nhs_number) == from_pds.with_hospital_numbers(whole.hospital_numbers)
    assert found(people, query(name="newname")) == [whole.nhs_number]


@pytest.mark.parametrize(
    ("pds", "extract", "known"),
    [
        (None, None, None),
        ("U", None, "U"),
        (None, "U", "U"),
        ("R", None, "R"),
        (None, "R", "R"),
        ("U", "U", "U"),
        ("R", "U", "R"),
        ("U", "R", "R"),
        ("R", "R", "R"),
    ],
)
@pytest.mark.parametrize("pds_first", [True, False])
def test_the_stricter_flag_is_known(
    database: Database, clock: MovableClock, people: SqlPeople, pds: str | None, extract: str | None, known: str | None, pds_first: bool
) -> None:
    flag = {"U": Sensitivity.UNRESTRICTED, "R": RESTRICTED}
    steps = [
        lambda: people.remember(patient(1, sensitivity=flag[str(pds)])) if pds else None,
        lambda: imported(database, clock, [patient(1, sensitivity=flag[str(extract)])]) if extract else None,
    ]
    for step in steps if pds_first else reversed(steps):
        step()
    assert people.known_sensitivity(number(1)) == (flag[known] if known else None)
    assert people.known_sensitivities([number(1), number(2)]) == ({number(1): flag[known]} if known else {})
    assert found(people, query(postcode="ZZ99")) == ([number(1)] if known == "U" else [])
    held = people.person(number(1))
    assert (held is None) == (known is None)
    assert held is None or bool(held.phones) == (known == "U")


LOCATION = ("ZZ99 3AA", "ZZ993AA", "07700 900123", "07700900123", "person1@example.org", "XGP001", "Long Lane")


def everything_in(database: Database) -> str:
    """Every value of every table."""
    with database.read() as transaction:
        tables = inspect(transaction.connection()).get_table_names()
        return "\n".join(repr(transaction.execute(text(f'SELECT * FROM "{table}"')).all()) for table in tables)  # noqa: S608  # names of our own tables


def test_a_restricted_answer_wipes_where_the_person_is(database: Database, clock: MovableClock, people: SqlPeople) -> None:
    imported(database, clock, [patient(1), patient(2, address=None, phones=(), emails=(), practice=None)])
    people.remember(patient(1, source="pds"))
    staging = SqlSnapshots(database, session(), clock)
    staged = staging.stage(profile(), date(2026, 11, 16), "XFC01", "persons", "A. Handler")
    staging.add(staged, [PersonRow(patient(1))])
    assert all(value in everything_in(database) for value in LOCATION)
    people.remember(patient(1, source="pds", sensitivity=RESTRICTED, as_at=NOON + timedelta(minutes=1)))
    staging.add(staged, [PersonRow(patient(1))])
    staging.go_live(staged, event())
    left = everything_in(database)
    assert [value for value in LOCATION if value in left] == []
    assert found(people, query(name="smith|jane")) == [number(1), number(2)]
    for facts in ({"postcode": "ZZ99 3AA"}, {"phone": "07700900123"}, {"email": "person1@example.org"}):
        assert found(people, query(**facts)) == []


def test_a_restricted_extract_wipes_what_pds_said_before(database: Database, clock: MovableClock, people: SqlPeople) -> None:
    people.remember(patient(1, source="pds"))
    imported(database, clock, [patient(1, sensitivity=RESTRICTED)])
    people.remember(patient(1, source="pds", as_at=NOON + timedelta(minutes=1)))
    left = everything_in(database)
    assert [value for value in LOCATION if value in left] == []


def test_a_wipe_leaves_nothing_in_the_pages(encrypted: Database, clock: MovableClock, tmp_path: Path) -> None:
    people = SqlPeople(encrypted, clock)
    imported(encrypted, clock, [patient(1), *(patient(n, address=None, phones=(), emails=(), practice=None) for n in range(2, 300))])
    assert any(value.encode() in _decrypted(encrypted, tmp_path) for value in LOCATION)
    people.remember(patient(1, sensitivity=RESTRICTED, as_at=NOON + timedelta(minutes=1)))
    pages = _decrypted(encrypted, tmp_path)
    assert b"Smith" in pages
    assert [value for value in LOCATION if value.encode() in pages] == []


def _decrypted(database: Database, folder: Path) -> bytes:
    """Every page of the file as SQLite sees it, the unused ones too. The raw key encrypts each page; its last 80 bytes
    hold the initialisation vector and the HMAC. Source: SQLCipher 4 design."""
    with database.read() as transaction:
        transaction.execute(text("ROLLBACK"))
        assert transaction.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0] == 0
        transaction.execute(text("BEGIN"))
    whole, plain = (folder / "helpdesk.db").read_bytes(), b""
    for at in range(0, len(whole), 4096):
        page = whole[at : at + 4096]
        body, vector = page[16 if at == 0 else 0 : 4016], page[4016:4032]
        decryptor = Cipher(AES(KEY), CBC(vector)).decryptor()
        plain += decryptor.update(body) + decryptor.finalize()
    return plain


def test_an_older_answer_changes_nothing(people: SqlPeople) -> None:
    people.remember(patient(1, as_at=NOON))
    people.remember(patient(1, as_at=NOON - timedelta(hours=1), name=PersonName("Older")))
    held = people.person(number(1))
    assert held is not None
    assert held.name.family == "Smith"


def test_a_restricted_answer_counts_also_when_the_computer_s_clock_was_put_back(database: Database, people: SqlPeople) -> None:
    people.remember(patient(1, as_at=NOON))
    people.remember(patient(1, as_at=NOON - timedelta(days=1), sensitivity=RESTRICTED))
    assert people.known_sensitivity(number(1)) is RESTRICTED
    left = everything_in(database)
    assert [value for value in LOCATION if value in left] == []


def test_where_somebody_moved_to_is_kept_and_goes_with_the_rest(database: Database, people: SqlPeople) -> None:
    people.remember(patient(1, source="pds", address=None, phones=(), emails=(), practice=None, removal="Moved to Scotland"))
    held = people.person(number(1))
    assert held is not None
    assert held.removal == "Moved to Scotland"
    people.remember(patient(1, source="pds", sensitivity=RESTRICTED, as_at=NOON + timedelta(minutes=1)))
    assert "Scotland" not in everything_in(database)


def test_what_sources_said_of_a_restricted_person_goes(database: Database, clock: MovableClock, people: SqlPeople) -> None:
    """It names hospitals, places and days."""
    kept = SqlObservations(database, clock)
    for n in (1, 2):
        kept.keep("ers", number(n), "ubrn:1", "2026-11-20", f'"clinic {n}"')
    people.remember(patient(1, source="pds", sensitivity=RESTRICTED))
    assert kept.latest("ers", number(1)) == ()
    assert "clinic 1" not in everything_in(database)
    assert kept.latest("ers", number(2)) != ()
