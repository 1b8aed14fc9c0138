"""Mapping files: a provider's own columns, dates and words are read by one, and one is proposed for a new file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from connectors.waiting_list_extract.date_forms import KNOWN_FORMS, DateForm, in_iso
from helpdesk.errors import RuleBroken
from helpdesk.extracts.mapping_text import mapping_text
from helpdesk.extracts.model import ExtractKind
from helpdesk.pathways.extract_rows import ReferralRow
from tests.connectors.test_waiting_list_extract import DAY, reader
from tests.fakes_extract_kinds import EYECARE, activities, eyecare, referrals
from tests.fakes_extracts import NUMBER, pathways, persons

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
MAPPING = (EXAMPLES / "eyecare-referrals.toml").read_text(encoding="utf-8")


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "eyecare.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def test_a_provider_s_own_file_is_read_by_its_mapping(tmp_path: Path, mapping: Path) -> None:
    asked = reader(mapping=mapping)
    profile = asked.profile(eyecare(tmp_path / "e.csv"), as_at=DAY)
    assert (profile.kind, profile.provider, profile.rows, profile.problems) == (ExtractKind.REFERRALS, "XFC01", len(EYECARE) - 1, ())
    assert profile.extra_columns == ("Referral Ref", "Patient Surname", "DOB", "Notes")
    rows = [r for r in asked.rows(tmp_path / "e.csv", profile) if isinstance(r, ReferralRow)]
    assert (rows[0].nhs_number.value, rows[0].sent, rows[0].accepted) == (NUMBER, date(2026, 9, 1), date(2026, 9, 9))
    assert (rows[2].closed, rows[2].outcome) == (date(2026, 9, 10), "sent back")
    assert rows[3].accepted is None


def test_the_dental_example_reads_such_a_file(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(
        "Submitted On,NHS Number,Trace Status,Dental Practice Code,Service,Triage Outcome,Last Updated\n"
        f"01-Sep-2026,{NUMBER},Traced,XDP01,Oral Surgery,Accepted - Level 2,02-SEP-2026 09:15\n"
        "01-Sep-2026,,Not traced,XDP01,Orthodontics,Submitted,01-JAN-1900\n"
        "03-Sep-2026,9993000035,Traced,XDP02,Orthodontics,Rejected - more information,09-Sep-2026\n",
        encoding="cp1252",
    )
    asked = reader(mapping=EXAMPLES / "dental-referrals.toml")
    profile = asked.profile(path, as_at=DAY)
    assert (profile.problems, profile.left_out, profile.provider) == ((), 1, "XFC01")
    rows = [r for r in asked.rows(path, profile) if isinstance(r, ReferralRow)]
    assert [(r.treatment_function, r.accepted, r.outcome) for r in rows] == [("140", date(2026, 9, 2), ""), ("143", None, "sent back")]


def test_what_is_wrong_is_named_by_their_column_and_ours(tmp_path: Path, mapping: Path) -> None:
    path = eyecare(tmp_path / "e.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("Returned to optician", "Gone"), encoding="utf-8")
    problems = reader(mapping=mapping).profile(path, as_at=DAY).problems
    assert [(p.row, p.column) for p in problems] == [(4, "Status (state)")]


def test_another_encoding(tmp_path: Path, mapping: Path) -> None:
    path = eyecare(tmp_path / "e.csv")
    path.write_bytes(path.read_bytes().replace(b"Yarrow", "Yärrow".encode("cp1252")))
    assert [p.row for p in reader(mapping=mapping).profile(path, as_at=DAY).problems] == [3]
    mapping.write_text(MAPPING.replace('"utf-8"', '"cp1252"'), encoding="utf-8")
    assert reader(mapping=mapping).profile(path, as_at=DAY).problems == ()


def test_a_national_list_with_some_names_of_its_own(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'kind = "open_pathways"\n[columns]\nNHS_NUMBER = "NHS No"\n[constants]\nWAITING_LIST_TYPE = "ORTT"\n', encoding="utf-8"
    )
    path = pathways(tmp_path / "l.csv", {})
    path.write_text(path.read_text(encoding="utf-8").replace("NHS_NUMBER,", "NHS No,").replace("WAITING_LIST_TYPE", "x"), encoding="utf-8")
    assert reader(mapping=mapping).profile(path).problems == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"Specialty"', '"Speciality"'), "no column Speciality, which the mapping file gives for treatment_function"),
        (('kind = "referrals"', 'kind = "letters"'), "wrong at kind"),
        (("ubrn =", "ward ="), "reads no column ward"),
        (('ubrn = ""', 'state = "sent"'), "both a column and a constant"),
        (("DD/MM/YYYY", "DD/MM"), "date form DD/MM"),
        (("[columns]", "[columns"), "not valid TOML"),
        (("[constants]", "[more]"), "wrong at more"),
        (('ubrn = ""\n', ""), "no column ubrn"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(tmp_path: Path, mapping: Path, change: tuple[str, str], words: str) -> None:
    mapping.write_text(MAPPING.replace(*change), encoding="utf-8")
    with pytest.raises(RuleBroken, match=r"\w") as refused:
        reader(mapping=mapping).profile(eyecare(tmp_path / "e.csv"), as_at=DAY)
    assert words in refused.value.message


def test_a_mapping_that_is_not_there_is_told_by_the_connection_check(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="mapping file cannot be read"):
        reader(mapping=tmp_path / "none.toml").check()


@pytest.mark.parametrize("form", [f for f in KNOWN_FORMS if "hh" not in f])
def test_every_day_of_two_years_in_every_form(form: str) -> None:
    wrote = {"YYYY": "%Y", "MON": "%b", "MM": "%m", "DD": "%d"}
    pattern = form.replace("D/M/", "%d/%m/") if form.startswith("D/M") else form
    for token, code in wrote.items():
        pattern = pattern.replace(token, code)
    for ordinal in range(date(2024, 1, 1).toordinal(), date(2026, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert in_iso(day.strftime(pattern), [DateForm(form)], with_time=False) == day.isoformat()


@pytest.mark.parametrize("text", ["31/02/2026", "2026-01-01", "1/1/26", "", "01/13/2026", "٠١/٠١/٢٠٢٦"])
def test_what_is_of_no_form_stays_to_be_refused(text: str) -> None:
    assert in_iso(text, [DateForm("DD/MM/YYYY")], with_time=False) == text


# What is proposed


def test_a_mapping_is_proposed_that_reads_the_file(tmp_path: Path) -> None:
    path = eyecare(tmp_path / "e.csv")
    found = reader().survey(path)
    assert found.proposal is not None
    assert (found.rows, found.proposal.kind, found.proposal.delimiter) == (8, ExtractKind.REFERRALS, ";")
    assert (found.proposal.unknown, found.proposal.blank, found.proposal.dates) == ((), ("ubrn",), ("DD/MM/YYYY",))
    guessed = {g.ours: g.theirs for g in found.proposal.guesses}
    assert guessed["sent_date"] == "Date Referred"
    assert all(g.reason for g in found.proposal.guesses)
    written = tmp_path / "proposed.toml"
    written.write_text(mapping_text(found.proposal) + '"Returned to optician" = "sent back"\n', encoding="utf-8")
    assert reader(mapping=written).profile(path, as_at=DAY).problems == ()


def test_a_survey_tells_nothing_of_anybody(tmp_path: Path) -> None:
    found = reader().survey(eyecare(tmp_path / "e.csv"))
    told = repr(found) + mapping_text(found.proposal) if found.proposal else ""
    names = {line.split(";")[2] for line in EYECARE[1:]}
    assert not [secret for secret in (*names, "999300", "OPH-", "Ring") if secret in told]
    numbers = (NUMBER, "9993000027", "9993000035", "9993000043")
    people = repr(reader().survey(persons(tmp_path / "p.csv", *({"nhs_number": n} for n in numbers))))
    assert not [secret for secret in ("Smith", "Jane", "999300", "zz99", "07700", "1950") if secret in people]


def test_required_columns_that_nothing_was_found_for_are_named(tmp_path: Path) -> None:
    path = eyecare(tmp_path / "e.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("Date Referred", "Q7").replace("Status Date", "Q9"), encoding="utf-8")
    found = reader().survey(path).proposal
    assert found is not None
    assert found.unknown == ("sent_date", "state_date")
    assert "# sent_date = ???" in mapping_text(found)


def test_a_heading_does_not_outweigh_the_values(tmp_path: Path) -> None:
    path = eyecare(tmp_path / "e.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("Referral Ref;Patient NHS No", "NHS Number;Patient ID"), encoding="utf-8")
    found = reader().survey(path).proposal
    assert found is not None
    assert {g.ours: g.theirs for g in found.guesses}["nhs_number"] == "Patient ID"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_canonical_files_are_recognised_as_they_are(tmp_path: Path, encoding: str) -> None:
    for path, kind in (
        (referrals(tmp_path / "r.csv", {}), ExtractKind.REFERRALS),
        (activities(tmp_path / "a.csv", {"place": "Café"}), ExtractKind.ACTIVITY),
        (pathways(tmp_path / "o.csv", {}), ExtractKind.OPEN_PATHWAYS),
    ):
        path.write_text(path.read_text(encoding="utf-8"), encoding=encoding, newline="")
        found = reader().survey(path).proposal
        assert found is not None
        assert (found.kind, found.unknown, found.blank, found.values) == (kind, (), (), {})
        assert all(g.reason == "the desk's own name" for g in found.guesses)


def test_a_file_of_nothing_known_is_only_described(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("colour,size\nred,1\nred,2\n", encoding="utf-8")
    found = reader().survey(path)
    assert (found.proposal, [c.name for c in found.columns], found.columns[0].filled) == (None, ["colour", "size"], 2)
    assert found.columns[0].values == ()
