"""Takes in what providers and practices sent: the watched folders and the mailboxes, in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpdesk.desk.mailbox_intake import MailboxIntake
from helpdesk.desk.taking import Taken, Taking
from helpdesk.desk.watched_folder import WatchedFolder
from helpdesk.tasks import pause


def never() -> bool:
    return False


class Intake:
    """Used by one thread at a time, and by one process at a time: whoever runs it holds the folder's intake lock."""

    def __init__(self, folders: Sequence[WatchedFolder], mailboxes: Sequence[MailboxIntake], taking: Taking) -> None:
        self._folders = folders
        self._mailboxes = mailboxes
        self._taking = taking

    @property
    def idle(self) -> bool:
        """Whether there is nothing that could ever be taken."""
        return not self._folders and not self._mailboxes

    @property
    def unreadable(self) -> int:
        """How many messages lie in mailboxes that cannot be read."""
        return sum(box.unreadable for box in self._mailboxes)

    @property
    def changing(self) -> bool:
        return any(folder.changing for folder in self._folders)

    def pass_once(self, cancelled: Callable[[], bool] = never, *, now: bool = False) -> list[Taken]:
        """One look everywhere; `now`, also into a mailbox whose time has not come. Raises StorageError."""
        made = [one for folder in self._folders for one in folder.pass_once(self._taking, cancelled)]
        return made + [one for box in self._mailboxes for one in box.pass_once(self._taking, cancelled, now=now)]

    def take_once(self) -> list[Taken]:
        """All there is now, with one wait for what may still be changing. Raises StorageError."""
        made = self.pass_once(now=True)
        if self.changing and pause(max(folder.settle_s for folder in self._folders if folder.changing)):
            made += [one for folder in self._folders for one in folder.pass_once(self._taking, never)]
        return made
