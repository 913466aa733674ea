"""The single values of a school file that have a form of their own: how each is written, and what is wrong with it."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints


def _span(value: object) -> object:
    first, _, last = str(value).partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise ValueError("Skriv en dag som ÅÅÅÅ-MM-DD, eller første..siste dag.") from error
    if days[0] > days[1]:
        raise ValueError("Den siste dagen er før den første.")
    return days


def _phone(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\+?[0-9][0-9 ]{1,18}[0-9]", value):
        return value
    raise ValueError("Skriv telefonnummeret med siffer, for eksempel +47 900 00 001.")


def _clock(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-2][0-9]:[0-5][0-9]", value) and value < "24":
        return time.fromisoformat(value)
    raise ValueError("Skriv klokkeslettet som 15:30.")


def _preferred(value: object) -> object:
    if value in ("", "slack", "teams"):
        return value
    raise ValueError("Skriv slack eller teams, med små bokstaver, eller fjern «prefers».")


Clock = Annotated[time, BeforeValidator(_clock)]
Span = Annotated[tuple[date, date], BeforeValidator(_span)]
Phone = Annotated[str, BeforeValidator(_phone)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
ObjectId = Annotated[str, StringConstraints(to_lower=True)]  # Teams says it so, whatever it was copied from
Preferred = Annotated[str, BeforeValidator(_preferred)]
