"""Where a person's own chat is, for a platform that has to be told so with every message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("place", sa.Text, nullable=False, server_default=""))
