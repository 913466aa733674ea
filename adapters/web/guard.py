"""Who may talk to the page at all: this machine's own browser, from the page itself; not which person sits there."""

from __future__ import annotations

import re
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler

_LOOPBACK = re.compile(r"(127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what doesn't come from this machine, names it otherwise (DNS rebinding), or comes from another page."""
    if not _is_here(request):
        raise web.HTTPForbidden(text="Denne siden svarer bare på maskinen den kjører på.")
    if request.method == "POST":
        _check_post(request)
    return await handler(request)


async def harden(_request: web.Request, response: web.StreamResponse) -> None:
    """Put on every answer what keeps a browser from doing more with it than the page needs."""
    for name, value in _HEADERS.items():
        response.headers[name] = value


def _is_here(request: web.Request) -> bool:
    hosts = request.headers.getall("Host", [])
    is_named_here = len(hosts) == 1 and _LOOPBACK.fullmatch(hosts[0]) is not None
    return is_named_here and request.remote is not None and ip_address(request.remote).is_loopback


def _check_post(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{request.headers['Host']}".lower():
        raise web.HTTPForbidden(text="Denne forespørselen kommer fra en annen side.")
    if request.content_type != "application/json" or "Content-Encoding" in request.headers:
        raise web.HTTPUnsupportedMediaType(text="Forespørselen må være application/json.")
