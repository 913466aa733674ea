"""How a school's files are read: every value as text, every fault a Norwegian sentence; not what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from flows.faults import Fault, listed
from flows.language import Language, Text
from flows.limits import MAX_OPTION_LABEL

Parsed = TypeVar("Parsed")

MAX_QUOTED = 200  # characters of a wrong value that are quoted back

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class FileEntry(BaseModel):
    """An entry whose words are all known; an unknown one is a fault, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentences(FileEntry):
    """A sentence in the languages of the pack."""

    nb: Words
    nn: Words
    en: str = ""

    @property
    def text(self) -> Text:
        return Text(self.nb, self.nn, self.en)


def _label(value: object) -> object:
    """Read «bokmål / nynorsk», the short form for labels."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(" / ")]
    if len(parts) not in (2, 3) or not all(parts):
        raise ValueError("Skriv begge målformer med skråstrek mellom: «bokmål / nynorsk».")
    if max(map(len, parts)) > MAX_OPTION_LABEL:
        raise ValueError(f"En kort tekst kan være høyst {MAX_OPTION_LABEL} tegn.")
    return Text(*parts)


def _yes_no(value: object) -> object:
    known = {"yes": True, "no": False, "on": True, "off": False, "ja": True, "nei": False}
    if isinstance(value, str) and value.lower() in known:
        return known[value.lower()]
    raise ValueError("Skriv «yes» eller «no».")


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"«{_quoted(value)}» er ikke en dato. Skriv ÅÅÅÅ-MM-DD.") from error


def _number(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value):
        return int(value)
    raise ValueError(f"«{_quoted(value)}» er ikke et helt tall.")


def _quoted(value: object) -> str:
    return str(value)[:MAX_QUOTED]


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_OPTION_LABEL)]
Code = Annotated[str, StringConstraints(pattern=r"^[\w][\w .\-]{0,39}$")]  # a class, a person, a department: an id
Label = Annotated[Text, BeforeValidator(_label)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
OneOrMore = Annotated[tuple[Words, ...], BeforeValidator(_one_or_more)]
Day = Annotated[date, BeforeValidator(_day)]
Number = Annotated[int, BeforeValidator(_number)]
Languages = tuple[Language, ...]

_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "string_type": lambda _: "Her skal det stå en tekst.",
    "string_too_short": lambda _: "Her mangler teksten.",
    "string_too_long": lambda e: f"Teksten kan være høyst {e['ctx']['max_length']} tegn.",
    "too_short": lambda _: "Her må det stå minst én.",
    "too_long": lambda e: f"Her kan det stå høyst {e['ctx']['max_length']}.",
    "string_pattern_mismatch": lambda e: f"«{_quoted(e['input'])}» har ikke riktig form.",
    "tuple_type": lambda _: "Her skal det stå en liste: [a, b].",
    "dict_type": lambda _: "Her skal det stå underpunkter: «ord: verdi».",
    "model_type": lambda _: "Her skal det stå underpunkter: «ord: verdi».",
    "model_attributes_type": lambda _: "Her skal det stå underpunkter: «ord: verdi».",
    "dataclass_type": lambda _: "Her skal det stå en tekst: «bokmål / nynorsk».",
    "is_instance_of": lambda _: "Her skal det stå en tekst: «bokmål / nynorsk».",
    "value_error": lambda e: str(e["ctx"]["error"]),
}


def read(shape: type[Parsed], raw: object) -> tuple[Parsed | None, list[Fault]]:
    """Check a file's content against its shape; return what was read, or every fault."""
    try:
        return TypeAdapter(shape).validate_python(raw), []
    except ValidationError as error:
        return None, [_fault(dict(e)) for e in error.errors(include_url=False)]


def _fault(error: dict[str, Any]) -> Fault:
    path = tuple(str(part) for part in error["loc"] if part != "[key]")
    if error["type"] == "extra_forbidden":
        return Fault(path, f"Ukjent ord «{path[-1]}».")
    if error["type"] == "enum":
        choices = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return Fault(path, f"«{_quoted(error['input'])}» finnes ikke. Velg blant {listed(choices)}.")
    if error["type"] == "missing":
        return Fault(path[:-1], f"«{path[-1]}» mangler.")
    say = _SENTENCES.get(error["type"])
    return Fault(path, say(error) if say else "Har ikke riktig form.")
