"""A mailbox: acknowledged only once imported or refused, one import for one message, unreadable ones left and told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.desk.mailbox_intake import Mailbox, MailboxIntake
from helpdesk.desk.taking import Verdict
from helpdesk.errors import ConnectorRejected, ConnectorUnavailable, StorageError
from helpdesk.spool import Spool
from tests.intake_in_hand import Imports, Kept, Post, Ticking, Work, never, taking


class Desk:
    def __init__(self, folder: Path, post: Post) -> None:
        self.folder, self.post = folder, post
        self.imports, self.work, self.kept, self.clock = Imports(), Work(), Kept(), Ticking()
        self.restart()

    def restart(self) -> None:
        """Another process over the same database and folder."""
        spool = Spool(self.folder / "in-transit")
        spool.clear()
        box = Mailbox("mesh", self.post, None)  # type: ignore[arg-type]  # nobody reads
        self.intake = MailboxIntake(box, spool, self.folder / "reports", self.kept, self.clock)

    def look(self, *, cancelled: bool = False) -> list[Verdict]:
        made = self.intake.pass_once(taking(self.imports, self.work), (lambda: True) if cancelled else never, now=True)
        return [one.verdict for one in made]

    @property
    def in_transit(self) -> list[Path]:
        return list((self.folder / "in-transit").glob("*"))

    def report(self, message: str) -> str:
        return (self.folder / "reports" / f"mesh-{message}.report.txt").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, Post(M1=b"good 1", M2=b"good 2"))


def test_what_is_imported_leaves_the_mailbox_and_the_disk(desk: Desk) -> None:
    assert desk.look() == [Verdict.TAKEN, Verdict.TAKEN]
    assert [text for _, text, _ in desk.imports.taken] == [b"good 1", b"good 2"]
    assert desk.post.messages == {}
    assert desk.in_transit == []
    assert "was taken in" in desk.report("M1")
    assert desk.imports.taken[0][2].isoformat() == "2026-11-15"  # type: ignore[union-attr]  # it has a day


def test_what_is_refused_is_reported_before_it_leaves(desk: Desk) -> None:
    desk.post.messages = {"M1": b"9000000009,SMITH"}
    assert desk.look() == [Verdict.REFUSED]
    assert desk.post.messages == {}
    assert "row 3, NHS_NUMBER" in desk.report("M1")
    assert "SMITH" not in desk.report("M1")
    (item,) = desk.work.items.values()
    assert "mesh-M1.report.txt" in item.reason
    assert item.owner_role == "administrator"


def test_nothing_is_acknowledged_that_was_not_kept(desk: Desk) -> None:
    desk.imports.error = StorageError("The disk is full.")
    assert desk.look() == [Verdict.LATER, Verdict.LATER]
    assert set(desk.post.messages) == {"M1", "M2"}
    assert desk.in_transit == []
    desk.imports.error = None
    assert desk.look() == [Verdict.TAKEN, Verdict.TAKEN]


def test_a_stopped_import_is_begun_again(desk: Desk) -> None:
    stop = iter([False, True, True, True, True])
    made = desk.intake.pass_once(taking(desk.imports, desk.work), lambda: next(stop), now=True)
    assert [one.verdict for one in made] == [Verdict.LATER]
    assert set(desk.post.messages) == {"M1", "M2"}
    assert desk.look() == [Verdict.TAKEN, Verdict.TAKEN]


@pytest.mark.expects_log("MESH is not available")
def test_a_lost_acknowledgement_is_given_again_and_imports_nothing_again(desk: Desk) -> None:
    desk.post.acknowledge_error = ConnectorUnavailable("MESH is not available at the moment.")
    assert desk.look() == [Verdict.TAKEN, Verdict.TAKEN]
    assert set(desk.post.messages) == {"M1", "M2"}
    desk.post.acknowledge_error = None
    desk.restart()
    assert desk.look() == []
    assert desk.post.messages == {}
    assert desk.imports.asked == 2
    assert desk.post.fetched == ["M1", "M2"]


@pytest.mark.expects_log("messages cannot be read")
def test_a_message_that_never_can_be_read_is_left_told_once_and_counted(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.post.fetch_error["M1"] = ConnectorRejected("A message in MESH is a report about a message, not a file.")
    assert desk.look() == [Verdict.TAKEN]
    assert desk.intake.unreadable == 1
    for _ in range(3):
        assert desk.look() == []
    desk.clock.at += 4_000
    assert desk.look() == []
    desk.restart()
    assert desk.look() == []
    assert list(desk.post.messages) == ["M1"]
    assert len(desk.work.items) == 1
    assert len([r for r in caplog.records if "cannot be read" in r.message]) == 2  # once in each process
    assert desk.post.fetched.count("M1") == 3
    desk.post.messages = {}
    desk.look()
    assert desk.intake.unreadable == 0


@pytest.mark.expects_log("messages cannot be read")
def test_one_that_fails_on_the_way_is_tried_again_and_told_when_it_goes_on(desk: Desk) -> None:
    desk.post.fetch_error["M1"] = ConnectorUnavailable("MESH did not answer in time.")
    assert desk.look() == [Verdict.TAKEN]
    assert desk.look() == []
    assert desk.work.items == {}
    assert desk.look() == []
    assert len(desk.work.items) == 1
    del desk.post.fetch_error["M1"]
    desk.clock.at += 4_000
    assert desk.look() == [Verdict.TAKEN]
    assert desk.intake.unreadable == 0


@pytest.mark.expects_log("MESH cannot be reached")
def test_a_mailbox_that_does_not_answer_is_told_once(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.post.inbox_error = ConnectorUnavailable("MESH cannot be reached at the moment.")
    assert desk.look() + desk.look() + desk.look() == []
    assert len(caplog.records) == 1


def test_it_is_looked_into_as_often_as_it_says(desk: Desk) -> None:
    for _ in range(10):
        desk.intake.pass_once(taking(desk.imports, desk.work), never)
        desk.clock.at += 60
    assert desk.post.looked == 2


def test_an_id_that_is_no_file_name_leads_nowhere(desk: Desk) -> None:
    desk.post.messages = {"../../out": b"good"}
    assert desk.look() == [Verdict.TAKEN]
    assert [p.parent for p in desk.folder.rglob("*.report.txt")] == [desk.folder / "reports"]
    assert not list(desk.folder.parent.glob("*.report.txt"))
