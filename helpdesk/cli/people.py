"""`helpdesk patient …`: finding people and their status, by the same services as the window."""

from __future__ import annotations

import sys
from typing import Any

from helpdesk.cli import output
from helpdesk.cli.opening import opened
from helpdesk.cli.options import Options
from helpdesk.desk.model import StatusView
from helpdesk.desk.report import as_json
from helpdesk.errors import RuleBroken
from helpdesk.identifiers import NhsNumber
from helpdesk.patients.model import Candidate, Listing


def search(options: Options) -> int:
    """Nothing found is an answer: the exit code is 0."""
    start = options.start()
    text = _personal(options.words("text"), live=start.live)
    with opened(options, start) as services:
        services.before_showing("patient search")
        listing: Listing = services.people.listed(services.people.understand(text), services.reason)
    if listing.note:
        output.problem(listing.note)
    if options.json:
        output.result(
            {
                "query": text,
                "understood": [f.shown for f in listing.query.facts],
                "people": [_person(c) for c in listing.people],
                "more": listing.more,
            }
        )
        return 0
    output.table(("NHS number", "Name", "Born", "Why"), [_row(c) for c in listing.people])
    output.say(f"{len(listing.people)} shown" + (", more match: narrow the search." if listing.more else "."))
    return 0


def status(options: Options) -> int:
    start = options.start()
    number = NhsNumber.parse(_personal(options.words("number"), live=start.live))
    with opened(options, start) as services:
        view: StatusView = services.report.make(number, services.reason, tell=not start.live)
    if options.json:
        output.result(as_json(view, say=not start.live))
    else:
        _print(view, say=not start.live)
    return 0


def _personal(given: str, *, live: bool) -> str:
    """On a live profile an identifier must not stand on the command line, where other programs can read it."""
    if given == "-":
        return sys.stdin.readline().strip()
    if live:
        raise RuleBroken("On a live profile write - here and give the identifier on standard input.")
    return given


def _person(candidate: Candidate) -> dict[str, Any]:
    return {
        "nhs_number": candidate.nhs_number.value,
        "name": candidate.name.shown,
        "born": candidate.born.iso if candidate.born else None,
        "why": list(candidate.why),
        "similar": candidate.similar,
    }


def _row(candidate: Candidate) -> tuple[str, str, str, str]:
    marks = [m for m, on in (("restricted", candidate.restricted), ("deceased", candidate.deceased)) if on]
    born = candidate.born.shown if candidate.born else "not known"
    return candidate.nhs_number.spaced, candidate.name.shown, born, ", ".join([*candidate.why, *marks])


def _print(view: StatusView, *, say: bool) -> None:
    if view.notice:
        output.say(view.notice)
    for answer in view.sources:
        as_at = f" as at {answer.as_at:%d-%b-%Y}" if answer.as_at else ""
        output.say(f"{answer.label}: {answer.state.value.replace('_', ' ')}{as_at}. {answer.message}".rstrip())
    for pathway in view.pathways:
        waited = f"{pathway.weeks_band} weeks" if pathway.weeks_band else "no running clock"
        output.say(f"\n{pathway.specialty.name}, {pathway.provider.name}: {waited}, {pathway.standing}")
        for sentence in pathway.sentences if say else ():
            output.say(f"  {sentence.text}")
    care = view.primary_care
    if care is not None and say:
        output.say(f"\nPrimary care{', ' + care.practice_name if care.practice_name else ''}")
        for words in care.words:
            output.say(f"  {words}")
    for saying in view.general if say else ():
        for sentence in saying.sentences:
            output.say(f"\n{sentence.text}")
