"""An account remembers by which entry of the school file it was found, so that a corrected entry corrects it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("found_by", sa.Text, nullable=False, server_default=""))
