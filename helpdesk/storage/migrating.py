"""Runs the migrations on an open connection; apart from database.py because Alembic is slow to load and seldom needed."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

_ONE_AT_A_TIME = 7_203_114_885
"""The PostgreSQL advisory lock that keeps two desks from migrating at once."""


def configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Brings the database to the newest form, inside the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
    command.upgrade(configuration(connection), "head")
