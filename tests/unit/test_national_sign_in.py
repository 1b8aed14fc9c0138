"""The national sign-in at the desk: nobody is signed in without its row on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpdesk.audit import AuditAction, AuditEvent
from helpdesk.composition.national import Smartcard
from helpdesk.errors import StorageError


class Identity:
    role_id = "555000000001"
    signed_in = False

    def id_token(self) -> str:
        return "token"

    def sign_in(self, cancelled: Callable[[], bool]) -> None:
        self.signed_in = not cancelled()

    def sign_out(self) -> None:
        self.signed_in = False


class Trail:
    def __init__(self, *, fails: bool) -> None:
        self.fails = fails
        self.events: list[AuditEvent] = []

    def record(self, event: AuditEvent) -> None:
        if self.fails:
            raise StorageError("The disk is full.")
        self.events.append(event)


def test_a_sign_in_that_cannot_be_written_down_is_none() -> None:
    identity = Identity()
    with pytest.raises(StorageError):
        Smartcard(identity, Trail(fails=True)).sign_in(lambda: False)
    assert not identity.signed_in


def test_a_sign_in_is_on_record_without_the_role() -> None:
    identity, trail = Identity(), Trail(fails=False)
    Smartcard(identity, trail).sign_in(lambda: False)
    assert identity.signed_in
    assert [(e.action, e.details) for e in trail.events] == [(AuditAction.SIGN_IN, {"role": "given"})]
