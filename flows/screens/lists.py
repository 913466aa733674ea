"""The lists that are too long to look through: one types a few letters to find a class, a colleague, a department."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping

from flows import messages as m
from flows.cards import Option
from flows.limits import MAX_OPTIONS
from flows.screens.words import View

CLASSES, STAFF, DEPARTMENTS = "classes", "staff", "departments"  # stand in forms that are out there: never changed
UNKNOWN_CLASS = "?"  # «vet ikke»: the school file lets no class be called this


def class_options(view: View) -> tuple[Option, ...]:
    """Return the school's classes, with the department of each; not knowing it comes first."""
    school = view.context.roster.school
    return (
        Option(UNKNOWN_CLASS, view.say(m.CLASS_UNKNOWN)),
        *(Option(c.id, c.id, school.departments[c.department].name) for c in school.classes.values()),
    )


def department_options(view: View, *, without: tuple[str, ...] = ()) -> tuple[Option, ...]:
    departments = view.context.roster.school.departments.values()
    return tuple(Option(each.id, each.name) for each in departments if each.id not in without)


def staff_options(view: View, *, without: str = "") -> tuple[Option, ...]:
    """Return the members of staff by name."""
    people = sorted(view.context.roster.school.people.values(), key=lambda person: person.name)
    return tuple(Option(person.id, person.name) for person in people if person.id != without)


_LISTS: Mapping[str, Callable[[View], tuple[Option, ...]]] = {
    CLASSES: class_options,
    STAFF: staff_options,
    DEPARTMENTS: department_options,
}


def find(name: str, query: str, view: View) -> tuple[Option, ...]:
    """Return what a list has for a few letters, or for an option's own value, the best first; nothing for no list."""
    options = _LISTS[name](view) if name in _LISTS else ()
    named = (option for option in options if option.value == query)
    return tuple(dict.fromkeys((*named, *matching(options, query))))[:MAX_OPTIONS]


def matching(options: Iterable[Option], query: str) -> tuple[Option, ...]:
    """Return the options in which every word of a query begins a word, then those that hold it anywhere."""
    words = _plain(query).split()
    found = [(rank, option) for option in options if (rank := _rank(option, words)) is not None]
    return tuple(option for _, option in sorted(found, key=lambda each: each[0]))


def _rank(option: Option, words: list[str]) -> int | None:
    label = _plain(f"{option.label} {option.note}")
    if not all(word in label for word in words):
        return None
    return 0 if all(any(part.startswith(word) for part in label.split()) for word in words) else 1


def _plain(text: str) -> str:
    """Return a text as somebody in a hurry types it: no capitals, no accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
