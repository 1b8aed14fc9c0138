"""Which systems behind a portal did not answer: a 207 says so, and so may any outcome among what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from connectors.fhir import Extension, Piece, extensions, read
from connectors.text import plain

_FAILED = frozenset({"timeout", "structure", "transient", "exception"})
"""Source: Patient Care Aggregator v3.11, OperationOutcome; "business-rule" tells of what is left out on purpose."""
_UNNAMED = "one of the systems behind it"


class _Issue(Piece):
    severity: str
    code: str
    extension: list[Extension] = Field(default_factory=list)


class _Outcome(Piece):
    issue: list[_Issue] = Field(default_factory=list)


def failed_sources(outcomes: Iterable[dict[str, Any]], *, partial: bool, names: Mapping[str, str], label: str) -> tuple[str, ...]:
    """Each source that failed, by its name at the desk or its own. `partial`: the status was 207, so
    that there is at least one; an outcome that says nothing is one too."""
    told = [read(_Outcome, outcome, label).issue for outcome in outcomes]
    issues = [issue for outcome in told for issue in outcome]
    failed = [i for i in issues if i.severity in ("error", "fatal") or (i.severity == "warning" and i.code in _FAILED)]
    named = dict.fromkeys(_name(issue, names) for issue in failed)
    return tuple(named) or ((_UNNAMED,) if partial or not all(told) else ())


def _name(issue: _Issue, names: Mapping[str, str]) -> str:
    """From ExtensionErrorSource; some published answers write the source into the code of another extension."""
    said = [*extensions(issue.extension, "ExtensionErrorSource"), *issue.extension]
    code = next((plain(e.value_code) for e in said if e.value_code), "")
    return names.get(code, code) or _UNNAMED
