"""A text in the languages that the staff read; the wording itself stands in `messages.py` and in the plan pack."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The written languages; a person's own choice comes before the school's."""

    NB = "nb"  # bokmål
    NN = "nn"  # nynorsk
    EN = "en"  # for staff who need it; where a text has none, bokmål stands in


LANGUAGE_NAMES = {Language.NB: "Bokmål", Language.NN: "Nynorsk", Language.EN: "English"}


@dataclass(frozen=True, slots=True)
class Text:
    """One meaning in bokmål and nynorsk, and in English where somebody wrote it."""

    nb: str
    nn: str
    en: str = ""

    def in_(self, language: Language) -> str:
        """Return the words in a language, bokmål where it has none."""
        if language is Language.NN:
            return self.nn
        return (self.en or self.nb) if language is Language.EN else self.nb

    def with_(self, **values: str | int | Text) -> Text:
        """Fill in the blanks; a blank that is a text itself is filled in the same language."""
        return Text(*(self._filled(language, values) for language in Language))

    def _filled(self, language: Language, values: dict[str, str | int | Text]) -> str:
        own = {Language.NB: self.nb, Language.NN: self.nn, Language.EN: self.en}[language]
        return own.format(**{k: v.in_(language) if isinstance(v, Text) else v for k, v in values.items()})


def same(words: str) -> Text:
    """Return a text that reads the same in every language: a name, a number."""
    return Text(words, words, words)
