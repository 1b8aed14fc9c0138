"""The wording of this desk: what came with the program, and the signed versions that its configuration names."""

from __future__ import annotations

from helpdesk.desk.wording import DeskWording
from helpdesk.errors import RuleBroken
from helpdesk.pathways.signed_wording import read_signed
from helpdesk.pathways.versions import Wording, Wordings, shipped
from helpdesk.settings import Settings
from helpdesk.start import Start

_LARGEST = 2_000_000


def wording_of(settings: Settings, start: Start) -> DeskWording:
    """A version that cannot be taken does not keep the desk from opening: what is wrong with it is said where the words
    would be."""
    return DeskWording(_wordings(settings, start), start.live, settings.desk.phone, settings.telephones)


def _wordings(settings: Settings, start: Start) -> Wordings:
    signed: list[Wording] = []
    trouble = ""
    for name in settings.desk.wording:
        try:
            signed.append(_read(name, start))
        except RuleBroken as error:
            trouble = trouble or error.message
    return shipped().and_signed(signed, trouble)


def _read(name: str, start: Start) -> Wording:
    """A file beside the configuration, unless the whole path is given."""
    path = (start.config.parent if start.config is not None else start.folder) / name
    try:
        if path.stat().st_size > _LARGEST:
            raise RuleBroken("The wording file is too large.", field="wording")
        return read_signed(path.read_text(encoding="utf-8"))
    except OSError:
        raise RuleBroken("The wording file that the configuration names cannot be read.", field="wording") from None
    except UnicodeDecodeError:
        raise RuleBroken("The wording file is not UTF-8.", field="wording") from None
