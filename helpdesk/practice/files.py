"""Writes the area's extracts as practices and providers would send them: one persons file, and for each provider the lists of four
weeks, its clock stops and the referrals sent to it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from helpdesk.extracts.columns import KNOWN, OPEN_PATHWAYS, PERSONS, READ, SEPARATOR
from helpdesk.extracts.model import ExtractKind
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.model import ListKind, ListRow
from helpdesk.patients.model import Patient, PhoneUse
from helpdesk.practice.further_files import clock_stop_columns, referral_columns
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.practice.organisations import providers

_LIST_TYPES = {ListKind.RTT: ("ORTT", "IRTT"), ListKind.NOT_RTT: ("ONON", "INON"), ListKind.UNKNOWN: ("", "")}
"""Without and with a date for admission. Source: WLMDS, WAITING_LIST_TYPE."""


@dataclass(frozen=True)
class AreaFiles:
    """Where the extracts lie. `lists` by instance name, `former_lists` those of the weeks before, the oldest first; `further`
    are clock stops and referrals. `as_at` is the day that the persons file is for."""

    persons: Path
    lists: Mapping[str, Path]
    as_at: date
    former_lists: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    further: tuple[Path, ...] = ()

    @property
    def in_order(self) -> tuple[Path, ...]:
        """All of them, in the order in which they would have come."""
        former = (path for paths in self.former_lists.values() for path in paths)
        return (self.persons, *former, *self.lists.values(), *self.further)


def write_extracts(area: Area, folder: Path) -> AreaFiles:
    """Writes all of them: each list in a folder of its instance, the persons file beside the first. Every folder is 0700."""
    _own(folder)
    first = folder / providers()[0].instance
    _own(first)
    persons = first / f"persons_{area.today.isoformat()}.csv"
    _write(persons, PERSONS, (_person(p) for p in area.people if p.in_index))
    born = {p.patient.nhs_number: p.patient for p in area.people}
    lists: dict[str, Path] = {}
    former: dict[str, tuple[Path, ...]] = {}
    further: list[Path] = []
    for provider in providers():
        place = folder / provider.instance
        _own(place)
        path = place / _list_name(area, provider.ods)
        rows = (r for r in area.list_rows if r.provider == provider.ods)
        _write(path, KNOWN[ExtractKind.OPEN_PATHWAYS], (_pathway(r, born) for r in rows))
        lists[provider.instance] = path
        former[provider.instance] = _write_former(area, provider.ods, place, born)
        further += _write_further(area, provider.ods, place, born)
    return AreaFiles(persons, lists, area.today, former, tuple(further))


def _write_former(area: Area, provider: OdsCode, place: Path, born: Mapping[NhsNumber, Patient]) -> tuple[Path, ...]:
    """Beside this week's: by name they stand before it, as they came."""
    rows = [r for r in area.former_rows if r.provider == provider]
    paths = []
    for week in sorted({r.week_ending for r in rows}):
        path = place / f"open_pathways_{week.isoformat()}.csv"
        _write(path, KNOWN[ExtractKind.OPEN_PATHWAYS], (_pathway(r, born) for r in rows if r.week_ending == week))
        paths.append(path)
    return tuple(paths)


def _write_further(area: Area, provider: OdsCode, place: Path, born: Mapping[NhsNumber, Patient]) -> Iterator[Path]:
    """What there is nothing of is not sent."""
    stops = [e for e in area.clock_events if e.provider == provider]
    sent = [r for r in area.sent if r.provider == provider]
    if stops:
        path = place / f"clock_stops_{area.list_weeks[provider.value].isoformat()}.csv"
        _write(path, READ[ExtractKind.CLOCK_STOPS], (clock_stop_columns(e, _born(born.get(e.nhs_number))) for e in stops))
        yield path
    if sent:
        path = place / f"referrals_{area.today.isoformat()}.csv"
        _write(path, READ[ExtractKind.REFERRALS], (referral_columns(r) for r in sent))
        yield path


def _born(patient: Patient | None) -> str:
    return patient.born.iso if patient is not None and patient.born is not None else ""


def list_file(area: Area, provider: OdsCode) -> tuple[str, bytes]:
    """The name and the bytes of one provider's list, for whoever sends it rather than leaves it in a folder."""
    born = {p.patient.nhs_number: p.patient for p in area.people}
    text = io.StringIO(newline="")
    _write_rows(text, KNOWN[ExtractKind.OPEN_PATHWAYS], (_pathway(r, born) for r in area.list_rows if r.provider == provider))
    return _list_name(area, provider), text.getvalue().encode("utf-8")


def _list_name(area: Area, provider: OdsCode) -> str:
    return f"open_pathways_{area.list_weeks[provider.value].isoformat()}.csv"


def _own(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        path.chmod(0o600)
        _write_rows(file, columns, rows)


def _write_rows(file: TextIO, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    writer = csv.DictWriter(file, tuple(columns), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)


def _person(person: AreaPerson) -> dict[str, str]:
    """A record without a flag cannot stand in an extract, where a blank refuses the row: it is written as not known."""
    p = person.patient
    lines = p.address.lines if p.address else ()
    return {
        "nhs_number": p.nhs_number.value,
        "nhs_number_status": "01",
        "family_name": p.name.family,
        "given_names": SEPARATOR.join(p.name.given),
        "title": p.name.title,
        "former_family_names": SEPARATOR.join(p.former_family_names),
        "date_of_birth": p.born.iso if p.born else "",
        "date_of_death": p.death.day.iso if p.death and p.death.day else "",
        "gender": p.gender,
        **{f"address_line_{place}": line for place, line in enumerate(lines[:5], 1)},
        "postcode": p.address.postcode if p.address else "",
        "phone_mobile": _phones(p, PhoneUse.MOBILE),
        "phone_home": _phones(p, PhoneUse.HOME),
        "email": SEPARATOR.join(p.emails),
        "gp_practice_ods": p.practice.value if p.practice else "",
        "hospital_numbers": SEPARATOR.join(p.hospital_numbers),
        "sensitivity": person.flag or "NOT KNOWN",
    }


def _phones(patient: Patient, use: PhoneUse) -> str:
    return SEPARATOR.join(p.number for p in patient.phones if p.use is use)


def _pathway(row: ListRow, people: Mapping[NhsNumber, Patient]) -> dict[str, str]:
    patient = people.get(row.nhs_number)
    provider = row.provider.value
    required = (
        _iso(row.week_ending),
        _LIST_TYPES[row.list_kind][row.next_admission is not None],
        row.nhs_number.value,
        "01",
        _born(patient),
        row.local_patient_id,
        provider,
        row.pathway_id.value if row.pathway_id else "",
        row.pathway_id.issuer if row.pathway_id else "",
        row.treatment_function,
        _iso(row.referral_received),
        _iso(row.clock_start),
        row.rtt_status,
    )
    return {**dict(zip(OPEN_PATHWAYS, required, strict=True)), **_also_read(row), **_for_show(row, patient)}


def _also_read(row: ListRow) -> dict[str, str]:
    return {
        "ORIGINAL_REFERRAL_REQUEST_RECEIVED_DATE": _iso(row.original_referral_received),
        "REFERRAL_IDENTIFIER": row.ubrn.value if row.ubrn else "",
        "REFERRAL_TO_TREATMENT_PERIOD_END_DATE": _iso(row.clock_stop),
        "OUTPATIENT_FUTURE_APPOINTMENT_DATE": _iso(row.next_outpatient),
        "TCI_DATE": _iso(row.next_admission),
        "DUE_DATE": _iso(row.due),
        "DATE_LAST_ATTENDED": _iso(row.last_attended),
        "LAST_DNA_DATE": _iso(row.last_missed),
        "CANCELLATION_DATE": _iso(row.cancelled),
        "INCLUSION_ON_CANCER_PTL": "Y" if row.ask_team else "N",
    }


def _for_show(row: ListRow, patient: Patient | None) -> dict[str, str]:
    """Some of the columns that real lists carry and the desk never reads."""
    return {
        "PERSON_STATED_GENDER_CODE": {"Male": "1", "Female": "2"}.get(patient.gender if patient else "", "X"),
        "ORGANISATION_SITE_IDENTIFIER_OF_TREATMENT": row.provider.value,
        "ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER": "XICB",
        "MAIN_SPECIALTY_CODE": row.treatment_function,
        "PRIORITY_TYPE_CODE": "1",
        "FIRST_ACTIVITY_DATE": _iso(row.last_attended),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
