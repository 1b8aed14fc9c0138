"""Extracts from a folder: persons, and open pathways in the shape of the Waiting List Minimum Data Set."""

from __future__ import annotations

from connectors.waiting_list_extract.reader import ExtractFiles
from connectors.waiting_list_extract.settings import ExtractSettings
from helpdesk.registry.contract import ConnectorContext


def connect(settings: ExtractSettings, context: ConnectorContext) -> ExtractFiles:
    return ExtractFiles(settings, context)
