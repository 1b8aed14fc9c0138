"""The one way in for JSON: every trap of Python's own reader is closed, and what is good comes through unchanged."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import json_door
from helpdesk.errors import ConnectorUnavailable

REFUSED = {
    "nothing": b"",
    "broken": b'{"resourceType": "Pati',
    "text behind it": b"{} {}",
    "a web page": b"<html></html>",
    "NaN": b'{"score": NaN}',
    "Infinity": b"[Infinity]",
    "minus Infinity": b"[-Infinity]",
    "a float beyond any": b"[1e999]",
    "a name twice": b'{"id": "9", "id": "8"}',
    "a name twice, one of them escaped": b'{"id": "9", "\\u0069d": "8"}',
    "a name twice deep inside": b'{"a": [{"b": 1, "b": 1}]}',
    "NUL escaped": b'{"family": "Sm\\u0000ith"}',
    "NUL in a name": b'{"fam\\u0000ily": 1}',
    "NUL as it is": b'{"family": "Sm\x00ith"}',
    "half a surrogate pair": b'["\\ud800"]',
    "half a surrogate pair as a name": b'{"\\udc00": 1}',
    "a whole number of 20 digits": b"[12345678901234567890]",
    "a whole number of 5,000 digits": b"[" + b"9" * 5000 + b"]",
    "deeper than 50": b"[" * 51 + b"]" * 51,
    "deeper than Python's stack": b"[" * 100_000,
    "deep objects": b'{"a":' * 60 + b"1" + b"}" * 60,
    "not UTF-8": b'["\xff"]',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED.keys())
def test_refused(raw: bytes) -> None:
    with pytest.raises(ConnectorUnavailable, match=r"^PDS sent a reply that could not be understood\.$") as caught:
        json_door.parse(raw, "PDS")
    assert caught.value.__context__ is None, "the text would be in the context"
    assert json_door.parse_if_json(raw) is None


def test_too_long_is_refused_before_it_is_parsed() -> None:
    raw = b'["' + b"a" * 100 + b'"]'
    assert json_door.parse(raw, "PDS", max_bytes=104) == ["a" * 100]
    with pytest.raises(ConnectorUnavailable):
        json_door.parse(raw, "PDS", max_bytes=103)


@pytest.mark.parametrize(
    "raw",
    [b'"' + b'\\"' * 2_000_000, b'"' * 4_000_001, b'"\\', b'["' + b"\\\\" * 2_000_000 + b'"]', b'{"a":"' * 500_000, b"[]" * 4_000_000],
    ids=range(6),
)
def test_hostile_quotes_do_not_hang_the_scan(raw: bytes) -> None:
    started = time.monotonic()
    json_door.parse_if_json(raw)
    assert time.monotonic() - started < 5


def test_brackets_in_strings_are_not_depth() -> None:
    value = {"text": "[" * 200 + '\\"{' * 60, "next": ["}"]}
    assert json_door.parse(json.dumps(value).encode(), "PDS") == value


def test_exactly_fifty_deep_is_taken() -> None:
    assert json_door.parse(b"[" * 50 + b"]" * 50, "PDS")


def test_a_whole_pair_and_a_byte_order_mark_are_taken() -> None:
    assert json_door.parse(b'\xef\xbb\xbf["\\ud83d\\ude00", "\\u00e9"]', "PDS") == ["\U0001f600", "é"]


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    # no NUL and no half pairs
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(_VALUES, st.booleans())
def test_what_is_good_comes_through_unchanged(value: object, ascii_only: bool) -> None:
    assert json_door.parse(json.dumps(value, ensure_ascii=ascii_only).encode(), "PDS") == value


@given(st.binary(max_size=200) | st.text(alphabet='[]{}":,\\u0d8tfn-1e.', max_size=60).map(str.encode))
def test_nothing_but_a_value_or_a_refusal(raw: bytes) -> None:
    try:
        json_door.parse(raw, "PDS")
    except ConnectorUnavailable:
        assert json_door.parse_if_json(raw) is None
