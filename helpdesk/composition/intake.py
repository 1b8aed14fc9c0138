"""Files are taken in behind the open desk."""

from __future__ import annotations

import logging
import threading

from helpdesk.composition.services import Services
from helpdesk.desk.intake import Intake
from helpdesk.errors import RuleBroken, StorageError

_log = logging.getLogger(__name__)
_LOOK_S = 5.0
_LOCK_S = 30.0


def watch_for_files(services: Services, stop: threading.Event) -> None:
    """Until it is told to stop. A command that takes files in meanwhile is let finish."""
    while not stop.is_set():
        try:
            with services.intake() as intake:
                if intake.idle:
                    return
                _watch(intake, stop)
        except RuleBroken:
            stop.wait(_LOCK_S)


def _watch(intake: Intake, stop: threading.Event) -> None:
    said = ""
    while True:
        try:
            intake.pass_once(stop.is_set)
            said = ""
        except StorageError as error:
            if error.message != said:
                _log.warning("Files are not taken in: %s", error.message)
            said = error.message
        if stop.wait(_LOOK_S):
            return
