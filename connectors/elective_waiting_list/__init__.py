"""The Elective Waiting List API: a person's entries in the national Waiting List Minimum Data Set."""

from __future__ import annotations

from connectors.elective_waiting_list.client import ElectiveWaitingList
from connectors.elective_waiting_list.settings import ElectiveWaitingListSettings
from helpdesk.pathways.ports import HospitalActivity
from helpdesk.registry.contract import ConnectorContext


def connect(settings: ElectiveWaitingListSettings, context: ConnectorContext) -> HospitalActivity:
    """The hospital activity port over the national list. Nothing is asked until somebody asks."""
    return ElectiveWaitingList(settings, context)
