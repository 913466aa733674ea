"""How a day and a school year are written out in a picture or on a paper; on a card a day is said as people say it."""

from __future__ import annotations

from datetime import date

from flows import paper_messages as p
from flows.language import Language

SHORT = 4  # letters of a month that is written short; «mars», «juni» and «juli» are whole


def written(day: date, language: Language) -> str:
    """Return a day with its year: «4. desember 2026»."""
    return f"{without_year(day, language)} {day.year}"


def without_year(day: date, language: Language) -> str:
    return f"{day.day}. {p.MONTHS[day.month - 1].in_(language)}"


def brief(day: date, language: Language) -> str:
    """Return a day with its month in three letters or, where that is all of it, four: «4. des.», «4. mars»."""
    name = p.MONTHS[day.month - 1].in_(language)
    return f"{day.day}. {month_name(day.month, language)}{'.' if len(name) > SHORT else ''}"


def month_name(month: int, language: Language) -> str:
    """Return a month's short name."""
    name = p.MONTHS[month - 1].in_(language)
    return name if len(name) <= SHORT else name[:3]


def years(school_year: str) -> str:
    """Return a school year as it is written: «2026–2027»."""
    return school_year.replace("-", "–")
