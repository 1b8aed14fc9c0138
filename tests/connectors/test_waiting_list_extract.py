"""Extracts: what is read of a sound one, and that a broken one is refused whole with its rows and columns named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.waiting_list_extract import connect
from connectors.waiting_list_extract.reader import ExtractFiles
from connectors.waiting_list_extract.settings import ExtractSettings
from helpdesk.errors import RuleBroken
from helpdesk.extracts.columns import OPEN_PATHWAYS, PERSONS
from helpdesk.extracts.model import ExtractKind, Problem, Profile
from helpdesk.pathways.model import ListKind, ListRow
from helpdesk.patients.model import DeathStatus, Needs, Patient, PersonRow, Sensitivity
from helpdesk.practice.area import make_area
from helpdesk.practice.files import AreaFiles, write_extracts
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.practice.organisations import providers
from helpdesk.registry.contract import ConnectorContext
from tests.fakes_extracts import NUMBER, OTHER_NUMBER, PATHWAY, FixedClock, pathways, persons, text_of

DAY = date(2026, 11, 18)


def reader(instance: str = "fenmoor_list", **told: object) -> ExtractFiles:
    context = ConnectorContext(instance, "Fenmoor", "XICB", FixedClock(), lambda name: name)
    return connect(ExtractSettings.model_validate(told), context)


def list_rows(path: Path, **told: object) -> list[ListRow]:
    asked = reader(**told)
    profile = asked.profile(path)
    assert profile.problems == ()
    return [row for row in asked.rows(path, profile) if isinstance(row, ListRow)]


def person_rows(path: Path) -> list[PersonRow]:
    profile = reader().profile(path, as_at=DAY)
    assert profile.problems == ()
    return [row for row in reader().rows(path, profile) if isinstance(row, PersonRow)]


def problems(path: Path, as_at: date | None = None, **told: object) -> list[tuple[int | None, str]]:
    profile = reader(**told).profile(path, as_at=as_at)
    assert profile.problem_count >= len(profile.problems) > 0
    return [(p.row, p.column) for p in profile.problems]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "extract.csv"


# What is read


def test_a_row_is_read_as_it_was_sent(file: Path) -> None:
    also = {
        "ORIGINAL_REFERRAL_REQUEST_RECEIVED_DATE": "2026-02-01",
        "OUTPATIENT_FUTURE_APPOINTMENT_DATE": "2026-12-10",
        "TCI_DATE": "2026-12-20",
        "DUE_DATE": "2026-11-01",
        "DATE_LAST_ATTENDED": "2026-06-01",
        "LAST_DNA_DATE": "2026-05-01",
        "CANCELLATION_DATE": "2026-07-01",
        "INCLUSION_ON_CANCER_PTL": "y",
    }
    [row] = list_rows(pathways(file, also, also=tuple(also)))
    assert (row.nhs_number.value, row.provider.value, row.week_ending) == (NUMBER, "XFC01", date(2026, 11, 15))
    assert (row.referral_received, row.clock_start, row.clock_stop) == (date(2026, 3, 1), date(2026, 3, 3), None)
    assert row.original_referral_received == date(2026, 2, 1)
    assert (row.next_outpatient, row.next_admission, row.due) == (date(2026, 12, 10), date(2026, 12, 20), date(2026, 11, 1))
    assert (row.last_attended, row.last_missed, row.cancelled) == (date(2026, 6, 1), date(2026, 5, 1), date(2026, 7, 1))
    assert (row.rtt_status, row.treatment_function, row.ask_team, row.source) == ("10", "110", True, "fenmoor_list")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *(("IRTT", ListKind.RTT), ("ortt", ListKind.RTT), ("INON", ListKind.NOT_RTT), ("ONON", ListKind.NOT_RTT)),
        *(("PTLO", ListKind.UNKNOWN), ("", ListKind.UNKNOWN)),
    ],
)
def test_the_kind_of_list(file: Path, word: str, kind: ListKind) -> None:
    assert list_rows(pathways(file, {"WAITING_LIST_TYPE": word}))[0].list_kind is kind


@pytest.mark.parametrize(
    ("pathway", "issuer", "referral", "ubrn"),
    [
        ("00000000000990000017", "X09", "", "000990000017"),
        ("000990000017", "X09", "", "000990000017"),
        ("00000000000990000017", "XFC01", "", None),
        ("XFC01000000000001", "XFC01", "000990000025", "000990000025"),
        ("XFC01000000000001", "XFC01", "REF-12", None),
        ("", "", "000990000025", "000990000025"),
    ],
)
def test_where_the_booking_reference_comes_from(file: Path, pathway: str, issuer: str, referral: str, ubrn: str | None) -> None:
    told = {
        "PATIENT_PATHWAY_IDENTIFIER": pathway,
        "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER": issuer,
        "REFERRAL_IDENTIFIER": referral,
    }
    [row] = list_rows(pathways(file, told, also=("REFERRAL_IDENTIFIER",)))
    assert (row.ubrn.value if row.ubrn else None) == ubrn
    assert (row.pathway_id is None) == (pathway == "")


def test_1900_means_missing_and_an_identifier_without_its_issuer_joins_nothing(file: Path) -> None:
    told = {"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "1900-01-01", "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER": ""}
    [row] = list_rows(pathways(file, told))
    assert row.clock_start is None
    assert row.pathway_id is None


def test_only_a_verified_number_is_linked_to_a_person(file: Path) -> None:
    path = pathways(file, {}, {"NHS_NUMBER_STATUS": "03"}, {"NHS_NUMBER_STATUS": "07", "NHS_NUMBER": ""}, {"NHS_NUMBER_STATUS": "1"})
    profile = reader().profile(path)
    assert (profile.rows, profile.left_out, profile.problems) == (4, 2, ())
    assert len(list(reader().rows(path, profile))) == 2


def test_nothing_clinical_is_kept(file: Path) -> None:
    secret = {"PRIORITY_TYPE_CODE": "3", "PROPOSED_PROCEDURE_OPCS_CODE": "W371", "CONSULTANT_CODE": "C1234567"}
    path = pathways(file, secret, also=tuple(secret))
    assert reader().profile(path).extra_columns == ()
    assert not [v for v in dataclasses.asdict(list_rows(path)[0]).values() if v in secret.values()]


def test_letter_case_order_and_a_byte_order_mark_do_not_matter(file: Path) -> None:
    columns = [c.title() for c in reversed(OPEN_PATHWAYS)]
    text = text_of(columns, [{c: PATHWAY[c.upper()] for c in columns}])
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert list_rows(file)[0].provider.value == "XFC01"


def test_extra_columns_are_reported_by_name(file: Path) -> None:
    path = pathways(file, {}, also=("Ward", "Notes_2"))
    assert reader().profile(path).extra_columns == ("Ward", "Notes_2")


def test_columns_that_are_not_read_may_be_named_twice_or_not_at_all(file: Path) -> None:
    columns = [*OPEN_PATHWAYS, "Ward", "WARD", ""]
    file.write_text(text_of(OPEN_PATHWAYS, [PATHWAY]).replace("\r\n", ",Ward,WARD,\r\n"), encoding="utf-8", newline="")
    assert reader().profile(file).extra_columns == ("Ward", "WARD", f"column {len(columns)}")
    assert len(list_rows(file)) == 1


@pytest.mark.parametrize("written", ["2026-03-03", "20260303", "2026-03-03T00:00:00", "2026-03-03 00:00:00.000", "2026-03-03T00:00"])
def test_a_day_may_be_written_in_either_form_and_with_midnight(file: Path, written: str) -> None:
    [row] = list_rows(pathways(file, {"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": written}))
    assert row.clock_start == date(2026, 3, 3)


@pytest.mark.parametrize("written", ["1900-01-01", "19000101", "1900-01-01 00:00:00"])
def test_1900_means_missing_however_it_is_written(file: Path, written: str) -> None:
    [row] = list_rows(pathways(file, {"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": written}))
    assert row.clock_start is None
    [known] = person_rows(persons(file, {"date_of_death": written}))
    assert known.patient.death is None


@pytest.mark.parametrize(("written", "iso"), [("19500101", "1950-01-01"), ("1950-01-01 00:00:00", "1950-01-01"), ("1950", "1950")])
def test_a_birth_date_may_be_written_so(file: Path, written: str, iso: str) -> None:
    [row] = person_rows(persons(file, {"date_of_birth": written}))
    assert row.patient.born is not None
    assert row.patient.born.iso == iso


@pytest.mark.parametrize("word", ["N", "Not stated", "not recorded"])
def test_a_gender_that_nobody_stated_is_not_known(file: Path, word: str) -> None:
    assert person_rows(persons(file, {"gender": word}))[0].patient.gender == "Not known"


def test_a_person_is_read(file: Path) -> None:
    [row] = person_rows(persons(file, {"date_of_death": "2026-10", "former_family_names": "Jones; Brown"}))
    patient = row.patient
    assert (patient.name.family, patient.name.given, patient.gender) == ("Smith", ("Jane", "Mary"), "Female")
    assert patient.address is not None
    assert patient.address.postcode == "ZZ99 1AB"
    assert [p.number for p in patient.phones] == ["07700900101", "07700900102"]
    assert patient.former_family_names == ("Jones", "Brown")
    assert patient.death is not None
    assert (patient.death.status, patient.death.day and patient.death.day.iso) == (DeathStatus.REPORTED, "2026-10")
    assert (patient.as_at, patient.source) == (datetime(2026, 11, 18, tzinfo=UTC), "fenmoor_list")


@pytest.mark.parametrize("word", ["R", "V", "REDACTED", "u", "N", "?"])
def test_anything_but_u_is_restricted_and_loses_what_finds_a_person(file: Path, word: str) -> None:
    told = {"sensitivity": word, "address_line_1": "14 Sluice Row", "email": "a@example.org", "gp_practice_ods": "XPR01"}
    [row] = person_rows(persons(file, told))
    assert row.patient.sensitivity is Sensitivity.RESTRICTED
    assert (row.patient.address, row.patient.phones, row.patient.emails, row.patient.practice) == (None, (), (), None)


def test_invisible_characters_cannot_turn_a_name_round(file: Path) -> None:
    [row] = person_rows(persons(file, {"family_name": "Smi\u202eth\u200b", "given_names": "Ja\tne"}))
    assert (row.patient.name.family, row.patient.name.given) == ("Smith", ("Ja ne",))


# What is refused, with its row and column


@pytest.mark.parametrize(
    ("told", "column"),
    [
        ({"NHS_NUMBER": "9993000018"}, "NHS_NUMBER"),
        ({"NHS_NUMBER": "999300001"}, "NHS_NUMBER"),
        ({"NHS_NUMBER": "٩٩٩٣٠٠٠٠١٩"}, "NHS_NUMBER"),
        ({"NHS_NUMBER": ""}, "NHS_NUMBER"),
        ({"NHS_NUMBER": "999300001X", "NHS_NUMBER_STATUS": "03"}, "NHS_NUMBER"),
        ({"NHS_NUMBER_STATUS": ""}, "NHS_NUMBER_STATUS"),
        ({"NHS_NUMBER_STATUS": "09"}, "NHS_NUMBER_STATUS"),
        ({"WEEK_ENDING_DATE": "15/11/2026"}, "WEEK_ENDING_DATE"),
        ({"REFERRAL_REQUEST_RECEIVED_DATE": "2026-03-03T23:30:00"}, "REFERRAL_REQUEST_RECEIVED_DATE"),
        ({"WEEK_ENDING_DATE": "2026-11-08"}, "WEEK_ENDING_DATE"),
        ({"WEEK_ENDING_DATE": ""}, "WEEK_ENDING_DATE"),
        ({"ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER": "XTG01"}, "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER"),
        ({"ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER": ""}, "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER"),
        ({"ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER": "X!"}, "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER"),
        ({"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "2026-02-30"}, "REFERRAL_TO_TREATMENT_PERIOD_START_DATE"),
        ({"REFERRAL_TO_TREATMENT_PERIOD_START_DATE": "20260230"}, "REFERRAL_TO_TREATMENT_PERIOD_START_DATE"),
        ({"REFERRAL_REQUEST_RECEIVED_DATE": "45000"}, "REFERRAL_REQUEST_RECEIVED_DATE"),
        ({"PERSON_BIRTH_DATE": "01-Jan-1950"}, "PERSON_BIRTH_DATE"),
        ({"REFERRAL_TO_TREATMENT_PERIOD_STATUS": "13"}, "REFERRAL_TO_TREATMENT_PERIOD_STATUS"),
        ({"ACTIVITY_TREATMENT_FUNCTION_CODE": "hips & knees"}, "ACTIVITY_TREATMENT_FUNCTION_CODE"),
        ({"PATIENT_PATHWAY_IDENTIFIER": "X" * 21}, "PATIENT_PATHWAY_IDENTIFIER"),
        ({"REFERRAL_TO_TREATMENT_PERIOD_END_DATE": "2026-03-02"}, "REFERRAL_TO_TREATMENT_PERIOD_START_DATE"),
        ({"PATIENT_PATHWAY_IDENTIFIER": "XFC01000000000000"}, "PATIENT_PATHWAY_IDENTIFIER"),
        ({"LOCAL_PATIENT_IDENTIFIER": "F\x07"}, "LOCAL_PATIENT_IDENTIFIER"),
    ],
)
def test_one_wrong_value_is_named_by_row_and_column(file: Path, told: dict[str, str], column: str) -> None:
    path = pathways(file, {}, {}, told, {}, also=("REFERRAL_TO_TREATMENT_PERIOD_END_DATE",))
    assert problems(path) == [(4, column)]


def test_a_pathway_without_an_identifier_may_stand_once(file: Path) -> None:
    bare = {"PATIENT_PATHWAY_IDENTIFIER": "", "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER": ""}
    assert problems(pathways(file, bare, {**bare, "ACTIVITY_TREATMENT_FUNCTION_CODE": "120"}, bare)) == [(4, "LOCAL_PATIENT_IDENTIFIER")]


@pytest.mark.parametrize(
    ("told", "column"),
    [
        ({"nhs_number": "9993000018"}, "nhs_number"),
        ({"nhs_number": ""}, "nhs_number"),
        ({"nhs_number_status": ""}, "nhs_number_status"),
        ({"sensitivity": ""}, "sensitivity"),
        ({"sensitivity": "  "}, "sensitivity"),
        ({"date_of_birth": "1950-13-01"}, "date_of_birth"),
        ({"date_of_death": "yesterday"}, "date_of_death"),
        ({"gender": "womn"}, "gender"),
        ({"gp_practice_ods": "The Surgery"}, "gp_practice_ods"),
        ({"nhs_number": NUMBER}, "nhs_number"),
    ],
)
def test_one_wrong_person_is_named_by_row_and_column(file: Path, told: dict[str, str], column: str) -> None:
    assert problems(persons(file, {}, {"nhs_number": OTHER_NUMBER, **told}), DAY) == [(3, column)]


def test_a_week_in_the_future_is_refused(file: Path) -> None:
    assert problems(pathways(file, {"WEEK_ENDING_DATE": "2026-11-22"})) == [(2, "WEEK_ENDING_DATE")]


def test_another_provider_or_week_than_was_said_is_refused(file: Path) -> None:
    path = pathways(file, {}, {})
    assert problems(path, provider="XTG01") == [(2, "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER")]
    assert problems(path, date(2026, 11, 8)) == [(2, "WEEK_ENDING_DATE")]
    assert reader(provider="XFC01").profile(path).problems == ()


def test_persons_for_a_day_in_the_future_are_refused(file: Path) -> None:
    assert problems(persons(file, {}), date(2026, 11, 19)) == [(None, "")]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (lambda line: line + ",more", OPEN_PATHWAYS[-1]),
        (lambda line: line.rsplit(",", 1)[0], OPEN_PATHWAYS[-1]),
        (lambda line: line[:4], OPEN_PATHWAYS[1]),
    ],
)
def test_too_many_or_too_few_fields_name_the_row_and_where_it_ends(file: Path, change: Callable[[str], str], column: str) -> None:
    lines = pathways(file, {}, {}, {}).read_text(encoding="utf-8").splitlines()
    lines[2] = change(lines[2])
    file.write_text("\n".join(lines), encoding="utf-8")
    assert problems(file) == [(3, column)]


@pytest.mark.parametrize(
    ("bytes_", "words"),
    [(b"F12\xff567", "not UTF-8"), (b"F12\x00567", "NUL"), (b'F12"567', ""), (b'"F1234567', "quotes"), (b"F" * 1_100_000, "too long")],
)
def test_bytes_that_are_no_csv_name_the_row(file: Path, bytes_: bytes, words: str) -> None:
    raw = pathways(file, {}, {"LOCAL_PATIENT_IDENTIFIER": "REPLACE"}, {}).read_bytes()
    file.write_bytes(raw.replace(b"REPLACE", bytes_))
    profile = reader().profile(file)
    if words:
        assert [(p.row, words in p.text) for p in profile.problems] == [(3, True)]
        assert words == "too long" or profile.problems[0].column == "LOCAL_PATIENT_IDENTIFIER"
    else:
        assert profile.problems == ()


def test_a_file_with_a_header_only_would_empty_the_list(file: Path) -> None:
    assert problems(pathways(file)) == [(None, "")]


def test_blank_lines_are_passed_over_but_counted(file: Path) -> None:
    pathways(file, {}, {"NHS_NUMBER": "1"})
    file.write_bytes(file.read_bytes().replace(b"\r\n", b"\r\n\r\n") + b"\r\n\r\n")
    assert reader().profile(file).rows == 2
    assert problems(file) == [(5, "NHS_NUMBER")]


def test_a_spreadsheets_empty_rows_are_passed_over(file: Path) -> None:
    path = pathways(file, {})
    path.write_bytes(path.read_bytes() + (b"," * (len(OPEN_PATHWAYS) - 1) + b"\r\n") * 3)
    assert reader().profile(file).rows == 1
    assert len(list_rows(file)) == 1


def test_the_first_hundred_problems_are_kept_and_all_are_counted(file: Path) -> None:
    profile = reader().profile(pathways(file, *[{"NHS_NUMBER": "1"}] * 250))
    assert (len(profile.problems), profile.problem_count) == (100, 250)


def test_a_problem_never_repeats_a_value(file: Path) -> None:
    secret = "Zebulon"
    for column in OPEN_PATHWAYS:
        assert secret not in repr(reader().profile(pathways(file, {column: secret})).problems)
    for column in PERSONS:
        assert secret not in repr(reader().profile(persons(file, {column: secret})).problems)


# What is no extract at all


@pytest.mark.parametrize("column", OPEN_PATHWAYS)
def test_a_missing_list_column_is_named(file: Path, column: str) -> None:
    columns = [c for c in OPEN_PATHWAYS if c != column]
    file.write_text(text_of(columns, [{c: PATHWAY[c] for c in columns}]), encoding="utf-8", newline="")
    with pytest.raises(RuleBroken, match=column) as caught:
        reader().profile(file)
    assert caught.value.field == column


@pytest.mark.parametrize("column", PERSONS)
def test_a_missing_person_column_is_named(file: Path, column: str) -> None:
    file.write_text(",".join(c for c in PERSONS if c != column) + "\r\n", encoding="utf-8")
    with pytest.raises(RuleBroken, match=column):
        reader().profile(file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"a,b,c\r\n1,2,3\r\n", "not an extract"),
        (f"{NUMBER},01,Smith\r\n".encode(), "not an extract"),
        (",".join(OPEN_PATHWAYS).encode("utf-16"), "not UTF-8"),
        ((",".join(OPEN_PATHWAYS) + ",nhs_number\r\n").encode(), "NHS_NUMBER stands in the header twice"),
        ((";".join(OPEN_PATHWAYS) + "\r\n").encode(), "not an extract"),
        (b"PK\x03\x04\x14\x00\x06\x00", "cannot be read"),
    ],
)
def test_it_says_why_a_file_is_no_extract(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    with pytest.raises(RuleBroken, match=words) as caught:
        reader().profile(file)
    assert NUMBER not in caught.value.message


def test_a_file_without_a_header_does_not_get_its_first_person_into_a_message(file: Path) -> None:
    header = [*OPEN_PATHWAYS, NUMBER, "F1234567"]
    file.write_text(",".join(header) + "\r\n", encoding="utf-8")
    assert reader().profile(file).extra_columns == ("column 14", "column 15")


def test_a_file_that_is_not_there_or_is_another_kind(tmp_path: Path, file: Path) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(RuleBroken, match="cannot be"):
            reader().profile(path)
    with pytest.raises(RuleBroken, match="no columns"):
        reader().profile(pathways(file, {}), kind=ExtractKind.PERSONS)


def test_a_file_changed_between_looking_and_reading_gives_an_error_not_a_mixture(file: Path) -> None:
    profile = reader().profile(pathways(file, {}, {}))
    pathways(file, {}, {"ACTIVITY_TREATMENT_FUNCTION_CODE": "120"})
    with pytest.raises(RuleBroken, match="was changed"):
        list(reader().rows(file, profile))


def test_a_file_with_problems_or_without_a_day_gives_no_rows(file: Path) -> None:
    for path in (pathways(file, {"NHS_NUMBER": "1"}), persons(file, {})):
        with pytest.raises(RuleBroken, match="without problems"):
            next(iter(reader().rows(path, reader().profile(path))))


def test_the_folder_is_listed_by_name(tmp_path: Path) -> None:
    for name in ("b.csv", "a.CSV", ".hidden.csv", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.csv").mkdir()
    assert [p.name for p in reader(folder=tmp_path).waiting()] == ["a.CSV", "b.csv"]
    assert reader().waiting() == ()
    assert reader(folder=tmp_path / "gone").waiting() == ()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: (",".join(OPEN_PATHWAYS) + "\n" + t).encode("utf-8", "replace")))
def test_no_bytes_whatever_break_the_reader(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    try:
        profile = reader().profile(file)
    except RuleBroken:
        return
    assert isinstance(profile, Profile)
    assert all(isinstance(p, Problem) for p in profile.problems)


# Everything that the practice area writes is read back


@pytest.fixture(scope="module", params=[(200, 5), (1_500, 11)])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Area, AreaFiles]:
    size, seed = request.param
    area = make_area(size, seed, DAY)
    return area, write_extracts(area, tmp_path_factory.mktemp("area"))


def test_every_list_row_is_read_back_equal(written: tuple[Area, AreaFiles]) -> None:
    area, files = written
    for provider in providers():
        asked = reader(provider.instance, provider=provider.ods.value)
        path = files.lists[provider.instance]
        profile = asked.profile(path)
        assert (profile.problems, profile.extra_columns, profile.left_out) == ((), (), 0)
        assert list(asked.rows(path, profile)) == [r for r in area.list_rows if r.provider == provider.ods]


def test_every_person_is_read_back_equal(written: tuple[Area, AreaFiles]) -> None:
    area, files = written
    asked = reader("persons")
    profile = asked.profile(files.persons, as_at=files.as_at)
    assert profile.problems == ()
    expected = [PersonRow(as_extracts_see(p)) for p in area.people if p.in_index]
    assert list(asked.rows(files.persons, profile)) == expected


def as_extracts_see(person: AreaPerson) -> Patient:
    """A persons extract holds no needs, and of a death only the day."""
    patient = person.patient
    death = dataclasses.replace(patient.death, status=DeathStatus.REPORTED) if patient.death else None

    return dataclasses.replace(patient, source="persons", as_at=datetime(2026, 11, 18, tzinfo=UTC), death=death, needs=Needs())


def test_the_files_are_for_their_owner_only(written: tuple[Area, AreaFiles]) -> None:
    _, files = written
    for path in (files.persons, *files.lists.values()):
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
