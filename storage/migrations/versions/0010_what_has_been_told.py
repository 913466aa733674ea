"""A task no longer counts its reminders: which have gone out follows from the day of the last one."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("tasks", "reminded")
