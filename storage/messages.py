"""Where the messages stand that were sent, so that they can be edited; what they show is composed anew each time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, select, update

from flows.port import Address, MessageRef
from storage.connection import Connection
from storage.deliveries import OutboxRow
from storage.tables import NO_CASE, messages


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message in a person's chat; `id` is the delivery id of the promise it kept."""

    id: str
    school_id: str
    case_id: str | None
    person_id: str
    kind: str
    to: Address
    ref: MessageRef
    shown_version: int  # the case's version that it shows
    sent_at: datetime


def sent_message(row: OutboxRow, to: Address, ref: MessageRef, shown_version: int, sent_at: datetime) -> SentMessage:
    """Return the message that a promise has become."""
    return SentMessage(
        id=row.id,
        school_id=row.school_id,
        case_id=row.case_id,
        person_id=row.person_id,
        kind=row.kind,
        to=to,
        ref=ref,
        shown_version=shown_version,
        sent_at=sent_at,
    )


_AT_PLACE = (
    select(messages)
    .where(
        messages.c.platform == bindparam("platform"),
        messages.c.conversation == bindparam("conversation"),
        messages.c.message == bindparam("message"),
    )
    .order_by(messages.c.sent_at.desc())
)


class Messages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def put(self, *found: SentMessage) -> None:
        """Note messages; one that is known already has been sent again, and the newer one counts."""
        await self._connection.put(messages, *map(_row, found))

    async def get(self, message_id: str) -> SentMessage | None:
        row = await self._connection.row(select(messages).where(messages.c.id == message_id))
        return _message(row) if row else None

    async def of_case(self, case_id: str) -> tuple[SentMessage, ...]:
        """Return a case's messages in the order they were sent."""
        in_order = select(messages).where(messages.c.case_id == case_id).order_by(messages.c.sent_at, messages.c.id)
        return tuple(_message(row) for row in await self._connection.rows(in_order))

    async def of_no_case(self, school_id: str, kind: str, people: Collection[str] | None) -> tuple[SentMessage, ...]:
        """Return what stands somewhere for these people, or for everybody, and is about no case."""
        own = and_(NO_CASE, messages.c.school_id == school_id, messages.c.kind == kind)
        if people is not None:
            own = and_(own, messages.c.person_id.in_(people))
        return tuple(_message(row) for row in await self._connection.rows(select(messages).where(own)))

    async def by_ref(self, ref: MessageRef) -> SentMessage | None:
        """Return the message that stands at a place."""
        row = await self._connection.row(_AT_PLACE, asdict(ref))
        return _message(row) if row else None

    async def set_shown(self, message_id: str, version: int) -> None:
        """Note which version of the case a message shows now; an older one than before is a late answer."""
        older = and_(messages.c.id == message_id, messages.c.shown_version < version)
        await self._connection.run(update(messages).where(older).values(shown_version=version))

    async def set_back(self, message_id: str, version: int) -> bool:
        """Note that a message shows an older version of the case again; say whether it is older."""
        newer = and_(messages.c.id == message_id, messages.c.shown_version > version)
        return await self._connection.hits(update(messages).where(newer).values(shown_version=version)) == 1

    async def forget(self, message_id: str) -> None:
        """Forget where a message stands: nothing changes it any more."""
        await self._connection.run(delete(messages).where(messages.c.id == message_id))


def _row(message: SentMessage) -> dict[str, object]:
    return {
        "id": message.id,
        "school_id": message.school_id,
        "case_id": message.case_id,
        "person_id": message.person_id,
        "kind": message.kind,
        "platform": message.ref.platform,
        "tenant": message.to.tenant,
        "user_id": message.to.user,
        "conversation": message.ref.conversation,
        "message": message.ref.message,
        "shown_version": message.shown_version,
        "sent_at": message.sent_at,
    }


def _message(row: Row[Any]) -> SentMessage:
    return SentMessage(
        id=row.id,
        school_id=row.school_id,
        case_id=row.case_id,
        person_id=row.person_id,
        kind=row.kind,
        to=Address(row.platform, row.tenant, row.user_id),
        ref=MessageRef(row.platform, row.conversation, row.message),
        shown_version=row.shown_version,
        sent_at=row.sent_at,
    )
