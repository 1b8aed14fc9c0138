"""How Alembic runs here: on the connection it is handed, never on an address of its own."""

from __future__ import annotations

from alembic import context

from helpdesk.storage import extract_records, index_records, wait_records
from helpdesk.storage.records import Record

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Record.metadata, render_as_batch=True, transactional_ddl=True, compare_type=True)
for records in (index_records.PersonRecord, extract_records.AttemptRecord, wait_records.WaitFileRecord):
    assert records.metadata is Record.metadata  # noqa: S101  # these files of records belong to the same schema

with context.begin_transaction():
    context.run_migrations()
