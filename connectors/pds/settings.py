"""What a PDS instance can be told."""

from __future__ import annotations

from connectors.http_settings import HttpSettings


class PdsSettings(HttpSettings):
    """PDS needs no more than every service over HTTP: `base_url` ends in /personal-demographics/FHIR/R4."""
