"""A tiny area made by hand, and connectors on real loopback servers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.pds import stub as pds_stub
from connectors.pds.client import Pds
from connectors.pds.settings import PdsSettings
from connectors.stub_server import StubServer
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import (
    Address,
    Death,
    DeathStatus,
    Needs,
    PartialDate,
    Patient,
    PersonName,
    Phone,
    PhoneUse,
    Sensitivity,
)
from helpdesk.practice.model import Area, AreaPerson
from helpdesk.registry.contract import ConnectorContext

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class FixedClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return NOW


def number(serial: int) -> NhsNumber:
    """A valid NHS number that starts with 9, from a small serial; serials whose check digit is never issued fail."""
    nine = f"9{serial:08}"
    return NhsNumber(f"{nine}{NhsNumber.check_digit(nine)}")


_USABLE = [serial for serial in range(11, 200) if NhsNumber.check_digit(f"9{serial:08}") is not None]
JANE, RESTRICTED, V, UNFLAGGED, REDACTED, DEAD, REPORTED_DEAD, NEW, OLD, MINIMAL, BSL, WITHDRAWN, NOBODY, SMYTHE, *CROWD = map(
    number, _USABLE
)


def patient(nhs: NhsNumber, family: str = "Smith", *given: str, **held: Any) -> Patient:
    """A patient with every location field, unless told otherwise."""
    facts: dict[str, Any] = {
        "nhs_number": nhs,
        "asked_for": nhs,
        "sensitivity": Sensitivity.UNRESTRICTED,
        "source": "area",
        "as_at": NOW,
        "name": PersonName(family, given or ("Jane",), "Mrs"),
        "born": PartialDate(1950, 1, 1),
        "gender": "Female",
        "address": Address(("1 Mill Lane", "Larkmead"), "ZZ99 3CZ"),
        "phones": (Phone("07700900123", PhoneUse.MOBILE), Phone("01632960001", PhoneUse.HOME)),
        "emails": ("jane.smith@example.org",),
        "practice": OdsCode("XPR01"),
    }
    return Patient(**(facts | held))


def _people() -> tuple[AreaPerson, ...]:
    dead = Death(DeathStatus.CONFIRMED, PartialDate(2020, 5, 4))
    needs = Needs(language="BSL", interpreter=True, format="Large print", contact_method="No telephone contact", no_phone=True)
    crowd = tuple(AreaPerson(patient(n, "Crowd", "Kim", born=PartialDate(1980, 1, 1))) for n in CROWD)
    return (
        AreaPerson(patient(JANE, former_family_names=("Brown",))),
        # Unrestricted here, so that the stub holds locations which only the flag keeps back.
        AreaPerson(patient(RESTRICTED, "Hidden", "Rose"), "R"),
        AreaPerson(patient(V, "Hidden", "Violet"), "V"),
        AreaPerson(patient(UNFLAGGED, "Hidden", "Una"), ""),
        AreaPerson(patient(REDACTED, "Hidden", "Ruth"), "REDACTED"),
        AreaPerson(patient(DEAD, "Gone", "Ada", death=dead)),
        AreaPerson(patient(REPORTED_DEAD, "Gone", "Bea", death=Death(DeathStatus.REPORTED))),
        AreaPerson(patient(NEW, "Newman", "Nell"), replaces=(OLD,)),
        AreaPerson(Patient(MINIMAL, MINIMAL, Sensitivity.UNRESTRICTED, "area", NOW)),
        AreaPerson(patient(BSL, "Sign", "Sam", needs=needs)),
        AreaPerson(patient(WITHDRAWN, "Withdrawn"), faults={"pds": "invalidated"}),
        AreaPerson(patient(SMYTHE, "Smythe", "Jane", born=PartialDate(1950, 6, 30))),
        *crowd,
    )


@pytest.fixture(scope="session")
def area() -> Area:
    return Area(1, date(2026, 11, 21), _people(), (), (), (), {}, ())


@pytest.fixture
def context() -> ConnectorContext:
    return ConnectorContext("pds", "PDS", "XICB", FixedClock(), lambda _name: "")


@pytest.fixture
def stub(area: Area) -> Iterator[StubServer]:
    server = pds_stub.serve(area)
    yield server
    server.stop()


@pytest.fixture
def pds_at(context: ConnectorContext) -> Callable[..., Pds]:
    """A PDS connector on that address."""

    def make(address: str, **settings: Any) -> Pds:
        return Pds(PdsSettings(base_url=address, **settings), context)

    return make


@pytest.fixture
def pds(stub: StubServer, pds_at: Callable[..., Pds]) -> Pds:
    return pds_at(stub.address)


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger of the process at its most talkative, as a support engineer might set them."""
    for name in ("", "urllib3", "urllib3.connectionpool", "requests", "connectors"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog
