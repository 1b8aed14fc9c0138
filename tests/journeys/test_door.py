"""Who is at the desk: every coming and going is in the audit, and who takes another role leaves the former one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from helpdesk.access.model import Role
from helpdesk.composition.door import FolderDoor
from helpdesk.composition.opening import DeskFolder
from helpdesk.start import begin
from helpdesk.storage.database import Database
from tests.journeys.conftest import Sandbox


def acts(database: Database) -> list[tuple[str, str]]:
    with database.read() as transaction:
        rows = transaction.execute(text("select action, role from audit where action like 'sign%' order by at, seq"))
        return [(action, role) for action, role in rows]


def test_signing_in_changing_the_role_and_leaving_are_on_record(sandbox: Sandbox) -> None:
    folder = DeskFolder(begin(config=str(sandbox.config), data_dir=str(sandbox.data)))
    door = FolderDoor(folder)
    assert door.roles[0] is Role.HANDLER
    assert not door.needs_first_account
    door.enter(Role.HANDLER)
    door.enter(Role.SUPERVISOR)
    database = folder.database
    assert acts(database) == [("sign_in", "handler"), ("sign_in", "supervisor"), ("sign_out", "handler")]
    door.close()

    again = DeskFolder(begin(config=str(sandbox.config), data_dir=str(sandbox.data)))
    assert acts(again.database)[-1] == ("sign_out", "supervisor")
    again.close()


class NotedIdentity:
    """A national sign-in that notes how often it was forgotten."""

    role_id = "555254240100"
    signed_in = True

    def __init__(self) -> None:
        self.forgotten = 0

    def id_token(self) -> str:
        return "made for whoever is at the desk"

    def sign_in(self, cancelled: Callable[[], bool]) -> None:
        self.signed_in = True

    def sign_out(self) -> None:
        self.forgotten += 1
        self.signed_in = False


def test_somebody_else_at_the_desk_is_not_signed_in_nationally(sandbox: Sandbox) -> None:
    folder = DeskFolder(begin(config=str(sandbox.config), data_dir=str(sandbox.data)))
    door = FolderDoor(folder)
    identity = folder.identity = NotedIdentity()
    door.enter(Role.HANDLER)
    assert not identity.signed_in
    identity.sign_in(lambda: False)
    door.enter(Role.SUPERVISOR)
    assert not identity.signed_in
    assert identity.forgotten == 2
    door.close()
