"""Puts the program together: the window and the command line both come here, and nothing else composes."""

from helpdesk.composition.commands import open_for_command
from helpdesk.composition.door import open_door
from helpdesk.composition.sources import extract_reader
from helpdesk.composition.staff_changes import Asking, add_staff, disable_staff

__all__ = ["Asking", "add_staff", "disable_staff", "extract_reader", "open_door", "open_for_command"]
