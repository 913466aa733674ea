"""The first tables, and the triggers that keep the journal append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE_TRIGGER = """
CREATE TRIGGER journal_refuses_{act} BEFORE {act} ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""

POSTGRESQL_FUNCTION = """
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""

POSTGRESQL_TRIGGER = """
CREATE TRIGGER journal_refuses_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()
"""


def upgrade() -> None:
    _schools()
    _plans()
    _accounts()
    _absences()
    _choices()
    _inbox()
    _cases()
    _sealed_keys()
    _journal()
    _chain_heads()
    _outbox()
    _messages()
    _timers()
    _pings()
    _journal_triggers()


def _journal_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_TRIGGER.format(act="UPDATE"))
        op.execute(SQLITE_TRIGGER.format(act="DELETE"))
        return
    op.execute(POSTGRESQL_FUNCTION)
    op.execute(POSTGRESQL_TRIGGER)


def _partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _schools() -> None:
    op.create_table(
        "schools",
        sa.Column("school_id", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("imported_at", sa.BigInteger, nullable=False),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("plan_version", sa.Text, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("imported_at", sa.BigInteger, nullable=False),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("linked_at", sa.BigInteger, nullable=False),
    )
    op.create_index("accounts_of_person", "accounts", ["school_id", "person_id"])


def _absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("from_at", sa.BigInteger, nullable=False),
        sa.Column("until_at", sa.BigInteger, nullable=False),
    )
    op.create_index("absences_of_school", "absences", ["school_id", "until_at"])


def _choices() -> None:
    op.create_table(
        "choices",
        sa.Column("school_id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("language", sa.Text, nullable=False),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("inbox_by_age", "inbox", ["at"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("departments", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("reporter", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("plan_version", sa.Text, nullable=False),
        sa.Column("reported_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("school_id", "number"),
    )
    _partial_index("cases_open", "cases", ["school_id", "reported_at"], "status NOT IN ('closed', 'erased')")
    _partial_index(
        "cases_open_of_reporter",
        "cases",
        ["school_id", "reporter", "reported_at"],
        "status NOT IN ('closed', 'erased')",
    )


def _sealed_keys() -> None:
    op.create_table(
        "sealed_keys",
        sa.Column("owner_id", sa.Text, primary_key=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("kek", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("sealed_keys_under", "sealed_keys", ["kek"])


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("school_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text),
        sa.Column("case_version", sa.Integer),
        sa.Column("action", sa.Text),
        sa.Column("allowed", sa.Boolean),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("mac", sa.LargeBinary, nullable=False),
    )
    _partial_index("journal_of_case", "journal", ["case_id", "case_version"], "case_version IS NOT NULL", unique=True)


def _chain_heads() -> None:
    op.create_table(
        "chain_heads",
        sa.Column("school_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("dedupe_key", sa.Text, nullable=False, unique=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("not_before_at", sa.BigInteger, nullable=False),
        sa.Column("lease_until_at", sa.BigInteger),
        sa.Column("lease_token", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("last_error", sa.Text),
    )
    _partial_index("outbox_open", "outbox", ["priority", "created_at", "id"], "state IN ('pending', 'claimed')")
    _partial_index("outbox_open_of_person", "outbox", ["school_id", "person_id"], "state IN ('pending', 'claimed')")
    op.create_index("outbox_of_case", "outbox", ["case_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("shown_version", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
    )
    op.create_index("messages_by_place", "messages", ["platform", "conversation", "message"])
    op.create_index("messages_of_case", "messages", ["case_id"])


def _timers() -> None:
    op.create_table(
        "timers",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_index("timers_by_time", "timers", ["due_at"])


def _pings() -> None:
    op.create_table(
        "pings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
