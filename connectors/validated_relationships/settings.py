"""What an instance of the proxy service can be told."""

from __future__ import annotations

from connectors.http_settings import HttpSettings


class ValidatedRelationshipsSettings(HttpSettings):
    """It needs no more than every service over HTTP: `base_url` ends in /validated-relationships/FHIR/R4."""
