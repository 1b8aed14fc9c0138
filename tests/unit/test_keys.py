"""The table of keys."""

from __future__ import annotations

import pytest

from helpdesk.errors import RuleBroken
from ui.keys import DEFAULT, Act, KeyMap


def test_every_act_has_one_key_and_no_key_two_acts() -> None:
    pressed = [k.casefold() for key in DEFAULT for k in (key.key, *key.also)]
    assert len(pressed) == len(set(pressed))
    assert {key.act for key in DEFAULT} == set(Act)


def test_a_key_can_be_changed() -> None:
    keys = KeyMap({"signpost": "F11"})
    assert keys.cap(Act.SIGNPOST) == "F11"
    assert keys.cap(Act.ADVANCE) == "Ctrl Enter"


def test_a_clash_is_refused_and_named() -> None:
    with pytest.raises(RuleBroken, match="Signpost") as refused:
        KeyMap({"signpost": "f12"})
    assert refused.value.field == "safety"


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(RuleBroken):
        KeyMap({"fly": "F11"})
