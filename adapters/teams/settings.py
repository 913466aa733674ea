"""What is needed to reach Teams; read from the environment elsewhere, and imported without Microsoft's libraries."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

TOKEN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105 - an address
OPENID_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
SERVICE_URL = "https://smba.trafficmanager.net/teams/"
SINGLE_TENANT = "SingleTenant"


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """A bot registration of one tenant. `is_anonymous`: nobody proves anything, for the playground on this machine."""

    app_id: str
    password: str = field(default="", repr=False)
    tenant: str = ""
    token_url: str = ""  # empty: Microsoft's own
    openid_url: str = ""
    is_anonymous: bool = False

    @property
    def double(self) -> str:
        """Return where a test double on this machine listens; empty where the keys are Microsoft's.

        Only this machine may be asked for keys unencrypted, and whoever hands out the keys is the service, too.
        """
        parts = urlsplit(self.openid_url)
        return f"http://{parts.netloc}/" if parts.scheme == "http" else ""
