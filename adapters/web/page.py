"""The page as HTML: the bar, and a column for each person shown; what stands in a chat comes from `chat.py`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from adapters.web import words
from adapters.web.chat import chat
from adapters.web.chats import Entry
from adapters.web.markup import Markup, element, joined
from adapters.web.people import MAX_COLUMNS, Person, Site, anchor
from flows.language import Language, Text
from flows.limits import MAX_TEXT

_TONES = 6
_NAMES = {Language.NB: "Bokmål", Language.NN: "Nynorsk"}


@dataclass(frozen=True, slots=True)
class PageView:
    """What one page shows: whose chats, in which language."""

    site: Site
    people: tuple[Person, ...]
    language: Language

    def say(self, text: Text, **values: str) -> str:
        """Return the page's own words in its language."""
        return text.with_(**values).in_(self.language) if values else text.in_(self.language)

    def link(self, users: Sequence[str], language: Language | None = None) -> str:
        """Return the address of the page with these users instead."""
        shown = {"as": ",".join(quote(user, safe="") for user in users)}
        query = f"as={shown['as']}"
        asked = language or self.language
        return f"/?{query}" if asked is Language.NB else f"/?{query}&{urlencode({'lang': asked.value})}"

    @property
    def users(self) -> list[str]:
        """Return the users shown, in order."""
        return [person.user for person in self.people]


Entries = Callable[[str], Sequence[Entry]]


def page(view: PageView, entries: Entries) -> str:
    """Return the whole document."""
    own = {name: view.say(text) for name, text in words.IN_PAGE.items()}
    columns = (_column(view, person, entries(person.user)) for person in view.people)
    board = element("div", *columns, class_=f"board columns-{len(view.people)}", id="board")
    lost = element("p", class_="lost", id="lost", role="status")
    data = {"data_words": json.dumps(own, ensure_ascii=False), "data_lang": view.language.value}
    body = element("body", _bar(view), element("main", lost, _tabs(view), board), **data)
    return f"<!doctype html>{element('html', _head(view), body, lang=view.language.value)}"


def _head(view: PageView) -> Markup:
    title = f"{view.say(words.PRODUCT)} · {view.site.school}"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("title", title),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
        element("link", rel="stylesheet", href="/static/page.css"),
        element("link", rel="stylesheet", href="/static/card.css"),
        element("script", type="module", src="/static/page.js"),
    )


def _bar(view: PageView) -> Markup:
    logo = element("img", src="/static/icon.svg", alt="", width=32, height=32)
    product = element("span", view.say(words.PRODUCT), class_="product")
    school = element("span", view.site.school, class_="school")
    brand = element("div", logo, element("h1", product, " ", school), class_="brand")
    made_up = element("span", view.say(words.MADE_UP))
    demo = element("p", element("strong", view.say(words.DEMO)), " ", made_up, class_="demo")
    return element("header", brand, demo, _languages(view), _adder(view), class_="bar")


def _languages(view: PageView) -> Markup:
    links = (
        element(
            "a", name, href=view.link(view.users, each), lang=each.value, hreflang=each.value,
            aria_current="true" if each is view.language else None,
        )
        for each, name in _NAMES.items()
    )  # fmt: skip
    return element("nav", *links, class_="languages", aria_label=view.say(words.LANGUAGE))


def _adder(view: PageView) -> Markup:
    others = _others(view)
    if len(view.people) >= MAX_COLUMNS or not others:
        return element("div", id="adder")
    links = [_choice(person, view.link([*view.users, person.user])) for person in others]
    label = joined([view.say(words.ADD), element("span", " ", view.say(words.PERSON))])
    return element("div", _menu(view, label, view.say(words.ADD_PERSON), links), id="adder")


def _others(view: PageView) -> list[Person]:
    return [person for person in view.site.directory() if person not in view.people]


def _choice(person: Person, link: str) -> Markup:
    role = element("span", person.role, class_="role")
    return element("li", element("a", element("span", person.name), role, href=link, data_go=True))


def _menu(view: PageView, label: str, name: str, links: list[Markup]) -> Markup:
    find = view.say(words.FIND_PERSON)
    search = element("input", type="search", aria_label=find, placeholder=find, autocomplete="off", data_find=True)
    people = element("div", search, element("ul", *links), class_="people")
    return element("details", element("summary", label, aria_label=name), people, class_="menu")


def _tabs(view: PageView) -> Markup:
    tabs = (
        element(
            "button", element("span", _tab_name(view, person)), " ", element("span", class_="badge"), type="button",
            id=f"t-{anchor(person.user)}", role="tab", aria_controls=f"c-{anchor(person.user)}", aria_selected="false",
        )
        for person in view.people
    )  # fmt: skip
    return element("div", *tabs, class_="tabs", id="tabs", role="tablist", aria_label=view.say(words.BOARD))


def _tab_name(view: PageView, person: Person) -> str:
    first = person.name.split(" ")[0]
    is_shared = any(other.name.split(" ")[0] == first for other in view.people if other is not person)
    return person.name if is_shared else first


def _column(view: PageView, person: Person, entries: Sequence[Entry]) -> Markup:
    key = f"c-{anchor(person.user)}"
    notice = element("p", class_="notice", role="status")
    log = element(
        "div",
        element("ol", chat(entries, view.language)),
        class_="log", role="log", tabindex=0, aria_label=view.say(words.CHAT_OF, name=person.name),
    )  # fmt: skip
    talk = element("div", log, _composer(view, person, key), class_="talk")
    body = element("div", talk, element("div", class_="panel", hidden=True), class_="body")
    data = {"data_user": person.user, "aria_labelledby": f"{key}-name"}
    return element("section", _who(view, person, key), notice, body, class_="column", id=key, **data)


def _who(view: PageView, person: Person, key: str) -> Markup:
    initials = "".join(word[0] for word in person.name.split()[:: max(1, len(person.name.split()) - 1)])[:2]
    tone = sum(map(ord, person.user)) % _TONES
    avatar = element("span", initials.upper(), class_=f"avatar tone-{tone}", aria_hidden="true")
    name = element("h2", person.name, id=f"{key}-name", tabindex=-1, dir="auto")
    words_ = element("div", name, element("p", person.role, class_="role", dir="auto"), class_="who-words")
    return element("div", avatar, words_, _changes(view, person), class_="who")


def _changes(view: PageView, person: Person) -> Markup:
    at = view.users.index(person.user)
    before, after = view.users[:at], view.users[at + 1 :]
    links = [_choice(other, view.link([*before, other.user, *after])) for other in _others(view)]
    name = view.say(words.SWITCH_FROM, name=person.name)
    switch = _menu(view, view.say(words.SWITCH), name, links) if links else ""
    said = view.say(words.REMOVE, name=person.name)
    cross = element("span", "✕", aria_hidden="true")
    remove = element("a", cross, class_="remove", href=view.link([*before, *after]), aria_label=said, data_go=True)
    return element("div", switch, remove if len(view.people) > 1 else "", class_="changes")


def _composer(view: PageView, person: Person, key: str) -> Markup:
    chips = (
        element("button", command, type="button", class_="chip", data_command=command) for command in view.site.commands
    )
    offered = element("div", *chips, class_="chips", role="group", aria_label=view.say(words.COMMANDS))
    label = element("label", view.say(words.WRITE_AS, name=person.name), for_=f"{key}-text", class_="unseen")
    text = element(
        "input", type="text", id=f"{key}-text", maxlength=MAX_TEXT, autocomplete="off",
        autocapitalize="off", enterkeyhint="send", placeholder=view.say(words.WRITE),
    )  # fmt: skip
    send = element("button", view.say(words.SEND), type="submit", class_="button primary")
    line = element("div", label, text, send, class_="line")
    return element("form", joined([offered, line]), class_="composer", novalidate=True)
