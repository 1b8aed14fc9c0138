"""Which addresses a connector may be given, and which of them may be plain."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.http_settings import HttpSettings


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8000", "http://127.9.9.9/x/", "http://[::1]:80/fhir", "http://localhost:5/", "https://127.0.0.1/"],
)
def test_loopback_may_be_plain_and_without_sign_in(address: str) -> None:
    assert HttpSettings(base_url=address).is_loopback
    assert HttpSettings(base_url=address).url("/Patient") == address.rstrip("/") + "/Patient"


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.org/fhir",
        "https://api.example.org/fhir",
        "http://localhost.example.org/",
        "http://127.0.0.1.example.org/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://user:word@127.0.0.1/",
        "http://127.0.0.1/?a=b",
        "http://127.0.0.1/?",
        "http://127.0.0.1/#x",
        "http://127.0.0.1\\@example.org/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1 /",
        "ftp://127.0.0.1/",
        "127.0.0.1:80",
        "http:///x",
        "",
    ],
)
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        HttpSettings(base_url=address)


def test_plain_http_elsewhere_is_refused_whatever_the_sign_in() -> None:
    with pytest.raises(ValidationError):
        HttpSettings(base_url="http://api.example.org/fhir", sign_in="cis2")
    assert not HttpSettings(base_url="https://api.example.org/fhir", sign_in="cis2").is_loopback
