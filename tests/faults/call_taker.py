"""A child process that takes call after call through the desk's services and says what it was told is on disk, until it is killed."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from helpdesk.access.model import Role
from helpdesk.callers.model import Item
from helpdesk.calls.model import CallDraft, Disposition, Signposted
from helpdesk.composition.opening import OpenFolder
from helpdesk.desk.call_desk import CallDesk
from helpdesk.identifiers import NhsNumber
from helpdesk.start import begin

ANSWERED = Disposition("wait_how_long", "signposted", "resolved", "patient", "no")
MOST_NOTES = 25


def said(kind: str, draft: CallDraft) -> None:
    sys.stdout.write(f"{kind}\t{draft.id}\t{draft.patient or ''}\t{draft.notes}\n")
    sys.stdout.flush()


def verify(desk: CallDesk, draft: CallDraft, person: dict[str, Any]) -> CallDraft:
    opened = desk.open_patient(draft.id, NhsNumber(person["number"]), None)
    for item, words in person["answers"].items():
        desk.try_item(draft.id, Item(item), words)
    return replace(draft, patient=opened.number)


def finish(desk: CallDesk, draft: CallDraft) -> None:
    offer = next(o for o in desk.cards(draft.id) if any(c.allowed and c.channel == "sms" for c in o.channels))
    given = Signposted(str(uuid5(NAMESPACE_OID, draft.id)), offer.card.id, offer.card.version, "sms")
    draft = replace(draft, disposition=ANSWERED, signposts=(given,))
    desk.finish(draft)
    said("saved", draft)
    desk.finish(draft)


def take(desk: CallDesk, person: dict[str, Any], notes: int) -> None:
    draft = desk.begin()
    said("begun", draft)
    draft = verify(desk, draft, person)
    for nth in range(1, notes + 1):
        draft = replace(draft, notes=f"note {nth} about {draft.patient}")
        desk.keep(draft)
        said("kept", draft)
    finish(desk, draft)


def go_on(desk: CallDesk, draft: CallDraft, people: dict[str, dict[str, Any]]) -> None:
    """A call that a killed program left behind: its patient is opened again, and it is saved."""
    if draft.patient is None:
        return
    desk.resume(draft)
    finish(desk, verify(desk, draft, people[draft.patient.value]))


def main(config: str, data: str, people_file: str, seed: str) -> None:
    people = json.loads(Path(people_file).read_text(encoding="utf-8"))
    folder = OpenFolder(begin(config=config, data_dir=data))
    desk = folder.practise_as(Role.HANDLER).workstation().calls
    chance = random.Random(seed)
    for draft in desk.unfinished():
        go_on(desk, draft, people)
    while True:
        take(desk, people[chance.choice(sorted(people))], chance.randint(3, MOST_NOTES))


if __name__ == "__main__":
    main(*sys.argv[1:])
