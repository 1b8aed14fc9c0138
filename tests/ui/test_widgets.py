"""Each widget alone: its name for a screen reader, its keys, its ring, and plain text only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from tests.ui.looking import cut_off, has_ring, pixels
from ui.theme.theme import current
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.choice import Radio, Segmented, Tick
from ui.widgets.fields import Choose, Line
from ui.widgets.flow import Flow
from ui.widgets.icon import IconButton
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Elided, KeyValue, Label, Paragraph
from ui.widgets.ladder import Ladder, Level
from ui.widgets.line_field import LineField
from ui.widgets.notes_field import NotesField
from ui.widgets.pathway_card import PathwayCard
from ui.widgets.search_field import SearchField
from ui.widgets.spoken import Spoken
from ui.widgets.states import EmptyState, Skeleton
from ui.widgets.steps import Step, Steps
from ui.widgets.strip import Strip
from ui.widgets.toast import Toast

Shown = Callable[..., QWidget]
EVIL = '<b>bold</b> & <a href="x">link</a>'


def choices() -> Choose:
    made = Choose("Reason")
    made.set_choices([("a", "Waiting list: position"), ("b", "Appointment")])
    return made


def segments() -> Segmented:
    made = Segmented("Who is on the line", [("patient", "Patient"), ("other", "Someone else"), ("staff", "Staff")])
    made.set_value("patient")
    return made


FOCUSED: list[tuple[str, Callable[[], QWidget]]] = [
    ("Signpost, F9", lambda: Button("Signpost", icon="arrow", key="F9")),
    ("Save, Ctrl Enter", lambda: Button("Save", "primary", key="Ctrl Enter")),
    ("Show all", lambda: Button("Show all", "quiet")),
    ("Read aloud", lambda: IconButton("speak", "Read aloud")),
    ("Said", lambda: Tick("Said")),
    ("Patient", lambda: Radio("Patient")),
    ("Reason", choices),
    ("Postcode", lambda: Line("Postcode")),
    ("Where they are", lambda: Line(spoken="Where they are")),
    ("Search anyone or anything", SearchField),
]


@pytest.mark.parametrize(("name", "make"), FOCUSED, ids=[name for name, _ in FOCUSED])
def test_what_has_the_keyboard_shows_its_ring_and_says_its_name(name: str, make: Callable[[], QWidget], shown: Shown) -> None:
    other, widget = Button("Before"), make()
    window = shown(column(other, widget), 420)
    other.setFocus()
    assert not has_ring(widget)
    height, width = widget.height(), widget.width()
    QTest.keyClick(window, Qt.Key.Key_Tab)
    assert widget.hasFocus()
    assert has_ring(widget)
    assert (widget.height(), widget.width()) == (height, width)
    said = QAccessible.queryAccessibleInterface(widget)
    assert name in (said.text(QAccessible.Text.Name), said.text(QAccessible.Text.Description))


def test_a_blocked_button_says_why_and_does_nothing(shown: Shown, qtbot: Any) -> None:
    button = Button("Open status", "primary")
    button.set_blocked("One more match is needed")
    window = shown(row(button))
    acted: list[bool] = []
    button.activated.connect(lambda: acted.append(True))
    button.setFocus()
    assert button.hasFocus()
    with qtbot.waitSignal(button.refused) as refused:
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert refused.args == ["One more match is needed"]
    button.click()
    assert acted == []
    assert button.toolTip() == "One more match is needed"
    assert "One more match is needed" in button.accessibleDescription()
    button.set_blocked("")
    button.click()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert acted == [True, True]
    QTest.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert acted == [True, True]
    assert window.isVisible()


def test_a_button_is_as_wide_as_its_words_and_its_key(shown: Shown) -> None:
    button = Button("Save and finish call", "primary", icon="check", key="Ctrl Enter")
    shown(row(button, None))
    theme = current()
    assert button.width() >= theme.width_of("Save and finish call", "strong") + theme.width_of("Ctrl Enter", "key") + 50
    before = button.sizeHint().width()
    button.set_bare(True)
    assert button.sizeHint().width() == before - theme.px(26)


@pytest.mark.parametrize(
    "make",
    [Label, Elided, Paragraph, lambda text: KeyValue("Born", text), Chip, lambda text: Spoken([text]), KeyCap],
    ids=["label", "elided", "paragraph", "key value", "chip", "spoken", "key cap"],
)
def test_text_is_never_read_as_markup(make: Callable[[str], QLabel], shown: Shown) -> None:
    label = make(EVIL)
    shown(column(label), 500)
    assert EVIL in label.text()
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_paragraph_is_as_tall_as_its_words_at_every_width(shown: Shown) -> None:
    words = "Half of those who had waited as long came off the list within 22 more weeks; a quarter waited longer."
    paragraph = Paragraph(words, bold="22 more weeks")
    window = shown(column(paragraph, None), 600, 300)
    heights = []
    for width in (600, 300, 150):
        window.resize(width, 300)
        assert paragraph.height() == paragraph.heightForWidth(paragraph.width())
        heights.append(paragraph.height())
    assert heights == sorted(heights)
    assert heights[0] < heights[-1]
    assert cut_off(window) == []


def test_a_second_line_gives_way_and_keeps_its_whole_in_the_tooltip(shown: Shown) -> None:
    line = Elided("Fenmoor City Hospital · on the list, no appointment")
    window = shown(row((line, 1)), 420, 40)
    assert line.shown() == line.text()
    window.resize(120, 40)
    assert line.shown().endswith("…")
    assert line.toolTip() == line.text()


def test_the_x_of_a_chip_can_be_reached_and_pressed(shown: Shown, qtbot: Any) -> None:
    chip = Chip("Born 1950", "info", "calendar", removable=True)
    shown(row(chip, None))
    remove = chip.remove_button
    assert remove is not None
    assert remove.accessibleName() == "Remove Born 1950"
    remove.setFocus()
    with qtbot.waitSignal(chip.removed):
        QTest.keyClick(remove, Qt.Key.Key_Space)


def test_arrows_choose_among_segments_and_one_tab_passes_them(shown: Shown) -> None:
    segmented, after = segments(), Button("After")
    window = shown(row(segmented, after))
    chosen: list[str] = []
    segmented.chosen.connect(chosen.append)
    segmented.findChildren(QWidget)[0].setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    assert (segmented.value(), chosen) == ("staff", ["other", "staff"])
    assert has_ring(segmented)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_segments_chosen_by_program_say_nothing() -> None:
    segmented = segments()
    said: list[str] = []
    segmented.chosen.connect(said.append)
    segmented.set_value("other")
    assert (segmented.value(), said) == ("other", [])
    segmented.set_value("")
    assert segmented.value() == ""


def test_a_list_is_chosen_by_keyboard_and_forgets_nothing_when_refilled(shown: Shown) -> None:
    choose = choices()
    shown(row((choose, 1)), 300)
    picked: list[str] = []
    choose.picked.connect(picked.append)
    assert (choose.value(), choose.words()) == ("", "Choose one")
    choose.setFocus()
    QTest.keyClick(choose, Qt.Key.Key_Down)
    QTest.keyClick(choose, Qt.Key.Key_Down)
    assert (choose.value(), picked) == ("b", ["a", "b"])
    choose.set_choices([("b", "Appointment"), ("c", "Letter")])
    assert choose.value() == "b"
    choose.set_value("gone")
    assert choose.value() == ""


def test_a_refused_field_says_the_remedy_and_draws_a_red_line(shown: Shown) -> None:
    first, field = Button("Before"), LineField("Date of birth")
    window = shown(column(first, field, None), 300, 200)
    first.setFocus()
    field.set_text("31-Feb-1950")
    field.set_error("There is no 31st of February. Try another day.")
    assert field.line.accessibleDescription() == "Error: There is no 31st of February. Try another day."
    assert pixels(window, current().colour("bad")) > 200
    field.set_error("")
    assert pixels(window, current().colour("bad")) == 0
    assert field.line.accessibleDescription() == ""


def test_the_search_field_hands_on_what_its_keys_mean(shown: Shown, qtbot: Any) -> None:
    field = SearchField()
    shown(column(field), 700)
    field.setFocus()
    with qtbot.waitSignal(field.edited):
        QTest.keyClicks(field, "smith")
    with qtbot.waitSignal(field.asked) as asked:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert asked.args == ["smith"]
    with qtbot.waitSignal(field.left_down):
        QTest.keyClick(field, Qt.Key.Key_Down)
    with qtbot.waitSignal(field.cleared):
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_tab_leaves_the_notes_and_the_ring_is_around_them(shown: Shown, qtbot: Any) -> None:
    notes, after = NotesField("Notes"), Button("After")
    shown(column(notes, after), 320, 200)
    notes.setFocus()
    assert notes.edit.hasFocus()
    assert has_ring(notes)
    with qtbot.waitSignal(notes.edited):
        QTest.keyClicks(notes.edit, "rang before")
    QTest.keyClick(notes.edit, Qt.Key.Key_Tab)
    assert after.hasFocus()
    assert notes.text() == "rang before"


def test_notes_put_in_by_program_are_not_an_edit() -> None:
    notes = NotesField("Notes")
    edits: list[bool] = []
    notes.edited.connect(lambda: edits.append(True))
    notes.set_text("from the draft")
    assert (notes.text(), edits) == ("from the draft", [])


def test_each_sentence_has_its_own_why(shown: Shown, qtbot: Any) -> None:
    spoken = Spoken(["Your referral reached Fenmoor City on 3 March 2026.", "You have waited 37 weeks."])
    shown(column(spoken, None), 380, 300)
    assert [link.accessibleName() for link in spoken.links] == [
        "Why: Your referral reached Fenmoor City on 3 March 2026.",
        "Why: You have waited 37 weeks.",
    ]
    spoken.links[1].setFocus()
    with qtbot.waitSignal(spoken.why) as why:
        QTest.keyClick(spoken.links[1], Qt.Key.Key_Space)
    assert why.args == [1, True]
    assert all(spoken.rect().contains(link.geometry()) for link in spoken.links)
    spoken.show_sentences(["Only this."])
    assert [link.accessibleName() for link in spoken.links] == ["Why: Only this."]


def test_a_folded_pathway_opens_by_key_and_by_click(shown: Shown, qtbot: Any) -> None:
    card = PathwayCard("2")
    card.show_head("Ophthalmology", "Thornmere General", "9w", "since 17-Sep-2026", opened=False)
    shown(column(card, None), 600, 200)
    card.setFocus()
    assert has_ring(card)
    for press in (lambda: QTest.keyClick(card, Qt.Key.Key_Return), lambda: QTest.mouseClick(card, Qt.MouseButton.LeftButton)):
        with qtbot.waitSignal(card.opened):
            press()
    card.show_head("Ophthalmology", "Thornmere General", "9w", "since 17-Sep-2026", opened=True, spoken="Ophthalmology, waiting 9 weeks")
    assert card.accessibleName() == "Ophthalmology, waiting 9 weeks"
    with qtbot.assertNotEmitted(card.opened):
        QTest.keyClick(card, Qt.Key.Key_Return)


def test_the_ladder_says_what_is_reached_and_what_it_takes(shown: Shown) -> None:
    ladder = Ladder()
    levels = [
        Level("Public facts", "no check", "done"),
        Level("Status", "3 matches", "next"),
        Level("Contact details", "4 matches", "later"),
    ]
    ladder.show_levels(levels, 0.5)
    shown(column(ladder), 640)
    assert ladder.accessibleName() == "Public facts: reached, no check; Status: next, 3 matches; Contact details: not reached, 4 matches"


def test_the_steps_of_a_call_lead_to_their_place(shown: Shown, qtbot: Any) -> None:
    steps = Steps()
    assert steps.isHidden()
    steps.show_steps([Step("Who", "done"), Step("May I", "now", "2 of 3"), Step("Where")])
    shown(steps, 200, 200)
    rows = [child for child in steps.children() if isinstance(child, QWidget) and child.accessibleName()]
    assert [child.accessibleName() for child in rows] == ["Who: done", "May I: now, 2 of 3", "Where: not yet"]
    with qtbot.waitSignal(steps.step_chosen) as chosen:
        QTest.mouseClick(rows[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [1]


def test_a_strip_puts_its_action_under_the_words_when_narrow(shown: Shown, qtbot: Any) -> None:
    strip = Strip("warn", "Looks stuck: nothing for 14 weeks", "The hospital cancelled.", action="Ask hospital", key="V")
    window = shown(column(strip, None), 800, 240)
    assert strip.accessibleName() == "Looks stuck: nothing for 14 weeks The hospital cancelled."
    assert strip.button is not None
    wide = strip.height()
    window.resize(400, 240)
    qtbot.waitUntil(lambda: strip.height() > wide)
    assert cut_off(window) == []
    with qtbot.waitSignal(strip.activated):
        QTest.mouseClick(strip.button, Qt.MouseButton.LeftButton)


def test_a_quick_answer_shows_no_skeleton_and_a_slow_one_names_who_is_asked(shown: Shown, qtbot: Any) -> None:
    skeleton = Skeleton()
    shown(column(skeleton), 500)
    skeleton.start("Fenmoor City")
    assert not skeleton.revealed
    skeleton.stop()
    assert skeleton.isHidden()
    skeleton.start("Fenmoor City")
    qtbot.waitUntil(lambda: skeleton.revealed)
    assert skeleton.accessibleName() == "Asking Fenmoor City"
    qtbot.waitUntil(lambda: skeleton.words() == "Asking Fenmoor City, 1 sec", timeout=3000)


def test_an_empty_place_says_what_is_true_and_what_it_does_not_mean() -> None:
    empty = EmptyState("No future appointments", "GP Connect shows only what is still to come.")
    assert empty.accessibleName() == "No future appointments GP Connect shows only what is still to come."


def test_a_toast_waits_while_the_pointer_is_on_it(shown: Shown) -> None:
    window = shown(QWidget(), 600, 300)
    toast = Toast(window)
    toast.tell("Saved on this computer", "It goes to the team later.", "Open")
    assert toast.accessibleName() == "Saved on this computer It goes to the team later."
    assert not toast.paused
    toast.enterEvent(QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    assert toast.paused
    toast.leaveEvent(QEvent(QEvent.Type.Leave))
    assert not toast.paused


def test_what_has_no_room_goes_to_a_further_row(shown: Shown) -> None:
    flow = Flow(gap=8)
    flow.set_items([Chip(f"Need number {number}") for number in range(6)], [Chip("Checked: status", "ok")])
    window = shown(column(flow, None), 900, 300)
    wide = flow.height()
    window.resize(300, 300)
    assert flow.height() > 2 * wide
    assert cut_off(window) == []
