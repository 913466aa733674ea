"""Telling the other replicas that something new is promised or armed: PostgreSQL's LISTEN and NOTIFY.

A call may be lost, with the connection or before one is listening: looking regularly is the net.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.connection import Connection
from storage.errors import DatabaseUnavailable

_CHANNEL = "rusplan"
# A network that has gone silent is noticed within a minute, as no statement runs that could time out.
_KEEPALIVE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}


async def call(connection: Connection) -> None:
    """Let all replicas look, once what this transaction has done is there to be seen."""
    await connection.run(select(func.pg_notify(_CHANNEL, "")))


async def calls(engine: AsyncEngine) -> AsyncGenerator[None]:
    """Yield once it listens, and at each call; raise `DatabaseUnavailable` when the connection is gone."""
    from psycopg import AsyncConnection, Error  # noqa: PLC0415 - a school on SQLite does without, and starts sooner

    _, address = engine.dialect.create_connect_args(engine.url)
    try:
        async with await AsyncConnection.connect(autocommit=True, **{**_KEEPALIVE, **address}) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            yield  # whatever was called before is seen by the look that follows
            async for _ in connection.notifies():
                yield
    except Error as failed:
        raise DatabaseUnavailable(failed.sqlstate or type(failed).__name__) from failed
