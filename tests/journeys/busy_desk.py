"""A child process that works at a desk with many people's data, and then waits in the middle of a call until it is killed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from helpdesk.access.model import Role
from helpdesk.callers.model import Item
from helpdesk.calls.model import CallDraft, Disposition, Signposted
from helpdesk.composition.opening import OpenFolder
from helpdesk.composition.services import Services
from helpdesk.desk.call_desk import CallDesk
from helpdesk.identifiers import NhsNumber
from helpdesk.start import begin

ANSWERED = Disposition("wait_how_long", "answered", "resolved", "patient", "no")


def one_call(services: Services, desk: CallDesk, person: dict[str, Any]) -> CallDraft:
    """Found by everything that can be said, opened, checked, asked about, and written about with names and numbers."""
    draft = desk.begin(person["phone"])
    for words in person["searches"]:
        query = services.people.understand(words)
        services.people.typed(query, draft.id, draft.id)
        services.people.traced(query, draft.id, draft.id)
    opened = desk.open_patient(draft.id, NhsNumber(person["number"]), services.people.understand(person["searches"][0]))
    for item, words in person["answers"].items():
        desk.try_item(draft.id, Item(item), words)
    for source in desk.sources(draft.id):
        desk.ask(draft.id, source)
    desk.status(draft.id)
    desk.history(draft.id)
    draft = replace(draft, patient=opened.number, notes=person["notes"], disposition=ANSWERED)
    desk.keep(draft)
    return draft


def sent(desk: CallDesk, draft: CallDraft) -> CallDraft:
    allowed = [o for o in desk.cards(draft.id) if any(c.allowed and c.channel == "sms" for c in o.channels)]
    return replace(draft, signposts=tuple(Signposted(str(uuid4()), o.card.id, o.card.version, "sms") for o in allowed[:1]))


def main(config: str, data: str, people_file: str) -> None:
    people = json.loads(Path(people_file).read_text(encoding="utf-8"))
    folder = OpenFolder(begin(config=config, data_dir=data))
    services = folder.practise_as(Role.HANDLER)
    desk = services.workstation().calls
    for person in people[:-1]:
        desk.finish(sent(desk, one_call(services, desk, person)))
    services.outbox_sender().pass_once()
    one_call(services, desk, people[-1])
    sys.stdout.write("in the middle of a call\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
