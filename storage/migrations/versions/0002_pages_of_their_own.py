"""Messages that are about no case in particular are looked up by whose they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_of_no_case = sa.text("case_id IS NULL")
    op.create_index(
        "messages_of_no_case",
        "messages",
        ["school_id", "person_id"],
        sqlite_where=is_of_no_case,
        postgresql_where=is_of_no_case,
    )
