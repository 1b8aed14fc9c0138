"""How far a caller may be told, from what has matched and by whose authority they ring."""

from __future__ import annotations

from helpdesk.callers.model import CallerKind, ItemState, Level, Verification
from helpdesk.callers.policy import LevelRule, Policy

_ASKABLE = frozenset({ItemState.NOT_ASKED, ItemState.NO_MATCH})


def level_of(state: Verification, policy: Policy) -> Level:
    """The level reached. A caller who is not the patient never goes beyond the scope of an authority, and without one
    not beyond the directory, whatever they know. Source: design, section 2.3."""
    reached = _matched_level(state, policy)
    if state.caller is CallerKind.PATIENT:
        return reached
    return min(reached, max(state.authority.scope, Level.DIRECTORY) if state.authority else Level.DIRECTORY)


def _matched_level(state: Verification, policy: Policy) -> Level:
    for level in (Level.CONTACT_DETAILS, Level.STATUS):
        rule = policy.levels[level]
        if _missing(state, policy, rule) == (0, 0) and rule.acts <= state.acts:
            return level
    return Level.DIRECTORY if state.named or _weight(state, policy, {ItemState.MATCH}) else Level.PUBLIC


def needed_for_status(state: Verification, policy: Policy) -> str:
    """What is still missing before the status may be told, in words; empty when nothing is."""
    if level_of(state, policy) >= Level.STATUS:
        return ""
    rule = policy.levels[Level.STATUS]
    matches, away = _missing(state, policy, rule)
    if matches > _weight(state, policy, _ASKABLE) or away > _weight(state, policy, _ASKABLE, away=True):
        return "This caller cannot be checked for status in this call"
    wanted = [_authority_words(state), _match_words(matches, away), "the act the rules ask for" if rule.acts - state.acts else ""]
    return " and ".join(words for words in wanted if words)


def _missing(state: Verification, policy: Policy, rule: LevelRule) -> tuple[int, int]:
    """How many matches are missing, and how many of them must be of what is not known at home."""
    away = max(0, rule.not_known_at_home - _weight(state, policy, {ItemState.MATCH}, away=True))
    return max(0, rule.matches - _weight(state, policy, {ItemState.MATCH}), away), away


def _weight(state: Verification, policy: Policy, wanted: set[ItemState] | frozenset[ItemState], *, away: bool = False) -> int:
    items = (item for item, result in state.results.items() if result.state in wanted)
    return sum(policy.items[item].weight for item in items if not (away and policy.items[item].known_at_home))


def _authority_words(state: Verification) -> str:
    if state.caller is CallerKind.PATIENT:
        return ""
    if state.authority is None:
        return "an authority to be told"
    return "an authority that reaches status" if state.authority.scope < Level.STATUS else ""


def _match_words(matches: int, away: int) -> str:
    if not matches:
        return ""
    words = "1 more match" if matches == 1 else f"{matches} more matches"
    if not away:
        return words
    return f"{words}, not known at home" if away == matches else f"{words}, {'one' if away == 1 else away} not known at home"
