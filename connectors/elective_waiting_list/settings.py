"""What an Elective Waiting List instance can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from connectors.http_settings import HttpSettings

WEEK_AND_THREE_DAYS_H = 240


class ElectiveWaitingListSettings(HttpSettings):
    """`base_url` ends in /elective-waiting-list. The list is counted once a week, so it is older than other sources."""

    form: Literal["path", "query"] = Field(
        default="path",
        title="Form of the address",
        description='Where the NHS number goes: "path" as the specification\'s table has it, "query" as the example in its text has it',
    )
    stale_after_hours: float = Field(
        default=WEEK_AND_THREE_DAYS_H, gt=0, title="Stale after (hours)", description="Counted from the week-ending date of the list"
    )
