"""Since when an account takes no message, so that it is known before anything happens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("refused_at", sa.BigInteger, nullable=True))
