"""The texts of the plans that cases are under, so that a case can finish under a plan that is no longer shipped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from storage.connection import Connection
from storage.tables import plans


class Plans:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def put(self, plan_id: str, plan_version: str, document: str, at: datetime) -> None:
        """Keep a plan's text; a version that is kept already stays as it is."""
        row = {"plan_id": plan_id, "plan_version": plan_version, "document": document, "imported_at": at}
        await self._connection.add(plans, row)

    async def get(self, plan_id: str, plan_version: str) -> str | None:
        this = select(plans.c.document).where(plans.c.plan_id == plan_id, plans.c.plan_version == plan_version)
        document: str | None = await self._connection.value(this)
        return document
