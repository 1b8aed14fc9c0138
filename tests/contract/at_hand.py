"""Whether the published specifications are here, and what to say where they are not."""

from __future__ import annotations

import os
from typing import Never

import pytest

from tests.contract.service import Service
from tests.contract.specification import Specification
from tests.contract.tally import COUNTS

REQUIRED = os.environ.get("CONTRACT") == "required"
"""Set by `make contract`; everywhere else a missing specification skips."""


def specification_of(service: Service) -> Specification:
    """Skips the test where the specification is not at hand; fails it where `make contract` demands it."""
    specification = service.opened()
    if specification is not None:
        return specification
    COUNTS[service.id].note = "specification missing"
    missing(f"the published specification of {service.id} is not here: set NHS_SPECS to the folder that holds {service.specification}")


def missing(reason: str) -> Never:
    if REQUIRED:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
