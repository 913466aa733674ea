"""Of each school the last file of each school year, so that the report of a year that is over can still be made."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    files = op.create_table(
        "school_files",
        sa.Column("school_id", sa.Text, primary_key=True),
        sa.Column("school_year", sa.Text, primary_key=True),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("imported_at", sa.BigInteger, nullable=False),
    )
    assert files is not None  # noqa: S101 - only a migration that is written out as SQL has none
    found = op.get_bind().execute(sa.text("SELECT school_id, document, imported_at FROM schools")).mappings().all()
    rows = [{**row, "school_year": json.loads(row["document"])["school_year"], "edition": ""} for row in found]
    if rows:
        op.bulk_insert(files, rows)
    op.drop_table("schools")
