"""A tiny area of hospital activity: one person has every kind of thing, one has nothing, one has many pages of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from helpdesk.identifiers import NhsNumber, OdsCode, PathwayId, Ubrn
from helpdesk.pathways.activity import Activity, ActivityKind, ActivityStatus
from helpdesk.pathways.model import Coded
from helpdesk.practice.model import Area
from tests.connectors.tiny_area import BSL, JANE, NEW, NOW, SMYTHE, tiny_area

FENMOOR = OdsCode("XFEN1")
ORTHOPAEDICS = Coded("110", "Trauma and orthopaedics")
PATHWAY = PathwayId("XFEN100012345", "XFEN1")
_BST = timezone(timedelta(hours=1))


def activity(kind: ActivityKind, status: ActivityStatus, name: str, **held: object) -> Activity:
    facts: dict[str, object] = {"nhs_number": JANE, "provider": FENMOOR, "specialty": ORTHOPAEDICS, "as_at": NOW}
    return Activity(kind=kind, status=status, id=name, **(facts | held))  # type: ignore[arg-type]  # each test names the fields it needs


K, S = ActivityKind, ActivityStatus
WAITING = activity(
    K.WAITING, S.ACTIVE, "wait-1", pathway_id=PATHWAY, clock_start=date(2026, 3, 3), as_at=datetime(2026, 11, 15, tzinfo=UTC)
)
JANES = (
    activity(K.REFERRAL, S.ACTIVE, "ref-1", ubrn=Ubrn("000049999999"), referred=date(2026, 3, 1), due=date(2026, 12, 1)),
    activity(K.REFERRAL, S.CANCELLED, "ref-2", referred=date(2026, 1, 5), ask_team=True),
    activity(K.DIAGNOSTIC, S.ACTIVE, "scan-1", referred=date(2026, 4, 1)),
    activity(K.DIAGNOSTIC, S.BOOKED, "scan-2", start=datetime(2026, 12, 3, 9, 30, tzinfo=UTC), place="Imaging, level 2"),
    activity(
        K.APPOINTMENT, S.BOOKED, "app-1", start=datetime(2026, 12, 9, 14, 10, tzinfo=UTC), place="Fracture clinic", pathway_id=PATHWAY
    ),
    activity(K.APPOINTMENT, S.MISSED, "app-2", start=datetime(2026, 9, 2, 10, 0, tzinfo=_BST), medium="by telephone"),
    activity(K.APPOINTMENT, S.TO_BOOK, "app-3", local_id="L-77"),
    activity(K.APPOINTMENT, S.CANCELLED, "app-4", start=datetime(2026, 9, 9, 10, 0, tzinfo=_BST), medium="by video"),
    activity(K.ADMISSION, S.BOOKED, "stay-1", start=datetime(2027, 1, 12, 7, 30, tzinfo=UTC), place="Ward 4"),
    activity(K.ADMISSION, S.MISSED, "stay-2", start=datetime(2026, 8, 1, 7, 30, tzinfo=_BST)),
    activity(K.ATTENDANCE, S.ATTENDED, "visit-1", start=datetime(2026, 7, 1, 11, 0, tzinfo=_BST), place="Fracture clinic"),
    activity(K.ATTENDANCE, S.ATTENDED, "visit-2", start=datetime(2026, 7, 8, 11, 0, tzinfo=_BST), medium="at home"),
    WAITING,
    activity(K.TASK, S.ACTIVE, "task-1", start=datetime(2026, 11, 1, 8, 0, tzinfo=UTC)),
    activity(K.TASK, S.ENDED, "task-2", start=datetime(2026, 10, 1, 8, 0, tzinfo=_BST)),
)
MANY = tuple(
    activity(K.APPOINTMENT, S.BOOKED, f"many-{i}", nhs_number=NEW, start=datetime(2026, 12, 1, tzinfo=UTC) + timedelta(days=i))
    for i in range(25)
)


def activity_area(instance: str, **faults: str) -> Area:
    """`faults` names who shows one: jane, sam, nell."""
    area = tiny_area()
    held: dict[NhsNumber, tuple[Activity, ...]] = {JANE: JANES, BSL: (), NEW: MANY, SMYTHE: (_of(SMYTHE),)}
    names = {"jane": JANE, "sam": BSL, "nell": NEW, "smythe": SMYTHE}
    failing = {names[name]: fault for name, fault in faults.items()}
    people = tuple(
        replace(p, faults={instance: failing[p.patient.nhs_number]}) if p.patient.nhs_number in failing else p for p in area.people
    )
    return replace(area, people=people, activity={instance: held})


def _of(number: NhsNumber) -> Activity:
    return activity(K.APPOINTMENT, S.BOOKED, "smythe-1", nhs_number=number, start=datetime(2026, 12, 5, 9, 0, tzinfo=UTC))
