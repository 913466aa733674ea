"""A chat is known by its id alone, since the service that leads to it moves; it is kept of whoever has the app."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep_chats()
    _shorten_places()
    op.drop_column("accounts", "place")


def _keep_chats() -> None:
    """Let each chat stand for itself: a place was «SERVICE CHAT», with the account that it was kept with."""
    chats = op.create_table(
        "chats",
        sa.Column("platform", sa.Text, primary_key=True),
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("met_at", sa.BigInteger, nullable=False),
    )
    assert chats is not None  # noqa: S101 - only a migration that is written out as SQL has none
    op.create_index("chats_by_id", "chats", ["platform", "chat"])
    found = _rows("SELECT platform, tenant, user_id, place, linked_at FROM accounts WHERE place <> ''")
    rows = []
    for row in found:
        route, _, chat = row["place"].partition(" ")
        own = {name: row[name] for name in ("platform", "tenant", "user_id")}
        rows.append({**own, "chat": chat, "route": route, "member": row["user_id"], "met_at": row["linked_at"]})
    if rows:
        op.bulk_insert(chats, rows)


def _shorten_places() -> None:
    """Take the service out of where messages stand, and out of the ids that are made of that."""
    bind, ids = op.get_bind(), set[str]()
    in_teams = "platform = 'teams' AND conversation LIKE '% %'"
    for row in _rows(f"SELECT id, conversation FROM messages WHERE {in_teams} ORDER BY sent_at DESC"):  # noqa: S608
        old, chat = row["id"], row["conversation"].partition(" ")[2]
        new = old.replace(row["conversation"], chat)
        if new in ids:  # the same page, seen by another service before
            bind.execute(sa.text("DELETE FROM messages WHERE id = :old"), {"old": old})
            continue
        ids.add(new)
        moved = {"old": old, "new": new, "chat": chat}
        bind.execute(sa.text("UPDATE messages SET id = :new, conversation = :chat WHERE id = :old"), moved)
        if new != old:
            bind.execute(sa.text("UPDATE outbox SET message_id = :new WHERE message_id = :old"), moved)


def _rows(query: str) -> list[Any]:
    return list(op.get_bind().execute(sa.text(query)).mappings().all())
