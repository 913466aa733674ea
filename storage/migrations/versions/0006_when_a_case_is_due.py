"""When a case is due next stands in its timers alone: the projection's column was never filled."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("cases", "due_at")
