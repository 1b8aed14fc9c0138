"""Links to other systems: only where they may lead, the number on no command line, each address good once."""

from __future__ import annotations

import socket
import threading
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from connectors.deep_link import connect
from connectors.deep_link.handover import hand_over
from connectors.deep_link.settings import DeepLinkSettings
from helpdesk.errors import ConnectorRejected
from helpdesk.identifiers import NhsNumber
from helpdesk.registry.contract import ConnectorContext

NUMBER = NhsNumber("9000000009")
GOOD: dict[str, Any] = {
    "url": "https://record.example.org/open?patient={nhs_number}",
    "host": "record.example.org",
    "context": "nhs_number",
    "agreement": "Data sharing agreement 12",
}


def got(address: str, path: str = "") -> tuple[int, str]:
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    connection.request("GET", path or parts.path)
    reply = connection.getresponse()
    reply.read()
    connection.close()
    return reply.status, reply.headers.get("Location", "")


def leads_on(address: str) -> bool:
    try:
        return got(address)[0] == 302
    except OSError:
        return False


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://record.example.org/open?patient={nhs_number}"},
        {"url": "https://other.example.org/open?patient={nhs_number}"},
        {"url": "https://record.example.org.evil.example/open?patient={nhs_number}"},
        {"url": "https://record.example.org@evil.example/?patient={nhs_number}"},
        {"url": "https://{nhs_number}.example.org/"},
        {"url": "https://record.example.org/open#{nhs_number}"},
        {"url": "https://record.example.org/open?who={name}&patient={nhs_number}"},
        {"url": "https://record.example.org/open"},
        {"url": "https://record.example.org/o pen?patient={nhs_number}"},
        {"url": "javascript:alert({nhs_number})"},
        {"context": "none"},
        {"agreement": " "},
        {"host": "https://record.example.org"},
    ],
)
def test_an_address_that_leads_elsewhere_or_tells_too_much_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DeepLinkSettings(**(GOOD | wrong))


def test_without_a_patient_the_address_is_as_it_was_set(context: ConnectorContext) -> None:
    link = connect(DeepLinkSettings(url="https://app.example.org/", host="app.example.org"), context)
    assert not link.tells_patient
    assert link.address(NUMBER) == "https://app.example.org/"


def test_the_number_is_not_in_what_the_browser_is_started_with_and_the_address_is_good_once(context: ConnectorContext) -> None:
    link = connect(DeepLinkSettings(**GOOD), context)
    address = link.address(NUMBER)
    assert NUMBER.value not in address
    assert urlsplit(address).hostname == "127.0.0.1"
    assert got(address) == (302, f"https://record.example.org/open?patient={NUMBER.value}")
    assert not leads_on(address)


def test_a_wrong_guess_leads_nowhere_and_does_not_use_it_up(context: ConnectorContext) -> None:
    address = connect(DeepLinkSettings(**GOOD), context).address(NUMBER)
    assert got(address, "/favicon.ico") == (404, "")
    assert got(address)[0] == 302


def test_it_ends_by_itself_when_nobody_comes() -> None:
    address = hand_over("https://record.example.org/", lasts_s=0.0)
    for thread in [t for t in threading.enumerate() if t.name == "handover"]:
        thread.join(5)
    assert not leads_on(address)


def test_a_link_that_tells_the_patient_needs_one(context: ConnectorContext) -> None:
    with pytest.raises(ConnectorRejected):
        connect(DeepLinkSettings(**GOOD), context).address(None)


def test_it_can_be_reached_from_this_computer_alone() -> None:
    port = urlsplit(hand_over("https://record.example.org/", lasts_s=5)).port or 0
    # another address of this very computer: whoever listened on all of them would be there too
    with socket.socket() as other:
        other.settimeout(2)
        assert other.connect_ex(("127.0.0.2", port)) != 0
