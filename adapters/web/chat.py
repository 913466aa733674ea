"""One person's chat as HTML: the entries in their bubbles; the column around them stands in `page.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.web import look, words
from adapters.web.chats import Answer, Entry, Posted, Said
from adapters.web.markup import Markup, element, joined
from flows.language import Language

_OSLO = ZoneInfo("Europe/Oslo")


def chat(entries: Sequence[Entry], language: Language) -> Markup:
    """Return the list items of a chat, oldest first; an empty chat says how to begin."""
    if not entries:
        return _empty(language)
    return joined(_entry(entry, language) for entry in entries)


def _empty(language: Language) -> Markup:
    first = element("p", words.EMPTY.in_(language), class_="empty-title")
    return element("li", first, element("p", words.EMPTY_HINT.in_(language)), class_="empty", id="empty")


def _entry(entry: Entry, language: Language) -> Markup:
    match entry:
        case Said(text=text):
            heading = joined([element("span", words.YOU.in_(language), class_="unseen"), _time(entry.at)])
            bubble = element("p", text, class_="bubble", dir="auto")
            return element("li", element("p", heading, class_="from"), bubble, class_="entry said", id=f"e-{entry.id}")
        case Posted(card=card):
            return _from_bot(entry, look.message(card, language), _edited(entry, language), "posted")
        case Answer(card=card):
            return _from_bot(entry, look.message(card, language), _only_you(language), "answer")


def _from_bot(entry: Posted | Answer, shown: Markup, aside: Markup, kind: str) -> Markup:
    sender = element("span", words.PRODUCT.in_(language=Language.NB), class_="sender")
    icon = element("img", src="/static/icon.svg", alt="", width=20, height=20)
    heading = element("div", icon, sender, _time(entry.at), aside, class_="from")
    data = {"data_entry": entry.id}
    return element("li", heading, shown, class_=f"entry {kind}", id=f"e-{entry.id}", tabindex=-1, **data)


def _edited(entry: Posted, language: Language) -> Markup:
    if entry.edited_at is None:
        return Markup()
    return element("span", words.EDITED.with_(time=_clock(entry.edited_at)).in_(language), class_="aside")


def _only_you(language: Language) -> Markup:
    hide = element("button", words.DISMISS.in_(language), type="button", class_="button quiet", data_dismiss=True)
    return joined([element("span", words.ONLY_YOU.in_(language), class_="aside"), hide])


def _time(at: datetime) -> Markup:
    return element("time", _clock(at), datetime=at.isoformat(timespec="seconds"))


def _clock(at: datetime) -> str:
    return f"{at.astimezone(_OSLO):%H:%M}"
