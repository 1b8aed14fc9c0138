"""The first tables, and the guards that keep the record insert only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

EXACT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSERT_ONLY = ("audit", "call_version")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "seq"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_table(
        "audit_head",
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("desk"),
    )
    op.create_table(
        "call_draft",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("kept", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_call_draft_desk_staff", "call_draft", ["desk", "staff_id"])
    op.create_index("ix_call_draft_patient", "call_draft", ["patient"])
    op.create_table(
        "call_version",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "version"),
    )
    op.create_index("ix_call_version_desk_started", "call_version", ["desk", "started"])
    op.create_index("ix_call_version_patient", "call_version", ["patient"])
    op.create_table(
        "list_row",
        sa.Column("origin", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("week_ending", sa.Date(), nullable=False),
        sa.Column("list_kind", sa.Text(), nullable=False),
        sa.Column("local_patient_id", sa.Text(), nullable=False),
        sa.Column("pathway_id", sa.Text(), nullable=True),
        sa.Column("pathway_issuer", sa.Text(), nullable=True),
        sa.Column("ubrn", sa.Text(), nullable=True),
        sa.Column("treatment_function", sa.Text(), nullable=False),
        sa.Column("referral_received", sa.Date(), nullable=True),
        sa.Column("original_referral_received", sa.Date(), nullable=True),
        sa.Column("clock_start", sa.Date(), nullable=True),
        sa.Column("clock_stop", sa.Date(), nullable=True),
        sa.Column("rtt_status", sa.Text(), nullable=False),
        sa.Column("next_outpatient", sa.Date(), nullable=True),
        sa.Column("next_admission", sa.Date(), nullable=True),
        sa.Column("last_attended", sa.Date(), nullable=True),
        sa.Column("last_missed", sa.Date(), nullable=True),
        sa.Column("cancelled", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("ask_team", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "row_no"),
    )
    op.create_index("ix_list_row_number", "list_row", ["number"])
    op.create_index("ix_list_row_ubrn", "list_row", ["ubrn"])
    op.create_table(
        "live_snapshot",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "provider"),
    )
    op.create_table(
        "meta", sa.Column("name", sa.Text(), nullable=False), sa.Column("value", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("name")
    )
    op.create_table(
        "observation",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("as_at", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("kept", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "patient", "subject", "as_at"),
    )
    op.create_index("ix_observation_patient", "observation", ["patient"])
    op.create_table(
        "outbox",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("card_version", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("queued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference"),
    )
    op.create_index("ix_outbox_call_id", "outbox", ["call_id"])
    op.create_index("ix_outbox_patient", "outbox", ["patient"])
    op.create_index("ix_outbox_state_queued", "outbox", ["state", "queued"])
    op.create_table(
        "person",
        sa.Column("origin", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_status", sa.Text(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("born", EXACT, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("origin", "row_no"),
    )
    op.create_index("ix_person_born", "person", ["born"])
    op.create_index("ix_person_number", "person", ["number"])
    op.create_index("ix_person_sensitivity", "person", ["sensitivity", "number"])
    op.create_table(
        "person_key",
        sa.Column("kind", EXACT, nullable=False),
        sa.Column("value", EXACT, nullable=False),
        sa.Column("origin", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("born", EXACT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "origin", "row_no"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_key_person", "person_key", ["origin", "row_no", "kind", "value"])
    op.create_table(
        "replaced_number",
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("old"),
    )
    op.create_index("ix_replaced_number_new", "replaced_number", ["new"])
    op.create_table(
        "snapshot",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("went_live", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleaned", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "spent_item",
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("patient", "day", "call_id", "item"),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "work_item",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("raised", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("owner_role", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_work_item_done_raised", "work_item", ["done", "raised"])
    op.create_index("ix_work_item_patient", "work_item", ["patient"])
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_session_staff_id", "session", ["staff_id"])
    if op.get_context().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def _guard_on_sqlite() -> None:
    for table in INSERT_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is insert only'); END"
            )
    op.execute(
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq <> OLD.seq + 1 OR NEW.desk <> OLD.desk"
        " BEGIN SELECT RAISE(ABORT, 'audit_head is insert only'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'audit_head is insert only'); END"
    )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is insert only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION only_forward() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.seq <> OLD.seq + 1 OR NEW.desk <> OLD.desk THEN "
        " RAISE EXCEPTION '% is insert only', TG_TABLE_NAME; END IF; RETURN NEW; END $$"
    )
    for table in INSERT_ONLY:
        op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute("CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION only_forward()")
    op.execute("CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    for table in (*INSERT_ONLY, "audit_head"):
        op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
