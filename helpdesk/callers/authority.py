"""Blind check of a caller who says they may speak for the patient, against those whom the NHS lets speak for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from helpdesk.callers.matching import is_said, matches
from helpdesk.callers.model import Authority, Item
from helpdesk.callers.names import same_name, words_of_name
from helpdesk.callers.policy import Policy
from helpdesk.callers.ports import Proxy
from helpdesk.callers.scopes import ProxyScopes


class AuthorityOutcome(StrEnum):
    NOT_HELD = "not_held"
    """The NHS holds nobody who may speak for the patient and whose facts could be compared."""
    NOT_ASKED = "not_asked"
    NO_MATCH = "no_match"
    MATCH = "match"
    SPENT = "spent"
    """No try is left in this call."""


@dataclass(frozen=True)
class AuthorityState:
    """How far the check has got. Nothing that was said or is true is in it; `relationship`, in words, and `authority`
    stand only once the caller matched. `facts` are what may be typed beside the name: at least one of them must be."""

    outcome: AuthorityOutcome
    tries_left: int
    facts: frozenset[Item] = frozenset()
    authority: Authority | None = None
    relationship: str = ""


class AuthorityCheck:
    """One caller against one patient's proxies, as the service holds them now. What is true stays inside and what is
    said is not kept; a proxy whose consent has ended counts for nothing, whatever the service still says.

    `before` is how far the check had got earlier in the same call: tries used stay used, and a match must be made anew,
    since the service has been asked anew. Source: design, section 2.3; the policy's own number of tries."""

    def __init__(
        self, policy: Policy, scopes: ProxyScopes, proxies: Sequence[Proxy], today: date, *, before: AuthorityState | None = None
    ) -> None:
        self._scopes = scopes
        self._proxies = tuple(p for p in proxies if _in_force(p, today) and words_of_name(p.family) and _facts(p))
        tries = before.tries_left if before is not None else policy.tries
        facts = frozenset(item for proxy in self._proxies for item in _facts(proxy))
        self._state = AuthorityState(_standing(facts, tries, policy), tries, facts)

    def __repr__(self) -> str:
        return f"AuthorityCheck(outcome={self._state.outcome.name})"

    @property
    def state(self) -> AuthorityState:
        return self._state

    def try_caller(self, name: str, *, born: str = "", nhs_number: str = "") -> AuthorityState:
        """Compares the caller's own name with their own date of birth or NHS number, as they said them; both facts must
        be right where both are said and held. Without a name, or without a fact that can be compared, it is no try."""
        said = {Item.DATE_OF_BIRTH: born, Item.NHS_NUMBER: nhs_number}
        comparable = [item for item in self._state.facts if is_said(said[item])]
        if self._state.outcome not in (AuthorityOutcome.NOT_ASKED, AuthorityOutcome.NO_MATCH) or not words_of_name(name) or not comparable:
            return self._state
        found = [proxy for proxy in self._proxies if _is(proxy, name, said)]
        self._state = self._matched(found) if found else self._missed()
        return self._state

    def _matched(self, found: Sequence[Proxy]) -> AuthorityState:
        """Where the same person holds several consents, the one that reaches furthest."""
        authorities = [(self._scopes.authority(proxy.scopes), proxy) for proxy in found]
        authority, proxy = max(authorities, key=lambda pair: (pair[0].scope, pair[0].sensitive))
        return replace(self._state, outcome=AuthorityOutcome.MATCH, authority=authority, relationship=proxy.relationship)

    def _missed(self) -> AuthorityState:
        left = self._state.tries_left - 1
        return replace(self._state, outcome=AuthorityOutcome.NO_MATCH if left else AuthorityOutcome.SPENT, tries_left=left)


def _standing(facts: frozenset[Item], tries: int, policy: Policy) -> AuthorityOutcome:
    if tries < 1:
        return AuthorityOutcome.SPENT
    if not facts:
        return AuthorityOutcome.NOT_HELD
    return AuthorityOutcome.NOT_ASKED if tries >= policy.tries else AuthorityOutcome.NO_MATCH


def _in_force(proxy: Proxy, today: date) -> bool:
    return proxy.until is None or today <= proxy.until


def _facts(proxy: Proxy) -> Mapping[Item, str]:
    """What is known of this person and may be compared."""
    held = {Item.DATE_OF_BIRTH: proxy.born.isoformat() if proxy.born else "", Item.NHS_NUMBER: str(proxy.nhs_number or "")}
    return {item: answer for item, answer in held.items() if answer}


def _is(proxy: Proxy, name: str, said: Mapping[Item, str]) -> bool:
    compared = [matches(item, said[item], (answer,)) for item, answer in _facts(proxy).items() if is_said(said[item])]
    return same_name(name, proxy.family, proxy.given) and bool(compared) and all(compared)
