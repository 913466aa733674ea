"""Who is who in Slack: an account by a person's e-mail, and the e-mail of an account that nobody has met yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.acts import PLATFORM
from adapters.slack.api import in_our_words, text_in
from flows.port import Address, Refused

# Somebody who is none of the school's own: a guest, an app, another organisation's, or no longer there.
_OUTSIDERS = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "is_workflow_bot")
_UNKNOWN = ("users_not_found", "user_not_found", "user_not_visible")


class SlackStaff:
    """Slack's directory (`flows.port.Directory`)."""

    name = PLATFORM
    finds_by_email = True

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._tenant = ""

    async def tenant(self) -> str:
        """Return the workspace's or the organisation's id."""
        if not self._tenant:
            with in_our_words():
                answer = await self._client.auth_test()
                self._tenant = str(answer.get("enterprise_id") or answer["team_id"])
        return self._tenant

    async def rights(self) -> frozenset[str]:
        """Return the scopes that the bot has been given."""
        with in_our_words():
            answer = await self._client.auth_test()
        written = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
        return frozenset(each.strip() for each in written.split(","))

    async def account(self, *, user: str = "", email: str = "") -> Address | None:
        """Return the account with an id, or else with an e-mail; None where a member of staff has none."""
        tenant = await self.tenant()
        found = await self._look_up(user, email)
        if found is None or (email and not _is_confirmed(found)):
            return None
        return Address(PLATFORM, tenant, str(found["id"]))

    async def email(self, address: Address) -> str:
        """Return the confirmed e-mail of an account of our own; nothing for anybody else's."""
        if address.tenant != await self.tenant():
            return ""
        found = await self._look_up(address.user, "")
        if found is None or not _is_confirmed(found):
            return ""
        return str((found.get("profile") or {}).get("email") or "")

    async def _look_up(self, user: str, email: str) -> Mapping[str, Any] | None:
        """Return what Slack says of an account of our own; None where it knows none, or it is an outsider's."""
        try:
            with in_our_words():
                if user:
                    answer = await self._client.users_info(user=user)
                else:
                    answer = await self._client.users_lookupByEmail(email=email)
                text_in(answer, "user", "id")
        except Refused as refused:
            if refused.code in _UNKNOWN:
                return None
            raise
        found: Mapping[str, Any] = answer["user"]
        return None if _is_outsider(found) else found


def _is_outsider(user: Mapping[str, Any]) -> bool:
    return any(user.get(mark) is True for mark in _OUTSIDERS)


def _is_confirmed(user: Mapping[str, Any]) -> bool:
    """Say whether the account's e-mail has been proven; where Slack doesn't say, the workspace gave it."""
    return user.get("is_email_confirmed") is not False
