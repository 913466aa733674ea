"""Addresses: which of them are safe to use, and which lead nowhere but to this machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine alone: an address of the loopback range, or its name."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_safe_url(url: str) -> bool:
    """Say whether an address is encrypted, or leads nowhere but to this machine; one cut short leads nowhere."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if url.endswith("...") or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
