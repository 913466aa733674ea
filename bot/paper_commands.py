"""`rusplan plan sheet` and `rusplan plan guardians`: the plan on one page, as a PDF or as text; no database."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.clock import SystemClock
from bot.exits import FAULTS_FOUND, FINE
from bot.files import FaultyFile, load_plans, load_school
from flows.language import Language
from flows.papers.paper import Paper, plain_text
from flows.papers.sheets import class_sheet, guardians_page
from flows.plan import Plan
from flows.school import School
from flows.school_days import local_day

Make = Callable[[Plan, School, Language, date], Paper | None]


def write_class_sheet(arguments: Namespace) -> int:
    return _write(arguments, class_sheet, "class_sheet")


def write_guardians_page(arguments: Namespace) -> int:
    return _write(arguments, guardians_page, "guardians")


def _write(arguments: Namespace, make: Make, name: str) -> int:
    try:
        plans = load_plans(arguments.plan)
        school = load_school(arguments.school, plans)
    except FaultyFile as faulty:
        print(*faulty.faults, sep="\n", file=sys.stderr)
        return FAULTS_FOUND
    today = local_day(SystemClock().now())
    paper = make(plans[school.plan], school, Language(arguments.language or school.language), today)
    if paper is None:
        print(f"Planen {school.plan} har ikke noe slikt ark. Skriv det under «sheets», «{name}».", file=sys.stderr)
        return FAULTS_FOUND
    if arguments.text:
        print(plain_text(paper), end="")
        return FINE
    from adapters.papers import pdf  # noqa: PLC0415 - paid where it is used

    return _save(pdf(paper), arguments.out)


def _save(written: bytes, file: Path) -> int:
    try:
        file.write_bytes(written)
    except OSError:
        print(f"{file} kan ikke skrives. Finnes mappa, og er fila åpen i et annet program?", file=sys.stderr)
        return FAULTS_FOUND
    print(f"{file} er skrevet.")
    return FINE
