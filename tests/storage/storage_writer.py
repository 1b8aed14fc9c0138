"""A child process that saves drafts and calls as fast as it can and says each one once it is on disk, until it is killed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from storage_facts import KEY, draft, event, message, number, saved, session

from helpdesk.clock import SystemClock
from helpdesk.storage.calls import SqlCalls
from helpdesk.storage.database import Database


def said(kind: str, call_id: str, notes: str = "") -> None:
    sys.stdout.write(f"{kind}\t{call_id}\t{notes}\n")
    sys.stdout.flush()


def main() -> None:
    database = Database.open(Path(sys.argv[1]), KEY, "live")
    calls = SqlCalls(database, session(), SystemClock())
    while True:
        one = draft(str(uuid4()), notes="first words")
        calls.put_draft(one)
        said("draft", one.id, "first words")
        calls.put_draft(replace(one, notes="all the words"))
        said("draft", one.id, "all the words")
        calls.save(saved(one.id, about=number(1)), [message(one.id, number(1))], [], event(call_id=one.id))
        said("saved", one.id)


main()
