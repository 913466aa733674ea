"""The pages that the app package links to: what rusplan is, what it keeps, on what terms, and whom one asks.

They are text alone, for anybody to read: no script, no cookie, nothing from elsewhere, and nobody's name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from adapters.teams.manifest import PRIVACY, TERMS
from adapters.web.markup import Markup, element
from bot.library import Library
from flows import site_messages as s
from flows.language import Language, Text
from flows.school import School

PAGES: dict[str, tuple[Text, Sequence[Text]]] = {
    "/": (s.SITE_ABOUT, s.SITE_ABOUT_LINES),
    PRIVACY: (s.SITE_PRIVACY, s.SITE_PRIVACY_LINES),
    TERMS: (s.SITE_TERMS, s.SITE_TERMS_LINES),
}
LANGUAGES = (Language.NB, Language.NN)  # beside each other: nobody has said yet what he reads
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = Markup(
    "body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:2rem 1rem}"
    "main{display:grid;gap:2rem 4rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}"
    "h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.0625rem}"
)


@dataclass(frozen=True, slots=True)
class Pages:
    library: Library

    def add_to(self, site: web.Application) -> None:
        for path in PAGES:
            site.router.add_get(path, self._giving(path))

    def _giving(self, path: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def give(_: web.Request) -> web.Response:
            title, lines = PAGES[path]
            page = _page(title, lines, self.library.schools)
            return web.Response(text=page, content_type="text/html", headers=HEADERS)

        return give


def _page(title: Text, lines: Sequence[Text], schools: Sequence[School]) -> str:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("title", title.nb),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("style", _STYLE),
    )
    parts = (_part(title, lines, schools, language) for language in LANGUAGES)
    body = element("body", element("main", *parts))
    return f"<!doctype html>{element('html', head, body, lang=Language.NB.value)}"


def _part(title: Text, lines: Sequence[Text], schools: Sequence[School], language: Language) -> Markup:
    """Return a page in one language, with whom one rings."""
    return element(
        "section",
        element("h1", title.in_(language)),
        *(element("p", line.in_(language)) for line in lines),
        element("h2", s.SITE_CONTACT.in_(language)),
        *(element("p", f"{school.name}, ", _phone(school.phone)) for school in schools),
        lang=language.value,
    )


def _phone(number: str) -> Markup:
    return element("a", number, href=f"tel:{number.replace(' ', '')}")
