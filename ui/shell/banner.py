"""The patient banner: who this is, in the order and words of the NHS Common User Interface, never shortened."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from helpdesk.desk.model import HIDDEN, Banner
from helpdesk.patients.model import DeathStatus
from ui.shell.banner_value import BannerValue
from ui.theme.theme import current
from ui.widgets.arrange import column, empty, row
from ui.widgets.card import Fill
from ui.widgets.chip import Chip, Tone
from ui.widgets.flow import Flow
from ui.widgets.hatched import HatchedBand
from ui.widgets.icon import Icon
from ui.widgets.label import Elided, Label

NARROW_BELOW = 1280
_MEANINGS = {
    "Born": "The date of birth, and the age today",
    "Died": "The date of death that PDS holds",
    "Age at Death": "The age on the day of death",
    "Gender": "The gender that PDS holds",
    "NHS No.": "The NHS number",
}
_CHECKS: dict[str, tuple[Tone, str]] = {"Not checked yet": ("warn", "shield"), "Break glass": ("bad", "hidden")}
_FLAG_ICONS = (("interpreter", "hand"), ("print", "large_print"), ("telephone", "phone"), ("digital", "unplugged"))


def flag_icon(flag: str) -> str:
    """The picture for a need of this person."""
    return next((icon for word, icon in _FLAG_ICONS if word in flag.casefold()), "flag")


class PatientBanner(QWidget):
    """Zone 1 says who, zone 2 how to reach them. `show_banner(None)` shows that no patient is chosen.
    Source: NHS Common User Interface, patient banner, PAB-0001 to PAB-0076."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._values: list[BannerValue] = []
        self._shown: Banner | None = None
        self._narrow = False
        self._before: QWidget | None = None
        self.setAccessibleName("Patient")
        self.show_nobody()

    @property
    def shown(self) -> Banner | None:
        """Whose banner stands here."""
        return self._shown

    @property
    def values(self) -> tuple[BannerValue, ...]:
        """The focus stops, in their order."""
        return tuple(self._values)

    def show_nobody(self, fact: str = "No patient chosen", sentence: str = "No record is open.") -> None:
        self._clear()
        bar = Fill("card", bottom="edge")
        row(Icon("person"), Label(fact, "heading"), (Elided(sentence), 1), gap=10, around=(0, 24), into=bar)
        bar.setFixedHeight(current().px(44))
        self._box.addWidget(bar)

    def follow(self, before: QWidget) -> None:
        """Tab comes here from `before`."""
        self._before = before

    def show_banner(self, banner: Banner | None) -> None:
        if banner is None:
            self.show_nobody()
            return
        self._clear()
        self._shown = banner
        self._box.addWidget(self._zone_1(banner))
        self._box.addWidget(self._zone_2(banner))
        stops = ([self._before] if self._before is not None else []) + self._values
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the flags stand in zone 2, so that zone 1 stays one row where it can."""
        super().resizeEvent(event)
        narrow = self.width() / current().scale < NARROW_BELOW
        if narrow != self._narrow:
            self._narrow = narrow
            if self._shown is not None:
                self.show_banner(self._shown)

    def _clear(self) -> None:
        self._values = []
        self._shown = None
        empty(self._box)

    def _value(self, label: str, value: str, small: bool = False) -> BannerValue:
        made = BannerValue(label, value, style="small_medium" if small else "heading", meaning=_MEANINGS.get(label, ""))
        self._values.append(made)
        return made

    def _zone_1(self, banner: Banner) -> QWidget:
        name = BannerValue("", banner.name, style="name")
        self._values.append(name)
        identity: list[QWidget] = [
            name,
            self._born(banner),
            self._value("Gender", banner.gender),
            self._value("NHS No.", banner.nhs_number),
        ]
        chips = [] if self._narrow else _flags(banner, 28)
        if banner.restricted:
            chips.append(Chip("Restricted", "neutral", "lock", height=28, bold=True))
        tone, icon = _CHECKS.get(banner.checked, ("ok", "shield_done"))
        chips.append(Chip(banner.checked, tone, icon, height=28, bold=True))
        flow = Flow(gap=24, line_gap=4, around=(6, 16, 6, 20), least=56)
        if banner.death is not None:
            identity = [_Plate(item) for item in identity]
        flow.set_items(identity, chips)
        if banner.death is not None:
            return _over(HatchedBand("deceased", "deceased_line", edge="deceased_edge"), flow)
        return _over(Fill("banner", left="banner_edge"), flow)

    def _born(self, banner: Banner) -> QWidget:
        """The birth; for someone who has died, the death below it."""
        born = self._value("Born", banner.born)
        if banner.death is None:
            return born
        day = banner.death.day.shown if banner.death.day else ""
        words = day if banner.death.status is DeathStatus.CONFIRMED else f"{day or 'date not known'} (reported)"
        hidden = HIDDEN in banner.born
        died = self._value("Died", words)
        ages = [self._value("Age at Death", banner.age_at_death)] if banner.age_at_death and not hidden else []
        return column(row(born, None, gap=0), row(died, *ages, None, gap=12), gap=0)

    def _zone_2(self, banner: Banner) -> QWidget:
        flow = Flow(gap=16, line_gap=0, around=(2, 16, 2, 20), least=32)
        if banner.restricted:
            told = row(
                Icon("lock", "text2", 16), Label("No address, phone or practice is shown for a restricted person", "small", "text2"), gap=6
            )
            items: list[QWidget] = [told]
        else:
            items = [
                self._value("Address", banner.address, small=True),
                self._value("Phone and email", banner.contact, small=True),
                self._value("Practice", banner.practice, small=True),
            ]
            if any(HIDDEN in value for value in (banner.address, banner.contact, banner.practice)):
                items.append(row(Icon("lock", "text2", 16), Label("opens at Contact details", "small", "text2"), gap=6))
        if self._narrow:
            items[:0] = _flags(banner, 24)
        if banner.contact_by:
            items.append(self._value("Contact by", banner.contact_by, small=True))
        flow.set_items(items)
        return _over(Fill("banner2", bottom="edge", left="deceased_edge" if banner.death else "banner_edge"), flow)


def _flags(banner: Banner, height: int) -> list[QWidget]:
    return [Chip(flag, "plain", flag_icon(flag), height=height, bold=True) for flag in banner.flags]


def _over(ground: QWidget, content: QWidget) -> QWidget:
    box = QVBoxLayout(ground)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(content)
    return ground


class _Plate(Fill):
    """A clear plate under words, so that a hatched ground does not run through them."""

    def __init__(self, content: QWidget) -> None:
        super().__init__("deceased")
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 0, 4, 0)
        box.addWidget(content)
