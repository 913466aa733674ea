"""Which person a platform's account is; whether that person may do something is not decided here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, select, update

from flows.port import Address
from storage.connection import Connection
from storage.tables import accounts


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account on a platform.

    `found_by` is the entry of the school file that it was found by: an e-mail, or an id. Empty: it was given.
    `refused_at` is when it first refused a message for good; None where it has taken something since, or
    something has come that proves it takes messages again.
    """

    address: Address
    school_id: str
    person_id: str
    linked_at: datetime
    found_by: str = ""
    refused_at: datetime | None = None


_FOUND = select(accounts).where(
    accounts.c.platform == bindparam("platform"),
    accounts.c.tenant == bindparam("tenant"),
    accounts.c.user_id == bindparam("user"),
)


class Accounts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def link(self, address: Address, school_id: str, person_id: str, at: datetime, *, found_by: str = "") -> None:
        """Say whose account this is, in the place of what was said before; that proves nothing of what it takes."""
        row = {
            "platform": address.platform,
            "tenant": address.tenant,
            "user_id": address.user,
            "school_id": school_id,
            "person_id": person_id,
            "linked_at": at,
            "found_by": found_by,
        }
        await self._connection.put(accounts, row)

    async def unlink(self, address: Address) -> bool:
        """Forget an account; say whether it was known."""
        return await self._connection.hits(delete(accounts).where(_is(address))) == 1

    async def note_refusal(self, address: Address, at: datetime) -> None:
        """Note since when an account takes no message: the app is blocked, or no longer there."""
        is_first = accounts.c.refused_at.is_(None)
        await self._connection.run(update(accounts).where(_is(address), is_first).values(refused_at=at))

    async def note_contact(self, address: Address) -> bool:
        """Note that an account is reached; say whether it is reached again, having refused something."""
        refuses = accounts.c.refused_at.is_not(None)
        again = update(accounts).where(_is(address), refuses).values(refused_at=None)
        return await self._connection.hits(again) == 1

    async def find(self, address: Address) -> Account | None:
        values = {"platform": address.platform, "tenant": address.tenant, "user": address.user}
        row = await self._connection.row(_FOUND, values)
        return _account(row) if row else None

    async def all(self) -> tuple[Account, ...]:
        return tuple(_account(row) for row in await self._connection.rows(select(accounts)))

    async def of_school(self, school_id: str) -> tuple[Account, ...]:
        """Return all accounts of a school's people."""
        rows = await self._connection.rows(select(accounts).where(accounts.c.school_id == school_id))
        return tuple(_account(row) for row in rows)

    async def of_person(self, school_id: str, person_id: str) -> tuple[Account, ...]:
        """Return a person's accounts, the one linked last first."""
        own = and_(accounts.c.school_id == school_id, accounts.c.person_id == person_id)
        newest_first = (accounts.c.linked_at.desc(), accounts.c.platform, accounts.c.tenant, accounts.c.user_id)
        rows = await self._connection.rows(select(accounts).where(own).order_by(*newest_first))
        return tuple(_account(row) for row in rows)


def _is(address: Address) -> ColumnElement[bool]:
    return and_(
        accounts.c.platform == address.platform,
        accounts.c.tenant == address.tenant,
        accounts.c.user_id == address.user,
    )


def _account(row: Row[Any]) -> Account:
    address = Address(row.platform, row.tenant, row.user_id)
    return Account(address, row.school_id, row.person_id, row.linked_at, row.found_by, row.refused_at)
