"""What went wrong in the database, in one sentence for the person at the desk; no detail of the driver leaves this room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, TimeoutError

from helpdesk.errors import StorageError

CANNOT_OPEN = "The desk's database cannot be opened: its key is wrong or the file is damaged. Nothing was changed."
_BUSY = "The desk's database is busy with another program, so nothing was saved. Try again."
_REFUSED = "The desk's database refused this, because it breaks a rule of the records. Nothing was saved."
_UNUSABLE = "The desk's database cannot be used at the moment. Nothing was saved."
_BY_WORDS = (
    (("not a database", "malformed", "hmac"), CANNOT_OPEN),
    (("disk is full", "no space left", "could not extend"), "The disk is full, so nothing was saved. Free some space and try again."),
    (("database is locked", "table is locked", "lock timeout", "deadlock"), _BUSY),
    (("readonly database", "read-only"), "The desk's database may not be written to, so nothing was saved."),
    (("unable to open", "disk i/o error"), "The file of the desk's database cannot be read or written. Nothing was saved."),
    (("insert only",), "What is in the record cannot be changed or taken out of it. Nothing was changed."),
    (("connection", "server closed", "could not connect"), "The desk's database cannot be reached. Try again."),
)


def in_plain_words(error: Exception) -> str:
    """The sentence for an error of the database. It is chosen, never copied, so it can hold no value of a record."""
    if isinstance(error, TimeoutError):
        return _BUSY
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    for signs, words in _BY_WORDS:
        if any(sign in said for sign in signs):
            return words
    return _REFUSED if isinstance(error, IntegrityError) else _UNUSABLE


@contextmanager
def as_storage_errors() -> Iterator[None]:
    """Turns every error of SQLAlchemy and its drivers into a StorageError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StorageError(in_plain_words(error)) from None
