"""PDS records as they never should come: each is an unavailable source, and nothing of it is shown or told."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.pds.client import Pds
from connectors.pds.mapping import patient_of
from helpdesk.errors import ConnectorUnavailable
from tests.connectors.tiny_area import JANE, NEW, NOW, record

HOSTILE: dict[str, Any] = {
    "an array": [],
    "null": None,
    "a text": "Patient",
    "a Bundle": {"resourceType": "Bundle", "total": 0},
    "another resource": record(resourceType="Practitioner"),
    "no id": record(id=None),
    "an id that is no NHS number": record(id="9000000000"),
    "an id with digits of another alphabet": record(id="٩٠٠٠٠٠٠٠٠٩"),
    "an id that climbs": record(id="../9000000009"),
    "an id that is a number": record(id=int(str(JANE))),
    "an identifier of somebody else": record(identifier=[{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": str(NEW)}]),
    "names that are no list": record(name={"family": "Smith"}),
    "a null name": record(name=[None]),
    "a family name that is a list": record(name=[{"family": ["Smith"]}]),
    "given that is a text": record(name=[{"given": "Jane"}]),
    "meta that is a text": record(meta="U"),
    "a flag that is a text": record(meta={"security": "U"}),
    "a flag that is a number": record(meta={"security": [{"code": 1}]}),
    "a birth date of another form": record(birthDate="01/01/1950"),
    "a birth date that is no date": record(birthDate="1950-13-01"),
    "a birth date of another alphabet": record(birthDate="١٩٥٠"),
    "a birth year 0": record(birthDate="0000"),
    "a birth date with endless digits": record(birthDate="1950-" + "1" * 5000),
    "a date of death that is no date": record(deceasedDateTime="soon"),
    "deceased that is a text": record(deceasedBoolean="true"),
    "extensions that are no list": record(extension={"url": "x"}),
    "an extension without a url": record(extension=[{"valueString": "x"}]),
    "an address that is a text": record(address=["1 Mill Lane"]),
    "a practice that is a text": record(generalPractitioner="XPR01"),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_wrong_shape_is_an_unavailable_source(
    body: Any, replies: Callable[..., Any], pds_at: Callable[..., Pds], everything_logged: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ConnectorUnavailable) as caught:
        pds_at(replies(b"null" if body is None else body).address).get(JANE)
    assert caught.value.__context__ is None
    assert str(JANE) not in caught.value.message + everything_logged.text


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["U", "usual", "1950", "home", str(JANE)]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["use", "family", "given", "period", "start", "url", "extension", "coding", "code", "value"]), inner
        )
    ),
    max_leaves=12,
)
_FIELDS = [
    "id",
    "meta",
    "identifier",
    "name",
    "gender",
    "birthDate",
    "deceasedDateTime",
    "address",
    "telecom",
    "generalPractitioner",
    "extension",
]


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=4))
def test_anything_is_a_patient_or_an_unavailable_source(fields: dict[str, Any]) -> None:
    body = record() | copy.deepcopy(fields)
    error: ConnectorUnavailable | None = None
    try:
        person = patient_of(body, asked_for=JANE, source="pds", label="PDS", at=NOW)
    except ConnectorUnavailable as unavailable:
        error = unavailable
    else:
        assert person.restricted or [label["code"] for label in body["meta"]["security"]] == ["U"]
    assert error is None or error.__context__ is None
