"""Bringing a database to the tables that this version knows; each step is written in `migrations/versions/`."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.engine import SQLITE
from storage.errors import DatabaseTooNew

_ONE_MIGRATION_AT_A_TIME = 0x72757370_6C616E01  # "rusplan": an advisory lock is only a number


def migrate(connection: Connection) -> None:
    """Run the missing steps in the connection's transaction; raise `DatabaseTooNew` if it has steps unknown here."""
    if connection.dialect.name != SQLITE:
        # other replicas start at the same moment, and may have to wait for longer than a statement may take
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_MIGRATION_AT_A_TIME})
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    _refuse_newer(connection, ScriptDirectory.from_config(config))
    command.upgrade(config, "head")


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseTooNew(found, scripts.get_current_head() or "")
