"""The version in force on the day is said, and on a live desk only one that somebody has signed off."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pathway_facts import JANE, TODAY, WEEK, named, row

from helpdesk.answers import Answer, SourceState
from helpdesk.callers.model import CallerKind
from helpdesk.composition.wording import wording_of
from helpdesk.desk.model import Gate, GateState, Port, SourceInfo, StatusView
from helpdesk.desk.status import StatusMaker
from helpdesk.desk.ticket import Ticket
from helpdesk.desk.wording import DeskWording, audience_of
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import OdsCode
from helpdesk.pathways.audience import Audience
from helpdesk.pathways.model import Part
from helpdesk.pathways.ports import HeldRows
from helpdesk.pathways.signed_wording import read_signed
from helpdesk.pathways.versions import NOT_SIGNED, shipped
from helpdesk.primary_care.model import PracticeAppointment
from helpdesk.settings import Settings
from helpdesk.start import Start

SHIPPED = shipped().versions[-1]
SIGNED_BY = {"by": "A. Surname", "role": "medical director", "on": "2026-11-18"}
SAME = {"version": "2", "sha256": SHIPPED.sha256}
LISTS = SourceInfo("waiting_lists", "Waiting list", Port.WAITING_LISTS)
PRACTICE = SourceInfo("gp", "GP Connect", Port.PRACTICE_APPOINTMENTS)


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 20, 12, tzinfo=UTC)


def texts() -> dict[str, dict[str, str]]:
    return {rule: {a.value: text for a, text in by.items()} for rule, by in SHIPPED.texts.items()}


def file_of(**changed: Any) -> str:
    plain: dict[str, Any] = {"version": "2026-11-icb", "effective": "2026-11-19", "sign_off": SIGNED_BY, "same_as": SAME}
    plain |= changed
    return json.dumps({name: value for name, value in plain.items() if value is not None})


def own(rule: str = "K03", audience: str = "patient", text: str = "You have waited {weeks} weeks.", **changed: Any) -> str:
    held = texts()
    held[rule][audience] = text
    return file_of(same_as=None, texts=held, **changed)


def look(wording: DeskWording, gate: GateState = GateState.OPEN, audience: Audience = Audience.PATIENT, **more: Any) -> StatusView:
    held = (HeldRows("XFC01", WEEK, (row(),), "waiting_lists"),)
    visit = (PracticeAppointment(datetime(2026, 12, 1, 9, tzinfo=UTC), "Larkmead", "booked"),)
    answers: list[Answer[Any]] = [
        Answer("waiting_lists", "Waiting list", JANE, SourceState.FRESH, WEEK, value=held),
        Answer("gp", "GP Connect", JANE, SourceState.FRESH, None, value=visit),
    ]
    ticket = Ticket(JANE, Gate(gate, JANE, None), OdsCode("XPR01"), "call", audience=audience, **more)
    return StatusMaker(named, Noon(), (LISTS, PRACTICE), wording=wording).make(ticket, None, answers)


def live(*files: str) -> DeskWording:
    return DeskWording(shipped().and_signed([read_signed(f) for f in files]), signed_only=True)


def all_said(view: StatusView) -> list[str]:
    said = [s.text for p in view.pathways for s in p.sentences] + [s.text for p in view.pathways for g in p.gaps for s in g.say]
    return said + [s.text for saying in view.general for s in saying.sentences] + list(view.primary_care.words if view.primary_care else ())


def test_in_practice_the_sample_is_shown_and_marked() -> None:
    view = look(DeskWording())
    assert (view.wording.version, view.wording.sample, view.wording.sign_off, view.wording.missing) == ("2", True, "", "")
    assert {s.version for p in view.pathways for s in p.sentences} == {"2"}
    assert view.notice == ""


def test_a_live_desk_says_nothing_that_nobody_signed_and_says_what_is_missing() -> None:
    view = look(live())
    assert all_said(view) == []
    assert view.pathways[0].days_waited == look(DeskWording()).pathways[0].days_waited
    assert view.primary_care is not None
    assert view.primary_care.appointments
    assert view.notice == view.wording.missing
    assert view.notice.startswith(f"{NOT_SIGNED}: no signed version is in force today.")
    assert not view.wording.sample


def test_what_matters_more_stays_on_the_strip() -> None:
    assert look(live(), gate=GateState.RESTRICTED).notice.startswith("Restricted record")
    assert look(live(), may_tell=False).notice == "Do not disclose: caller not verified"
    assert all_said(look(live(), gate=GateState.RESTRICTED)) == []


def test_a_live_desk_says_what_was_signed() -> None:
    view = look(live(own()))
    assert "You have waited 37 weeks." in all_said(view)
    assert {s.version for p in view.pathways for s in p.sentences} == {"2026-11-icb"}
    assert (view.wording.sign_off, view.wording.sample) == ("A. Surname, medical director, 18 November 2026", False)
    assert "content:wording@2026-11-icb" in {s.source for p in view.pathways for s in p.sentences}


def test_the_version_in_force_on_the_day_is_used() -> None:
    held = shipped().and_signed([read_signed(own(version="one", effective="2026-11-02")), read_signed(file_of(version="two"))])
    assert [getattr(held.on(date(2026, 11, day), signed=True), "version", None) for day in (1, 2, 18, 19)] == [None, "one", "one", "two"]
    assert getattr(held.on(date(2026, 11, 1)), "version", None) == "2"
    assert "The next one begins on 2026-11-02." in held.missing(date(2026, 11, 1))


def test_signing_the_words_as_they_are_binds_these_words_alone() -> None:
    assert read_signed(file_of()).texts == SHIPPED.texts
    with pytest.raises(RuleBroken, match="signed for other words than version 2"):
        read_signed(file_of(same_as=SAME | {"sha256": "0" * 64}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not valid JSON"),
        ("[]", "holds no wording"),
        (file_of(version="../x"), "needs a version of"),
        (file_of(version="2"), "a version of its own"),
        (file_of(effective="soon"), "needs a day at effective"),
        (file_of(sign_off="none"), "is not signed off"),
        (file_of(sign_off=SIGNED_BY | {"by": " "}), "is not signed off"),
        (file_of(sign_off=SIGNED_BY | {"on": None}), "needs a day at sign_off.on"),
        (file_of(same_as=None), "needs either texts or same_as"),
        (file_of(texts={}), "needs either texts or same_as"),
        (file_of(same_as=None, texts={}), "has no words of rule K01 for a patient"),
        (file_of(surprise=1), "a part that is not known: surprise"),
        (file_of(same_as={"version": "9"}), "does not have"),
        (file_of(same_as=None, texts=texts() | {"K999": {}}), "does not have: K999"),
        (own("W01", "proxy", ""), "has no words of rule W01 for a proxy"),
        (own(text="You are urgent."), "may not be said to a caller in rule K03 for a patient"),
        (own(text="You waited {nhs_number}."), "a blank that cannot be filled in rule K03"),
        (own(text="You waited {weeks.__class__}."), "a blank that cannot be filled in rule K03"),
        (own(text="You waited {weeks!r}."), "a blank that cannot be filled in rule K03"),
        (own(text="You waited {weeks:>9}."), "a blank that cannot be filled in rule K03"),
        (own(text="You waited {weeks."), "a blank that is not closed in rule K03"),
        (own(text="You waited"), "no full stop at the end in rule K03"),
    ],
)
def test_a_file_that_is_wrong_says_what_to_change(content: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words) as told:
        read_signed(content)
    assert told.value.message.count(".") <= 2


def configured(folder: Path, kind: str, *names: str) -> DeskWording:
    start = Start(kind, kind, folder, folder / "helpdesk.toml")
    return wording_of(Settings.model_validate({"desk": {"wording": names, "phone": "0808 157 0100"}}), start)


def test_the_configuration_names_signed_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "signed.json").write_text(file_of(), encoding="utf-8")
    for kind in ("live", "sandbox", "practice"):
        assert look(configured(tmp_path, kind, "signed.json")).wording.version == "2026-11-icb"
    assert "ring us on 0808 157 0100" in " ".join(all_said(look(configured(tmp_path, "live", "signed.json"))))


def test_a_file_that_cannot_be_taken_keeps_no_desk_shut(tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text(own(text="You waited"), encoding="utf-8")
    assert "has no full stop at the end in rule K03" in look(configured(tmp_path, "live", "wrong.json")).notice
    assert "cannot be read" in look(configured(tmp_path, "live", "absent.json")).notice
    assert look(configured(tmp_path, "sandbox", "absent.json")).wording.sample
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in look(configured(tmp_path, "live", "bytes.json")).notice


def test_whoever_rings_hears_words_of_their_own() -> None:
    heard = {kind: all_said(look(DeskWording(), audience=audience_of(kind))) for kind in CallerKind}
    assert "You have waited more than 37 weeks, from 3 March 2026." in heard[CallerKind.PATIENT]
    assert "They have waited more than 37 weeks, from 3 March 2026." in heard[CallerKind.SOMEONE_ELSE]
    assert "Waited more than 37 weeks, from 3 March 2026." in heard[CallerKind.PROFESSIONAL]
    assert "Their next appointment at their GP practice is on Tuesday 1 December 2026 at 9am." in heard[CallerKind.SOMEONE_ELSE]


def test_where_to_turn_is_said_of_every_pathway() -> None:
    (pathway,) = look(DeskWording()).pathways
    assert [s.text for s in pathway.sayings[-1].sentences] == [
        "If you feel worse, ring your GP practice or 111.",
        "If life is at risk, ring 999.",
    ]
    assert pathway.sayings[-1].part is Part.WORSE


def test_the_program_brings_nobodys_sign_off() -> None:
    assert [w.sign_off for w in shipped().versions] == [None] * len(shipped().versions)
    assert all(w.effective <= TODAY for w in shipped().versions)
