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


@pytest.mark.parametrize(
    ("missing", "settings"),
    [
        ("token_url", {"sign_in": "signed_jwt", "key_id": "k"}),
        ("key_id", {"sign_in": "signed_jwt", "token_url": "https://example.org/token"}),
        ("client_id", {"sign_in": "smart", "key_id": "k", "scope": "s"}),
        ("key_id", {"sign_in": "smart", "client_id": "c", "scope": "s"}),
        ("scope", {"sign_in": "smart", "client_id": "c", "key_id": "k"}),
    ],
)
def test_what_a_sign_in_needs_is_named(missing: str, settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=f"{missing} must be set"):
        HttpSettings.model_validate({"base_url": "https://api.example.org/fhir", **settings})


def test_the_platform_s_own_token_address_need_not_be_written() -> None:
    settings = HttpSettings(base_url="https://int.api.service.nhs.uk/ods/FHIR/R4", sign_in="signed_jwt", key_id="k")
    assert settings.token_address == "https://int.api.service.nhs.uk/oauth2/token"
    elsewhere = "https://api.service.nhs.uk.example.org/x"
    with pytest.raises(ValidationError, match="token_url"):
        HttpSettings(base_url=elsewhere, sign_in="signed_jwt", key_id="k")


def test_a_token_address_is_kept_as_it_was_written_and_is_protected() -> None:
    written = "https://API.example.org:443/oauth2/token/"
    settings = HttpSettings(base_url="http://127.0.0.1:1", sign_in="signed_jwt", key_id="k", token_url=written)
    assert settings.token_address == written
    assert settings.is_loopback
    assert not settings.stays_here
    with pytest.raises(ValidationError, match="use https"):
        HttpSettings(base_url="http://127.0.0.1:1", token_url="http://api.example.org/token")
