"""The prevention year: what is to be done, what was answered, and who has read the plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tasks()
    _task_answers()
    _readings()


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("school_year", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("moved_from", sa.Text),
        sa.Column("moved_to", sa.Text),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("reminded", sa.Integer, nullable=False),
        sa.Column("reminded_on", sa.Text),
        sa.Column("meant_for", sa.Text),
        sa.Column("planned_for", sa.Text),
        sa.Column("put_off_to", sa.Text),
        sa.Column("done_on", sa.Text),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("count", sa.Integer),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("next_at", sa.BigInteger),
        sa.Column("digest", sa.Text),
        sa.UniqueConstraint("school_id", "school_year", "measure", "time", "audience"),
    )
    _partial("tasks_by_time", "tasks", ["next_at"], "next_at IS NOT NULL")
    _partial("tasks_of_digest", "tasks", ["digest"], "digest IS NOT NULL")


def _task_answers() -> None:
    op.create_table(
        "task_answers",
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("school_id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
    )


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("school_id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("plan_version", sa.Text, primary_key=True),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("next_at", sa.BigInteger),
        sa.Column("read_at", sa.BigInteger),
    )
    _partial("readings_by_time", "readings", ["next_at"], "next_at IS NOT NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
