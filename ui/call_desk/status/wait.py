"""How long people in the same place usually waited on, under a pathway: the words first, the bar, and how the figure did before."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from helpdesk.waits.model import BackTest, WaitAnswer, WaitRange
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.label import Paragraph
from ui.widgets.range_bar import Range, RangeBar

NO_PROMISE = "Not a date or a promise"
HOW_IT_DID = "How did this figure do?"


class WaitRow(QWidget):
    """One answer. Where there is no figure it says why; the back-test is one press away."""

    def __init__(self, answer: WaitAnswer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if answer.range is None:
            column(Paragraph(answer.why_not, "caption", "text2"), gap=0, into=self)
            return
        shown = answer.range
        self._told = Paragraph(_back_test(shown.back_test), "caption", "text2")
        self._told.hide()
        self.how = Button(HOW_IT_DID, "quiet", height=24)
        self.how.activated.connect(lambda: self._told.setVisible(not self._told.isVisibleTo(self)))
        bar = RangeBar(Range(shown.half_within_weeks, shown.three_quarters_within_weeks, shown.quarter_within_weeks))
        words = Paragraph(sentence(shown), "small", bold=f"{shown.half_within_weeks} more weeks")
        based = Paragraph(f"{NO_PROMISE} · {shown.based_on}", "caption", "text2")
        told = column(words, based, row(self.how, None, gap=0), self._told, gap=2)
        row(bar, (told, 1), gap=16, centred=False, into=self)


def sentence(shown: WaitRange) -> str:
    """For the one who looks; what is said to the caller stands with the other words."""
    return (
        f"Half of those who had waited as long came off the list within {shown.half_within_weeks} more weeks; "
        f"a quarter waited longer than {shown.three_quarters_within_weeks}."
    )


def spoken(answer: WaitAnswer) -> str:
    """For a screen reader, without a full stop."""
    if answer.range is None:
        return answer.why_not.rstrip(".")
    return f"{sentence(answer.range)} {NO_PROMISE}"


def _back_test(test: BackTest | None) -> str:
    if test is None:
        return "It has not been tried on earlier months yet."
    share = f"{round(test.inside * 100)} of 100"
    return f"Tried on {test.months} months that are over: {share} people came off the list within the range ({test.people:,} people)."
