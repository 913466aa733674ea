"""What is stored of an earlier version's chats: the service stood in front of the id, of a chat and of its messages."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from flows.port import Address, MessageRef, OwnChat
from storage.cipher import KeyRing
from storage.database import open_database
from storage.engine import parse_url
from tests.storage.conftest import NewUrl

OLD, NEW = "https://smba.trafficmanager.net/teams/", "https://smba.trafficmanager.net/emea/"
OLA, KARI, PER = Address("teams", "t", "ola"), Address("teams", "t", "kari"), Address("slack", "T1", "U1")


def _as_of_0012(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "0012")
    for who, place in ((OLA, f"{NEW} a:ola"), (KARI, ""), (PER, "")):
        values = {"p": who.platform, "t": who.tenant, "u": who.user, "place": place}
        connection.execute(
            text(
                "INSERT INTO accounts (platform, tenant, user_id, school_id, person_id, linked_at, place)"
                " VALUES (:p, :t, :u, 's', :u, 7, :place)"
            ),
            values,
        )
    _stands(connection, "alert", "teams", f"{OLD} a:ola", 1)
    _stands(connection, f"home/teams/t/{OLD} a:ola", "teams", f"{OLD} a:ola", 2)
    _stands(connection, f"home/teams/t/{NEW} a:ola", "teams", f"{NEW} a:ola", 3)
    _stands(connection, "digest", "slack", "D 1", 4)
    connection.execute(
        text(
            "INSERT INTO outbox (id, dedupe_key, school_id, person_id, kind, message_id, priority, state, attempts,"
            " uncertain, due_at, not_before_at, created_at)"
            " VALUES ('e', 'e', 's', 'ola', 'edit', :home, 1, 'pending', 0, :no, 1, 1, 1)"
        ),
        {"home": f"home/teams/t/{NEW} a:ola", "no": False},
    )


def _stands(connection: Connection, id_: str, platform: str, conversation: str, at: int) -> None:
    connection.execute(
        text(
            "INSERT INTO messages (id, school_id, person_id, kind, platform, tenant, user_id, conversation, message,"
            " shown_version, sent_at) VALUES (:id, 's', 'ola', 'home', :p, 't', 'ola', :conversation, :at, 0, :n)"
        ),
        {"id": id_, "p": platform, "conversation": conversation, "at": f"m{at}", "n": at},
    )


async def test_chats_and_messages_of_before_are_known_by_the_chats_id_alone(new_url: NewUrl, keys: KeyRing) -> None:
    url = new_url()
    plain = create_engine(str(parse_url(url)).replace("+aiosqlite", "").replace(":***", ""))
    with plain.begin() as connection:
        _as_of_0012(connection)
    plain.dispose()
    database = await open_database(url, keys)
    async with database.snapshot() as tx:
        assert await tx.chats.get(OLA) == OwnChat("a:ola", NEW, "ola")
        assert await tx.chats.get(KARI) is None
        alert = await tx.messages.by_ref(MessageRef("teams", "a:ola", "m1"))
        home = await tx.messages.by_ref(MessageRef("teams", "a:ola", "m3"))
        assert [each.id for each in (alert, home) if each] == ["alert", "home/teams/t/a:ola"]
        assert await tx.messages.by_ref(MessageRef("teams", "a:ola", "m2")) is None, "the same page, seen before"
        assert await tx.messages.by_ref(MessageRef("slack", "D 1", "m4"))
        pending = await tx.messages._connection.value(text("SELECT message_id FROM outbox"))
        assert pending == "home/teams/t/a:ola"
    await database.close()
