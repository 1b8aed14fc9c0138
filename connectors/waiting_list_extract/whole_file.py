"""What must hold over all rows of a file: one provider, one week, nothing twice."""

from __future__ import annotations

from datetime import date

from connectors.waiting_list_extract.fields import Fields
from connectors.waiting_list_extract.open_pathways import LOCAL, PATHWAY, PROVIDER, WEEK
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.pathways.model import ListRow


class OneList:
    """The provider and week of an open-pathways file: set by its first row, the same in every other.
    `provider` is what the file was said to be from, "" where nobody said."""

    def __init__(self, provider: str, as_at: date | None, today: date) -> None:
        self._said_provider = provider.strip().upper()
        self._said_week = as_at
        self._today = today
        self._keys: set[int] = set()
        self.provider: OdsCode | None = None
        self.week: date | None = None

    def place(self, fields: Fields) -> tuple[OdsCode, date] | None:
        """The row's provider and week; None, with the reason in the problems, where they are not those of the file."""
        provider, week = fields.ods(PROVIDER), fields.day(WEEK)
        if not fields.text(PROVIDER):
            fields.wrong(PROVIDER, "The provider is missing.")
        if not fields.text(WEEK):
            fields.wrong(WEEK, "The week-ending date is missing.")
        if provider is None or week is None:
            return None
        self._check_provider(fields, provider)
        self._check_week(fields, week)
        return provider, week

    def _check_provider(self, fields: Fields, provider: OdsCode) -> None:
        if self.provider is None:
            self.provider = provider
            if self._said_provider and provider.value != self._said_provider:
                fields.wrong(PROVIDER, "The file is from another provider than the one it was said to be from.")
        elif provider != self.provider:
            fields.wrong(PROVIDER, "The file holds rows of more than one provider.")

    def _check_week(self, fields: Fields, week: date) -> None:
        if self.week is None:
            self.week = week
            if week > self._today:
                fields.wrong(WEEK, "The week-ending date is in the future.")
            if self._said_week and week != self._said_week:
                fields.wrong(WEEK, "The file is for another week than the one it was said to be for.")
        elif week != self.week:
            fields.wrong(WEEK, "The file holds rows of more than one week.")

    def check_once(self, fields: Fields, row: ListRow) -> None:
        """Reports a pathway that stands in the file twice, by its identifier or, without one, by its local facts."""
        if row.pathway_id is not None:
            key, column = hash(row.pathway_id), PATHWAY
        else:
            facts = (row.nhs_number, row.local_patient_id, row.treatment_function, row.referral_received, row.clock_start)
            key, column = hash(facts), LOCAL
        if key in self._keys:
            fields.wrong(column, "The same pathway stands in the file twice.")
        self._keys.add(key)


class EachOnce:
    """Every person stands in a persons file once."""

    def __init__(self) -> None:
        self._numbers: set[int] = set()

    def check_once(self, fields: Fields, number: NhsNumber) -> None:
        key = int(number.value)
        if key in self._numbers:
            fields.wrong("nhs_number", "The same NHS number stands in the file twice.")
        self._numbers.add(key)
