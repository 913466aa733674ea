"""The plan on one page: for the class at skolestart, and for guardians; the words are the plan pack's own.

Source: A3, A2b, G2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flows import paper_messages as p
from flows.calendar_words import written
from flows.handouts import Handout
from flows.language import Language, Text
from flows.papers.paper import Block, Bullet, Heading, Paper, Paragraph
from flows.plan import Plan
from flows.school import School
from flows.sheet import Point, Sheet


def class_sheet(plan: Plan, school: School, language: Language, today: date) -> Paper | None:
    """Return what the kontaktlærer goes through with the class; None where the plan has no such sheet."""
    return _paper(plan, "class_sheet", p.CLASS_SHEET_TITLE, school, language, today)


def guardians_page(plan: Plan, school: School, language: Language, today: date) -> Paper | None:
    """Return what guardians get, with whom they can ask; None where the plan has no such sheet."""
    return _paper(plan, "guardians", p.GUARDIANS_TITLE, school, language, today)


SHEETS = {Handout.CLASS_SHEET: class_sheet, Handout.GUARDIANS: guardians_page}


def _paper(plan: Plan, name: str, title: Text, school: School, language: Language, today: date) -> Paper | None:
    sheet = plan.sheets.get(name)
    if sheet is None:
        return None
    contact = p.PAPER_CONTACT.in_(language).format(school=school.name, phone=school.phone)
    return Paper(
        title=title.in_(language),
        subtitle=school.name,
        language=language,
        blocks=(*_blocks(sheet, plan, language), Paragraph(contact)),
        footer=footer(plan, language, today),
        is_one_page=True,
    )


def footer(plan: Plan, language: Language, today: date) -> str:
    """Say which version of the plan a paper follows, and when it was made."""
    version = written(date.fromisoformat(plan.version), language)
    return p.PAPER_FOOTER.in_(language).format(version=version, day=written(today, language))


def _blocks(sheet: Sheet, plan: Plan, language: Language) -> Iterator[Block]:
    for part in sheet:
        points = [point for point in part.points if _applies(point, plan)]
        if points:
            yield Heading(part.title.in_(language))
            yield from (Bullet(point.text.in_(language), point.origin(language)) for point in points)


def _applies(point: Point, plan: Plan) -> bool:
    return not point.duty or plan.duties[point.duty].adopted
