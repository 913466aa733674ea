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
SEARCHES = (Wish.PLAN,)  # the commands whose further words are read; those of all others never are

_PRESSED = {wish.value: wish for wish in Wish if wish not in NOT_PRESSED}

_CASE_ID = re.compile(r"[0-9a-f]{32}")


def understand(act: Typed | Pressed | Submitted) -> Intent:
    """Return what is meant; a button that no screen has is an unknown command."""
    if isinstance(act, Typed):
        return _typed(act.text)
    case_id, _, part = act.reference.partition(SEPARATOR)
    wish = _PRESSED.get(act.action, Wish.UNKNOWN_COMMAND)
    return Intent(wish, case_id if _CASE_ID.fullmatch(case_id) else "", part)


def _typed(text: str) -> Intent:
    """Read a command with or without the slash, in any case, with å and ø or without."""
    words = unicodedata.normalize("NFC", text).split(maxsplit=1)
    first = words[0].casefold().replace("å", "a").replace("ø", "o") if words else ""
    wish = COMMANDS.get(first.lstrip("/"))
    if wish:
        more = words[1].strip() if len(words) > 1 else ""
        return Intent(wish, query=more) if wish in SEARCHES else Intent(wish, says_more=bool(more))
    return Intent(Wish.UNKNOWN_COMMAND if first.startswith(("/", "rus-")) else Wish.FREE_TEXT)
