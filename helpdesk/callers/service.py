"""One caller and one patient: tries are compared here, and only how far the call has got comes out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from helpdesk.callers.expected import expected_from
from helpdesk.callers.levels import level_of, needed_for_status
from helpdesk.callers.matching import is_said, matches
from helpdesk.callers.model import Authority, CallerKind, Expected, Item, ItemResult, ItemState, Level, Verification
from helpdesk.callers.policy import Policy
from helpdesk.errors import RuleBroken

__all__ = ["CallerCheck", "expected_from"]

ANY_AUTHORITY = "any"
_OPEN = frozenset({ItemState.NOT_ASKED, ItemState.NO_MATCH})


class CallerCheck:
    """The check of whoever is on the line about one patient. What is true stays inside and what is said is not kept.

    `supplied` is what the caller already said when the patient was searched for: it counts when it matches and is no
    try when it does not. `displayed` is what the program has shown in this call. `before` is how far the same person's
    check had got earlier in the same call: tries used and items struck off stay so.
    Source: design, section 2.3; the policy's own version."""

    def __init__(
        self,
        policy: Policy,
        expected: Expected,
        supplied: Mapping[Item, str] | None = None,
        displayed: Collection[Item] = (),
        *,
        named: bool = False,
        before: Verification | None = None,
    ) -> None:
        self._policy = policy
        self._expected = expected
        said = supplied or {}
        earlier = before or Verification()
        results = {item: _kept(earlier.results.get(item), self._first(item, said.get(item, ""))) for item in policy.items}
        self._state = replace(earlier, results=results, named=named or earlier.named)
        for item in displayed:
            self.strike(item)
        self._become(self._state)

    def __repr__(self) -> str:
        return f"CallerCheck(level={self._state.level.name})"

    @property
    def state(self) -> Verification:
        return self._state

    @property
    def spent_items(self) -> tuple[Item, ...]:
        """Those with no try left, to be counted over the day's calls."""
        return tuple(item for item, result in self._state.results.items() if result.state is ItemState.SPENT)

    @property
    def spent_alert(self) -> int:
        """How many spent items of one patient in one day alert a supervisor."""
        return self._policy.spent_alert

    def try_item(self, item: Item, said: str) -> Verification:
        """Compares what the caller said. Empty words are no try; an item that is matched, spent, struck off or not
        held stays as it is, whatever is said."""
        result = self._state.results.get(item)
        if result is None or result.state not in _OPEN or not is_said(said):
            return self._state
        if matches(item, said, self._answers(item)):
            return self._set(item, replace(result, state=ItemState.MATCH))
        left = result.tries_left - 1
        return self._set(item, ItemResult(ItemState.NO_MATCH if left else ItemState.SPENT, left))

    def cannot_say(self, item: Item) -> Verification:
        """The caller does not know this one: no try is used, and it may still be asked."""
        if item not in self._state.results:
            return self._state
        return self._become(replace(self._state, cannot_say=self._state.cannot_say | {item}))

    def strike(self, item: Item) -> Verification:
        """The program displayed this item, so it proves nothing from now on. A match made before stays."""
        result = self._state.results.get(item)
        if result is None or result.state not in _OPEN:
            return self._state
        return self._set(item, replace(result, state=ItemState.STRUCK))

    def tick(self, act: str, *, done: bool = True) -> Verification:
        """An act of the handler, or the taking back of a wrong tick. Raises RuleBroken for anything the policy does
        not name."""
        if act not in self._policy.acts:
            raise RuleBroken("Only an act that the rules name can be ticked.", field="act")
        acts = self._state.acts | {act} if done else self._state.acts - {act}
        return self._become(replace(self._state, acts=acts))

    def give_name(self, name: str) -> Verification:
        """The caller said who they are: enough for the directory. The name is not kept here."""
        return self._become(replace(self._state, named=True)) if name.strip() else self._state

    def set_caller(self, kind: CallerKind, authority: Authority | None = None) -> Verification:
        """Who is on the line. The patient needs no authority, so none is kept for them. Raises RuleBroken, `field`
        "authority", for a kind of authority the policy does not name."""
        if authority is not None and authority.kind not in self._policy.authorities:
            raise RuleBroken("This kind of authority is not one the rules name.", field="authority")
        kept = None if kind is CallerKind.PATIENT else authority
        return self._become(replace(self._state, caller=kind, authority=kept))

    def would_reach_by_authority(self) -> bool:
        """Whether the facts about the patient are matched, so that somebody with an authority would be told the status."""
        with_one = replace(self._state, caller=CallerKind.SOMEONE_ELSE, authority=Authority(ANY_AUTHORITY))
        return level_of(with_one, self._policy) >= Level.STATUS

    def _answers(self, item: Item) -> tuple[str, ...]:
        return self._expected.answers.get(item, ())

    def _first(self, item: Item, said: str) -> ItemResult:
        if not self._answers(item):
            return ItemResult(ItemState.NOT_HELD, 0)
        right = matches(item, said, self._answers(item))
        return ItemResult(ItemState.MATCH if right else ItemState.NOT_ASKED, self._policy.tries)

    def _set(self, item: Item, result: ItemResult) -> Verification:
        said_now = self._state.cannot_say - {item}
        return self._become(replace(self._state, results={**self._state.results, item: result}, cannot_say=said_now))

    def _become(self, state: Verification) -> Verification:
        self._state = replace(state, level=level_of(state, self._policy), needed=needed_for_status(state, self._policy))
        return self._state


def _kept(before: ItemResult | None, now: ItemResult) -> ItemResult:
    """What an item is worth when the same person is opened again in the same call."""
    untouched = before is None or before.state in (ItemState.NOT_ASKED, ItemState.NOT_HELD)
    if before is None or untouched or now.state is ItemState.NOT_HELD:
        return now
    return now if (before.state, now.state) == (ItemState.NO_MATCH, ItemState.MATCH) else before
