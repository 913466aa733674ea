"""What a person's act means, before any case is looked at: a command, a button, a form; nothing is decided here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from flows.port import Pressed, Submitted, Typed
from flows.wishes import NOT_PRESSED, SEPARATOR, Wish


@dataclass(frozen=True, slots=True)
class Intent:
    """A wish, and what it is about where it is about something: a case and a duty, a task of the year."""

    wish: Wish
    case_id: str = ""  # or a task's
    part: str = ""  # what of it: a duty, how old a form is, a page
    query: str = ""  # what is searched for in the plan; never stored
    says_more: bool = False  # words behind a command that takes none: read no further, perhaps a name


COMMANDS = {  # what each is about stands in messages.py
    "rus-hendelse": Wish.INTAKE,
    "rus-saker": Wish.CASES,
    "rus-plan": Wish.PLAN,
    "rus-arshjul": Wish.YEAR,
    "rus-borte": Wish.ABSENCE,
    "rus-ovelse": Wish.DRILL,
    "rus-sprak": Wish.LANGUAGE,
    "rus-hjelp": Wish.HELP,
}
ALSO_CALLED = {"rus-oving": "rus-ovelse"}  # in nynorsk
SEARCHES = (Wish.PLAN,)  # the commands whose further words are read; those of all others never are

_PRESSED = {wish.value: wish for wish in Wish if wish not in NOT_PRESSED}

# What a phone or a word processor makes of what is typed: other hyphens, and signs that nobody sees
_AS_TYPED = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014"), "-") | dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u2060\ufeff")
)
_AROUND = ".,:;!?«»\"'“”‘’"

_CASE_ID = re.compile(r"[0-9a-f]{32}")


def understand(act: Typed | Pressed | Submitted) -> Intent:
    """Return what is meant; a button that no screen has is an unknown command."""
    if isinstance(act, Typed):
        return _typed(act.text)
    case_id, _, part = act.reference.partition(SEPARATOR)
    wish = _PRESSED.get(act.action, Wish.UNKNOWN_COMMAND)
    return Intent(wish, case_id if _CASE_ID.fullmatch(case_id) else "", part)


def _typed(text: str) -> Intent:
    """Read a command as it is typed: with or without the slash, å and ø, in any case, beside the bot's name."""
    words = unicodedata.normalize("NFC", text.translate(_AS_TYPED)).split(maxsplit=1)
    if len(words) > 1 and words[0].startswith("@"):
        words = words[1].split(maxsplit=1)
    first = words[0].casefold().strip(_AROUND) if words else ""
    wish = next((COMMANDS[each] for each in _spelled(first.lstrip("/")) if each in COMMANDS), None)
    if wish:
        more = words[1].strip() if len(words) > 1 else ""
        return Intent(wish, query=more) if wish in SEARCHES else Intent(wish, says_more=bool(more))
    return Intent(Wish.UNKNOWN_COMMAND if first.startswith(("/", "rus-")) else Wish.FREE_TEXT)


def _spelled(word: str) -> tuple[str, ...]:
    """Return what a command may be meant by a word, each without å and ø."""
    plain = word.replace("å", "a").replace("ø", "o")
    return plain, word.replace("aa", "a").replace("oe", "o"), ALSO_CALLED.get(plain, "")
