"""Who is who in Teams: an account by the id that Entra has for a person, and the e-mail of somebody who has been met.

The bot reads no directory: it can't find an account by an e-mail, only the e-mail of whoever has the app.
"""

from __future__ import annotations

from adapters.teams.acts import PLATFORM
from adapters.teams.chats import Chats
from adapters.teams.connector import Astray, Connector, Gone
from flows.port import Address

OWN_ROLES = ("user", "")  # not «guest», «anonymous»


class TeamsStaff:
    """Teams' directory (`flows.port.Directory`)."""

    name = PLATFORM
    finds_by_email = False

    def __init__(self, tenant: str, connector: Connector, chats: Chats) -> None:
        self._tenant, self._connector, self._chats = tenant, connector, chats

    async def tenant(self) -> str:
        return self._tenant

    async def account(self, *, user: str = "", email: str = "") -> Address | None:  # noqa: ARG002 - the port's
        """Return the account with an id, where a chat with it can be opened: the app is installed for that person.

        A chat that is remembered proves nothing: whoever has left the organisation is no member of it any more. Only
        what Teams says of this one person does: where all bots are shut out, everybody's account is still there.
        By an e-mail alone nobody is found: whoever installs the app introduces himself.
        """
        if not user:
            return None
        address = Address(PLATFORM, self._tenant, user)
        try:
            await self._look_at_kept(address)
            await self._chats.of(address)
        except Gone:
            return None
        return address

    async def _look_at_kept(self, address: Address) -> None:
        """Forget a remembered chat that the person isn't in, or that is no more; raise where Teams doesn't say."""
        kept = await self._chats.kept(address)
        if kept is None:
            return
        try:
            await self._chats.through(kept, lambda chat: self._connector.member(chat, address.user))
        except (Gone, Astray):
            await self._chats.forget(address)

    async def email(self, address: Address) -> str:
        """Return the e-mail of an account of our own; nothing for a guest's, or for anybody else's."""
        met = await self._chats.where(address) if address.tenant == self._tenant else None
        if met is None:
            return ""
        chat, member = met
        found = await self._chats.through(chat, lambda at: self._connector.member(at, member))
        is_ours = found.get("tenantId", self._tenant) == self._tenant and found.get("userRole", "") in OWN_ROLES
        email = found.get("email") or found.get("userPrincipalName") or ""
        return email if is_ours and isinstance(email, str) else ""
