"""Small files of clocks, referrals and activity, and the files of an eyecare and a dental referral system, made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from helpdesk.extracts.columns import ACTIVITY, CLOCKS, REFERRALS
from tests.fakes_extracts import NUMBER, PATHWAY, text_of

CLOCK = {c: PATHWAY.get(c, "") for c in CLOCKS}
REFERRAL = {
    "ubrn": "000990000017",
    "nhs_number": NUMBER,
    "sent_date": "2026-09-01",
    "referring_practice_ods": "XPR01",
    "provider_ods": "XFC01",
    "treatment_function": "130",
    "state": "accepted",
    "state_date": "2026-09-09",
}
APPOINTMENT = {
    "nhs_number": NUMBER,
    "provider_ods": "XFC01",
    "local_pathway_id": "P1",
    "ubrn": "",
    "kind": "outpatient",
    "start": "2026-12-01T09:30",
    "status": "booked",
    "outcome": "",
    "place": "Eye clinic",
}

EYECARE = (
    "Referral Ref;Patient NHS No;Patient Surname;DOB;Optical Practice ODS;Receiving Provider;Specialty;"
    "Date Referred;Status;Status Date;Notes",
    "OPH-1;9993000019;Zebulon;01/02/1950;XOP01;XFC01;130;01/09/2026;Accepted by hospital;09/09/2026;Ring Mrs Zebulon",
    "OPH-2;9993000027;Yarrow;03/04/1960;XOP01;XFC01;130;02/09/2026;Waiting for triage;02/09/2026;",
    "OPH-3;9993000035;Xanthe;05/06/1971;XOP02;XFC01;130;03/09/2026;Returned to optician;10/09/2026;",
    "OPH-4;9993000043;Wystan;01/01/1900;XOP02;XFC01;130;04/09/2026;Sent;01/01/1900;",
    "OPH-5;9993000051;Vashti;07/08/1982;XOP01;XFC01;130;05/09/2026;Accepted by hospital;11/09/2026;",
    "OPH-6;9993000078;Ulric;09/10/1993;XOP01;XFC01;130;06/09/2026;Accepted by hospital;06/09/2026;",
    "OPH-7;9993000086;Tamsin;11/11/1944;XOP03;XFC01;130;07/09/2026;Waiting for triage;07/09/2026;",
    "OPH-8;9993000094;Selwyn;12/12/1955;XOP03;XFC01;130;08/09/2026;Waiting for triage;08/09/2026;",
)


def file_of(path: Path, columns: Sequence[str], usual: Mapping[str, str], *rows: Mapping[str, str]) -> Path:
    """Rows given as what differs from the usual one; a column that only a row names is added."""
    more = tuple(dict.fromkeys(c for row in rows for c in row if c not in columns))
    path.write_text(text_of((*columns, *more), [{**usual, **row} for row in rows]), encoding="utf-8", newline="")
    return path


def clocks(path: Path, *rows: Mapping[str, str], columns: Sequence[str] = CLOCKS) -> Path:
    own = [{"PATIENT_PATHWAY_IDENTIFIER": f"XFC01{n:012}", **row} for n, row in enumerate(rows)]
    return file_of(path, columns, {c: v for c, v in CLOCK.items() if c in columns}, *own)


def referrals(path: Path, *rows: Mapping[str, str]) -> Path:
    own = [{"ubrn": f"0009900000{17 + n}", **row} for n, row in enumerate(rows)]
    return file_of(path, REFERRALS, REFERRAL, *own)


def activities(path: Path, *rows: Mapping[str, str]) -> Path:
    return file_of(path, ACTIVITY, APPOINTMENT, *rows)


def eyecare(path: Path, *, encoding: str = "utf-8") -> Path:
    path.write_text("\r\n".join(EYECARE) + "\r\n", encoding=encoding, newline="")
    return path
