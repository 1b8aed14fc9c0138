"""Other systems that can be opened for this patient, and what each is told."""

from __future__ import annotations

from PySide6.QtCore import Signal

from helpdesk.desk.links import LinkOffer
from ui.widgets.arrange import row
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.flow import Flow
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, Label

TOLD = "The patient's NHS number goes along, and that is on record"
NOT_TOLD = "Opens without telling who the patient is"


class LinksCard(Card):
    """Hidden without any link. `asked(name)`."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(around=(8, 16), gap=6)
        self._buttons = Flow(gap=8)
        self.add(
            row(Icon("arrow"), Label("Other systems", "heading"), (Elided("Open in your browser, with your own sign-in there"), 1), gap=10)
        )
        self.add(self._buttons)
        self.hide()

    def show_offers(self, offers: tuple[LinkOffer, ...]) -> None:
        buttons = []
        for offer in offers:
            button = Button(f"Open {offer.label}", "quiet", icon="arrow", height=32)
            button.set_blocked(offer.why_not)
            if not offer.why_not:
                button.setToolTip(TOLD if offer.tells_patient else NOT_TOLD)
                button.setAccessibleDescription(button.toolTip())
            button.activated.connect(lambda name=offer.name: self.asked.emit(name))
            buttons.append(button)
        self._buttons.set_items(buttons)
        self.setVisible(bool(offers))
