"""When something was due that has failed since: however often it is tried again, it is seen how late it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("timers", "tasks", "readings"):
        op.add_column(table, sa.Column("first_due_at", sa.BigInteger, nullable=True))
