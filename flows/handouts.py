"""What people get by a link: papers and pictures that hold no pupil; where they are is the shell's business."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from flows.language import Language


class Handout(StrEnum):
    """The words stand in links that are out there, so they are never changed."""

    CLASS_SHEET = "class_sheet"
    GUARDIANS = "guardians"
    YEAR = "year"  # the year as a picture, of a scope
    REPORT = "report"


Address = Callable[[Handout, str, Language], str]  # what, of which scope, in which language; empty: there is no link


def nowhere(_: Handout, __: str, ___: Language) -> str:
    """Return no link: this installation has no address of its own."""
    return ""
