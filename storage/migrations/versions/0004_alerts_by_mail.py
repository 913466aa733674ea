"""A delivery remembers that an e-mail has gone out for it, where no chat takes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("mailed_at", sa.BigInteger, nullable=True))
