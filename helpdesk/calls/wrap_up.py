"""What a call needs before it may end, and the codes that what was done suggests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpdesk.calls.dispositions import RESOLVED, load
from helpdesk.calls.model import CallDraft, Choice, Disposition, Dispositions
from helpdesk.errors import RuleBroken

GP_ANSWERS = ("yes", "no", "not_asked")
_PATIENT_CALLERS = {"patient": "patient", "professional": "professional"}
_NEXT = {
    "answered": RESOLVED,
    "answered_stale": RESOLVED,
    "urgent_transfer": "emergency_service_acts",
    "unable_to_verify": "caller_rings_again",
}


def check(draft: CallDraft, dispositions: Dispositions | None = None) -> None:
    """Raises RuleBroken whose `field` is what still has to be filled in or changed: reason, outcome, next_action,
    caller_type or would_have_rung_gp. A call without a patient is a call like any other. What was signposted or handed
    off ends only with somebody who owns the next step, or, when signposted, resolved."""
    lists, given = dispositions or load(), draft.disposition
    _chosen(lists.reasons, given.reason, "reason", "Choose a reason for the call.")
    outcome = _chosen(lists.outcomes, given.outcome, "outcome", "Choose how the call ended.")
    following = _chosen(lists.next_actions, given.next_action, "next_action", "Choose what happens next.")
    if given.caller_type:
        _chosen(lists.caller_types, given.caller_type, "caller_type", "Choose who was calling.")
    if given.would_have_rung_gp and given.would_have_rung_gp not in GP_ANSWERS:
        raise RuleBroken("Answer yes, no or not asked.", field="would_have_rung_gp")
    _owned(outcome, following, "signposted" if draft.signposts else "")


def _chosen(choices: Sequence[Choice], code: str, field: str, missing: str) -> Choice:
    if not code:
        raise RuleBroken(missing, field=field)
    found = next((c for c in choices if c.code == code), None)
    if found is None:
        raise RuleBroken("This code is not in use any more. Choose another.", field=field)
    return found


def _owned(outcome: Choice, following: Choice, done: str) -> None:
    if following.owner:
        return
    if outcome.needs == "owner":
        raise RuleBroken(f"“{outcome.words}” needs somebody who owns the next step.", field="next_action")
    needs_end = outcome.needs == "owner_or_resolved" or done == "signposted"
    if needs_end and following.code != RESOLVED:
        raise RuleBroken("Something was given to the caller: say who owns the next step, or that it is resolved.", field="next_action")


def propose(
    draft: CallDraft,
    *,
    unable_to_verify: bool = False,
    source_stale: bool = False,
    source_down: bool = False,
    nothing_held: bool = False,
) -> Disposition:
    """Codes for the fields that are still empty, from what was done in the call; what nothing speaks for stays empty.
    A signposted call gets no next action: a person decides who owns it."""
    given = draft.disposition
    outcome = given.outcome or _outcome(draft, unable_to_verify, source_stale, source_down, nothing_held)
    return replace(
        given,
        reason=given.reason or ("urgent_help" if draft.safety else ""),
        outcome=outcome,
        next_action=given.next_action or _NEXT.get(outcome, ""),
        caller_type=given.caller_type or _PATIENT_CALLERS.get(draft.caller_kind, ""),
        would_have_rung_gp=given.would_have_rung_gp or "not_asked",
    )


def _outcome(draft: CallDraft, unable_to_verify: bool, source_stale: bool, source_down: bool, nothing_held: bool) -> str:
    """The weightiest first: help for a life, then what stopped the call, then what was given."""
    done = (
        (bool(draft.safety), "urgent_transfer"),
        (unable_to_verify, "unable_to_verify"),
        (bool(draft.signposts), "signposted"),
        (nothing_held, "nothing_held"),
        (source_down, "source_down"),
        (bool(draft.said) and source_stale, "answered_stale"),
        (bool(draft.said), "answered"),
    )
    return next((code for was, code in done if was), "")
