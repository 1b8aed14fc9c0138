"""Cards: complete, with a way that needs no screen, and neutral where somebody else may read them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk.errors import RuleBroken
from helpdesk.pathways.reference import is_sensitive, treatment_functions
from helpdesk.signposting.cards import LONGEST_SMS, built_in_cards, load_cards, read_card
from helpdesk.signposting.model import Card, Channel
from helpdesk.signposting.service import ContactNeeds, channels_for, mark, message_text, offer, refuse_unsigned

CARDS = load_cards(built_in_cards())
CARD = next(c for c in CARDS if c.id == "hip-and-knee")
GOOD = """+++
id = "a"
version = "1"
title = "A"
summary = "Something"
email_subject = "The information you asked for"

[[twins]]
kind = "phone"
text = "0808 157 0101"
+++

## sms

Hello.

## letter

# A

A longer text.
"""
TELLS_TOO_MUCH = re.compile(
    r"hip|knee|eye|sight|pain|mood|mental|carer|pharm|interpret|complain|operation|surger|clinic|hospital|appointment|wait(ing|ed)? list",
    re.IGNORECASE,
)


def fit(needs: ContactNeeds, channel: Channel, card: Card = CARD) -> tuple[bool, str]:
    return next((allowed, why) for c, allowed, why in channels_for(card, needs) if c is channel)


@pytest.mark.parametrize("card", CARDS, ids=lambda c: c.id)
def test_every_card_is_complete(card: Card) -> None:
    assert set(card.texts) == set(Channel)
    assert card.twins
    assert card.sign_off == "none"
    assert card.review is not None
    assert card.owner
    assert card.source == f"content:{card.id}@{card.version}"
    assert set(card.treatment_functions) <= set(treatment_functions())


@pytest.mark.parametrize("card", CARDS, ids=lambda c: c.id)
def test_what_may_be_read_on_a_locked_screen_tells_nothing(card: Card) -> None:
    for open_to_others in (card.texts[Channel.SMS], card.texts[Channel.APP], card.texts[Channel.EMAIL], card.email_subject):
        assert not TELLS_TOO_MUCH.search(open_to_others), open_to_others
        assert not is_sensitive(open_to_others)
        assert card.title not in open_to_others


@pytest.mark.parametrize("card", CARDS, ids=lambda c: c.id)
def test_every_text_gives_a_number_and_only_invented_ones(card: Card) -> None:
    for channel, text in card.texts.items():
        assert re.search(r"0808 157 0\d{3}", text), channel
        left = re.sub(r"0808 157 0\d{3}\b|\b(?:111|999|18001)\b|example\.org/w/\d{3}\b", "", text)
        assert not re.search(r"\d{3,}", left), left
        assert "http" not in text
        assert len(card.texts[Channel.SMS]) <= 160


@pytest.mark.parametrize("card", CARDS, ids=lambda c: c.id)
def test_a_letter_and_what_is_read_aloud_end_with_where_to_get_help_soon(card: Card) -> None:
    for channel in (Channel.LETTER, Channel.READ_ALOUD):
        assert "ring 111" in card.texts[channel]
        assert "ring 999" in card.texts[channel]
        assert not re.search(r"you qualify|you are entitled|cancer|urgent", card.texts[channel], re.IGNORECASE)


def test_there_are_cards_for_what_callers_ask_most() -> None:
    assert len(CARDS) >= 10
    assert {"keeping-well-while-you-wait", "hip-and-knee", "getting-worse-while-you-wait", "comments-and-complaints"} <= {
        c.id for c in CARDS
    }


def test_a_card_is_read_as_written() -> None:
    card = read_card("a.md", GOOD)
    assert (card.id, card.version, card.title, card.sign_off) == ("a", "1", "A", "none")
    assert card.texts == {Channel.SMS: "Hello.", Channel.LETTER: "# A\n\nA longer text."}
    assert card.twins[0].text == "0808 157 0101"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (GOOD[GOOD.index("[[twins]]") : GOOD.index("+++\n\n##")], "", "twin"),
        ('text = "0808 157 0101"', 'text = ""', "twin"),
        ('id = "a"', "", "no id"),
        ('id = "a"', 'id = " "', "no id"),
        ('version = "1"', "", "no version"),
        ('version = "1"', "version = 1", "no version"),
        ('title = "A"', "", "no title"),
        ("Hello.", "x" * (LONGEST_SMS + 1), "longer than 918"),
        ("Hello.", "", "empty section"),
        ("## sms", "## fax", "no channel fax"),
        ("## letter", "## sms", "two sections"),
        ("## sms", "## email", "email"),
        ('title = "A"', 'title = "A', "TOML"),
        ('title = "A"', 'title = "A"\ncolour = "red"', "colour"),
        ("+++\n\n## sms", "\n\n## sms", "+++"),
        ('id = "a"', 'id = "a"\nreview = "soon"', "review"),
    ],
)
def test_a_card_that_is_not_fit_is_refused_by_the_name_of_its_file(old: str, new: str, why: str) -> None:
    assert old in GOOD
    broken = GOOD.replace(old, new, 1)
    if why == "email":
        broken = broken.replace('email_subject = "The information you asked for"', "")
    with pytest.raises(RuleBroken, match=re.escape(why)) as refused:
        read_card("bad.md", broken)
    assert "bad.md" in refused.value.message


def test_the_longest_text_message_is_accepted() -> None:
    assert len(read_card("a.md", GOOD.replace("Hello.", "x" * LONGEST_SMS)).texts[Channel.SMS]) == LONGEST_SMS


def test_one_bad_file_or_the_same_id_twice_refuses_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a card", encoding="utf-8")
    assert len(load_cards(tmp_path)) == 1
    (tmp_path / "b.md").write_text(GOOD, encoding="utf-8")
    with pytest.raises(RuleBroken, match=r"b\.md"):
        load_cards(tmp_path)


def test_cards_for_this_wait_come_first_then_those_for_everybody() -> None:
    offered = offer(CARDS, ["C_110"])
    reasons = [reason for _, reason in offered]
    assert reasons == sorted(reasons, key=["For this wait", "For anybody who is waiting", "For other waits"].index)
    assert {card.id for card, reason in offered if reason == "For this wait"} == {"hip-and-knee", "living-with-pain"}
    assert len(offered) == len(CARDS)
    assert offer(CARDS, [])[0].reason == "For anybody who is waiting"


def test_without_digital_access_only_paper_and_voice_fit() -> None:
    allowed = {c for c, ok, _ in channels_for(CARD, ContactNeeds(no_digital=True)) if ok}
    assert allowed == {Channel.LETTER, Channel.READ_ALOUD}


@pytest.mark.parametrize("language", ["BSL", "British Sign Language", "Makaton"])
def test_who_signs_is_not_read_to(language: str) -> None:
    assert fit(ContactNeeds(language=language, interpreter=True), Channel.READ_ALOUD) == (False, f"Not suitable: {language}")
    assert fit(ContactNeeds(language=language, interpreter=True), Channel.SMS)[0]


def test_the_format_that_is_needed_decides_about_the_letter() -> None:
    assert fit(ContactNeeds(format="Large print"), Channel.LETTER) == (True, "Large print, 18 point")
    assert not fit(ContactNeeds(format="Braille"), Channel.LETTER)[0]
    assert not fit(ContactNeeds(format="Audio"), Channel.LETTER)[0]


def test_no_telephone_contact_means_no_text() -> None:
    assert not fit(ContactNeeds(no_phone=True), Channel.SMS)[0]
    assert fit(ContactNeeds(no_phone=True), Channel.EMAIL)[0]


def test_the_way_they_chose_and_their_language_are_said() -> None:
    assert fit(ContactNeeds(contact_method="Letter"), Channel.LETTER) == (True, "The way they chose")
    assert fit(ContactNeeds(language="Polish", interpreter=True), Channel.LETTER) == (True, "In English only: Polish is recorded")
    assert fit(ContactNeeds(language="Polish", interpreter=True), Channel.READ_ALOUD) == (True, "Through the Polish interpreter")


def test_a_channel_without_words_is_not_offered_and_has_no_text() -> None:
    bare = replace(CARD, texts={Channel.LETTER: "A letter."})
    assert fit(ContactNeeds(), Channel.SMS, bare) == (False, "This card has no words for it")
    assert message_text(bare, Channel.LETTER) == "A letter."
    with pytest.raises(RuleBroken):
        message_text(bare, Channel.SMS)


@pytest.mark.parametrize("sign_off", ["none", "", "None "])
def test_live_refuses_what_nobody_has_signed(sign_off: str) -> None:
    card = replace(CARD, sign_off=sign_off)
    for profile in ("live", "", "anything"):
        with pytest.raises(RuleBroken):
            refuse_unsigned(card, profile)
    for profile in ("practice", "sandbox"):
        refuse_unsigned(card, profile)
        assert mark(card, profile) == "sample"


def test_a_signed_card_goes_out_unmarked() -> None:
    signed = replace(CARD, sign_off="Dr A. Example, 1 November 2026")
    refuse_unsigned(signed, "live")
    assert mark(signed, "live") == ""
    assert mark(signed, "practice") == ""
