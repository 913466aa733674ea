"""A delivery whose answer once got lost is looked at again later: a copy may have come up meanwhile."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("sweep_at", sa.BigInteger, nullable=True))
    is_to_be_swept = sa.text("sweep_at IS NOT NULL")
    op.create_index(
        "outbox_to_sweep", "outbox", ["sweep_at"], sqlite_where=is_to_be_swept, postgresql_where=is_to_be_swept
    )
