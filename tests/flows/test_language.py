"""A text in the languages of the staff, and what fills its blanks."""

from __future__ import annotations

import pytest

from flows.language import Language, Text, same

HELLO = Text("Hei, {name}", "Hei du, {name}", "Hello, {name}")


@pytest.mark.parametrize(("language", "words"), [(Language.NB, "nå"), (Language.NN, "no"), (Language.EN, "now")])
def test_a_text_is_read_in_the_language_asked_for(language: Language, words: str) -> None:
    assert Text("nå", "no", "now").in_(language) == words


def test_bokmal_stands_in_where_nobody_has_written_english() -> None:
    assert Text("nå", "no").in_(Language.EN) == "nå"


def test_a_blank_that_is_a_text_is_filled_in_the_same_language() -> None:
    filled = HELLO.with_(name=Text("lærer", "lærar", "teacher"))
    assert filled == Text("Hei, lærer", "Hei du, lærar", "Hello, teacher")


def test_numbers_and_names_fill_a_blank_as_they_are() -> None:
    assert Text("{n} av {n}", "{n} av {n}").with_(n=3).in_(Language.NN) == "3 av 3"


def test_words_in_braces_that_fill_a_blank_are_left_alone() -> None:
    assert HELLO.with_(name="{x}").in_(Language.NB) == "Hei, {x}"


def test_a_name_reads_the_same_everywhere() -> None:
    assert {same("1BAA").in_(language) for language in Language} == {"1BAA"}
