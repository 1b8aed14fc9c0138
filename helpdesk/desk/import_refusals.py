"""How an import that changed nothing is said, to whoever began it and for the record."""

from __future__ import annotations

from helpdesk.errors import RuleBroken
from helpdesk.extracts.history import ImportOutcome
from helpdesk.extracts.model import Problem, Profile


class ExtractRefused(RuleBroken):
    """The file was not imported and nothing changed. `problems` are the first of those found, `problem_count` all; `why`
    is one word or two for the record."""

    def __init__(
        self,
        message: str,
        problems: tuple[Problem, ...] = (),
        problem_count: int = 0,
        *,
        field: str | None = "file",
        why: str = "failed",
        profile: Profile | None = None,
    ) -> None:
        super().__init__(message, field=field)
        self.problems = problems
        self.problem_count = problem_count
        self.why = why
        self.profile = profile


class ImportCancelled(RuleBroken):
    """The person who started the import stopped it; nothing changed."""


def came_of(error: BaseException) -> tuple[ImportOutcome, str, Profile | None]:
    """For the record, in a word or two."""
    if isinstance(error, ImportCancelled):
        return ImportOutcome.CANCELLED, "stopped", None
    if isinstance(error, ExtractRefused):
        return ImportOutcome.REFUSED, error.why, error.profile
    return ImportOutcome.FAILED, "failed", None


def refused(profile: Profile, message: str, why: str, *, field: str = "file") -> ExtractRefused:
    return ExtractRefused(message, profile.problems, profile.problem_count, field=field, why=why, profile=profile)


def told(profile: Profile) -> str:
    """The refusal in one sentence, with where the first problem is."""
    first = profile.problems[0]
    where = ", ".join(part for part in (f"row {first.row}" if first.row else "", first.column) if part)
    count = "one problem" if profile.problem_count == 1 else f"{profile.problem_count} problems, first"
    return f"The file was refused and nothing changed: {count} at {where or 'the file'}: {first.text}"
