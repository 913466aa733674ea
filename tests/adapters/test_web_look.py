"""Cards as HTML: everything is shown, everything is escaped, and what a sign says is also said in words."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from adapters.drawings import png
from adapters.web import look
from adapters.web.chat import chat
from adapters.web.chats import Answer, Posted, Said
from adapters.web.dialog import dialog as render_dialog
from adapters.web.markup import Markup, element, markup
from adapters.web.page import PageView, page
from adapters.web.people import Person, Site, anchor
from flows.cards import (
    Block,
    Button,
    Card,
    Caution,
    ChoiceField,
    DateField,
    Facts,
    Field,
    Heading,
    Link,
    Mark,
    Option,
    Paragraph,
    Picture,
    Step,
    Style,
    TextField,
    TimeField,
    dialog,
    message,
)
from flows.drawing import Drawing
from flows.language import Language
from flows.limits import CardTooLarge

NB, NN = Language.NB, Language.NN
AT = datetime(2026, 10, 14, 8, 42, tzinfo=UTC)
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    '" autofocus onfocus="alert(1)',
    "' x='",
    "&lt;b&gt; &amp;",
    "\u202egnirts\u202c <b>",
    "</textarea></select></ul>",
    "{0} {name} %s",
)


class Seen(HTMLParser):
    """What a browser would make of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def all_of(self, name: str) -> list[str]:
        return [value for each, value in self.attributes if each == name]


def shown(*blocks: Block, buttons: tuple[Button, ...] = (), language: Language = NB) -> Seen:
    return Seen(look.message(message("Tittel", blocks, buttons, summary="Kort"), language))


def opened(*fields: Field, language: Language = NB) -> Seen:
    return Seen(render_dialog(dialog("Tittel", [], fields, Button("save", "Lagre", "r1")), "d-x", language))


def hostile_card(words: str) -> Card:
    blocks = (
        Paragraph(words),
        Heading(words),
        Caution(words, words),
        Facts(((words, words),)),
        Step(words, words, Mark.DONE, words, Button(words, words, words)),
        Link(words, "https://example.org/" + words),
        Picture(Drawing(1, 1, ()), words),
    )
    return message(words, blocks, [Button(words, words, words)], summary=words)


def hostile_dialog(words: str) -> Card:
    options = (Option(words, words, words), Option("b", "b"))
    many = (*options, *(Option(str(at), words) for at in range(9)))
    fields = (
        TextField(words, words, value=words, hint=words),
        TextField(words, words, value=words, lines=3),
        ChoiceField(words, words, options, value=(words,), hint=words),
        ChoiceField(words, words, many, value=(words,)),
        ChoiceField(words, words, many, value=(words,), several=True, searches="classes"),
        DateField(words, words, value=words, hint=words),
        TimeField(words, words, value=words, hint=words),
    )
    return dialog(words[:20], hostile_card(words).blocks, fields, Button(words, words[:20], words))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_a_message_are_shown_and_do_nothing(words: str) -> None:
    """The same elements come out as with harmless words, no new attribute, and the words can be read."""
    harmless = Seen(look.message(hostile_card("harmless"), NB))
    seen = Seen(look.message(hostile_card(words), NB))
    assert seen.tags == harmless.tags
    assert [name for name, _ in seen.attributes] == [name for name, _ in harmless.attributes]
    assert seen.text.count(words) == harmless.text.count("harmless")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_a_dialog_are_shown_and_do_nothing(words: str) -> None:
    """The fields hold the words as their values, and nothing breaks out of them."""
    harmless = Seen(render_dialog(hostile_dialog("harmless"), "d-x", NB))
    seen = Seen(render_dialog(hostile_dialog(words), "d-x", NB))
    assert seen.tags == harmless.tags
    assert [name for name, _ in seen.attributes] == [name for name, _ in harmless.attributes]
    assert seen.all_of("value").count(words) == harmless.all_of("value").count("harmless")
    assert seen.text.count(words[:20]) == harmless.text.count("harmless")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_names_and_typed_words_do_nothing_on_the_page(words: str) -> None:
    """Names, roles, the school and what was typed are escaped as cards are."""

    def made_of(each: str) -> Seen:
        people = (Person(each, each, each), Person("b", "B B", each))
        site = Site(each, lambda: people, (each,), (each,))
        view = PageView(site, people, NB)
        return Seen(page(view, lambda _: (Said("1", AT, each, "d"), Posted("2", AT, hostile_card(each), "d"))))

    assert made_of(words).tags == made_of("harmless").tags
    assert words in made_of(words).all_of("data-user")


def test_a_user_name_makes_an_id_without_spaces_and_stays_unlike_others() -> None:
    """Ids are joined with spaces in ARIA, so none may hold one; two names never share an id."""
    names = ["a b", "a_b", "a.b", "a_20_b", "å", "a-b", "a"]
    made = [anchor(name) for name in names]
    assert len(set(made)) == len(names)
    assert not any(letter.isspace() for letter in "".join(made))


def test_what_is_html_already_is_not_escaped_twice_and_lone_surrogates_break_nothing() -> None:
    assert element("b", Markup("<i>x</i>"), "<") == "<b><i>x</i>&lt;</b>"
    assert markup("a\ud800b") == "a?b"
    assert element("input", value="", disabled=False, hidden=True) == '<input value="" hidden>'


def test_forty_kilobytes_never_become_a_card() -> None:
    """The card refuses before anything is rendered."""
    with pytest.raises(CardTooLarge):
        Paragraph("x" * 40_000)


def test_direction_of_foreign_words_stays_inside_their_own_element() -> None:
    """Words from people carry dir=auto, so that a right-to-left name can't turn the line around it."""
    assert '<p dir="auto">שלום</p>' in look.message(message("T", [Paragraph("שלום")], summary="s"), NB)


@pytest.mark.parametrize(
    ("mark", "words", "said"),
    [
        (Mark.OPEN, "", "Ikke gjort"),
        (Mark.DONE, "", "Gjort"),
        (Mark.QUESTION, "", "Må avklares"),
        (Mark.ENDED, "", "Avsluttet"),
        (Mark.DONE, "Tatt 10:14", "Tatt 10:14"),
    ],
)
def test_a_step_says_in_words_how_far_it_has_come(mark: Mark, words: str, said: str) -> None:
    """The sign is hidden from screen readers; the words are there whether the card gave some or not."""
    seen = shown(Step("Ring hjem", "Planen", mark, words))
    assert said in seen.text
    assert "true" in seen.all_of("aria-hidden")
    assert f"step {mark.value}" in seen.all_of("class")


def test_a_steps_mark_follows_the_pages_language() -> None:
    assert "Må avklarast" in shown(Step("Ring heim", mark=Mark.QUESTION), language=NN).text


def test_steps_in_a_row_are_one_list_and_a_paragraph_begins_another() -> None:
    seen = shown(Step("a"), Step("b"), Paragraph("p"), Step("c"))
    assert seen.tags.count("ul") == 2
    assert seen.tags.count("li") == 3


def test_a_steps_button_is_told_apart_from_its_like() -> None:
    """Two buttons that both read «Gjort» have names of their own."""
    seen = shown(Step("Ring hjem", button=Button("done", "Gjort", "a")), Step("Skriv", button=Button("done", "Gjort")))
    assert seen.all_of("aria-label") == ["Gjort: Ring hjem", "Gjort: Skriv"]


def test_every_block_has_its_element() -> None:
    """A golden look: what a message of all blocks is made of."""
    card = message(
        "Ny sak",
        [
            Caution("Ring 113.", "Sikkerhet"),
            Facts((("Sted", "Verkstedet"),)),
            Link("Planen", "https://example.org/?a=1&b=2"),
            Link("Ring", "tel:+4711"),
            Picture(Drawing(1, 1, ()), "Årshjulet"),
        ],
        [Button("take", "Jeg tar saken", "K7", Style.PRIMARY)],
        summary="Ny sak",
    )
    drawn = b64encode(png(Drawing(1, 1, ()))).decode("ascii")
    assert look.message(card, NB) == (
        '<div class="card"><h3 class="card-title" dir="auto">Ny sak</h3>'
        '<div class="caution" role="note"><strong dir="auto">Sikkerhet</strong><p dir="auto">Ring 113.</p></div>'
        '<dl class="facts"><div><dt dir="auto">Sted</dt><dd dir="auto">Verkstedet</dd></div></dl>'
        '<p><a href="https://example.org/?a=1&amp;b=2" class="link" target="_blank" rel="noopener noreferrer">Planen'
        '<span class="unseen"> (åpnes i ny fane)</span></a></p>'
        '<p><a href="tel:+4711" class="link">Ring</a></p>'
        f'<p class="picture"><img src="data:image/png;base64,{drawn}" alt="Årshjulet"></p>'
        '<div class="buttons"><button type="button" class="button primary" data-action="take" data-reference="K7">'
        "Jeg tar saken</button></div></div>"
    )


def test_a_text_field_says_what_it_is_and_what_belongs_to_it() -> None:
    """A golden look of one field: label, need in words, hint and the place for a fault, all tied together."""
    html = render_dialog(
        dialog("T", [], [TextField("who", "Hvem?", 80, "Siv", hint="En kollega")], Button("go", "Lagre")), "k", NB
    )
    assert (
        '<div class="field" data-field="who" data-kind="value" data-missing="Fyll ut dette feltet.">'
        '<label for="k-0" dir="auto">Hvem? <span class="need">må fylles ut</span></label>'
        '<p class="hint" id="k-0-hint" dir="auto">En kollega</p>'
        '<input type="text" id="k-0" value="Siv" autocomplete="off" maxlength="80" '
        'aria-describedby="k-0-hint k-0-fault"><p class="fault" id="k-0-fault" hidden></p></div>'
    ) in html


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(str(at), f"Svar {at}") for at in range(count))


def test_few_options_are_radio_buttons_and_many_a_list() -> None:
    few, many = opened(ChoiceField("f", "Felt", options(6))), opened(ChoiceField("f", "Felt", options(7)))
    assert few.all_of("type").count("radio") == 6
    assert "radiogroup" in few.all_of("role")
    assert many.tags.count("option") == 8  # and «Velg …»
    assert "radio" not in many.all_of("type")


def test_several_are_checkboxes_however_many() -> None:
    seen = opened(ChoiceField("f", "Felt", options(9), value=("1", "3"), several=True))
    assert seen.all_of("type").count("checkbox") == 9
    assert seen.all_of("checked") == ["", ""]


def test_a_field_that_searches_is_a_combobox_with_its_own_list() -> None:
    seen = opened(ChoiceField("f", "Felt", options(120), value=("5",), searches="classes"))
    assert seen.all_of("role") == ["dialog", "combobox", "listbox", *["option"] * 120, "status"]
    assert seen.all_of("aria-controls") == ["d-x-0-list"]
    assert seen.all_of("aria-selected").count("true") == 1
    assert "d-x-0-list" in seen.all_of("id")


def test_an_optional_choice_can_be_unmade() -> None:
    """Radio buttons can't be unpressed, so an optional group has one for no answer; it is the one chosen at first."""
    seen = opened(ChoiceField("f", "Felt", options(2), required=False))
    assert seen.all_of("type").count("radio") == 3
    assert "Ikke valgt" in seen.text
    assert len(seen.all_of("checked")) == 1


def test_need_is_said_in_words_in_both_languages() -> None:
    fields = (DateField("a", "A"), TimeField("b", "B", required=False))
    assert ("må fylles ut" in opened(*fields).text, "valgfritt" in opened(*fields).text) == (True, True)
    assert ("må fyllast ut" in opened(*fields, language=NN).text, "valfritt" in opened(*fields, language=NN).text) == (
        True,
        True,
    )
    assert {"date", "time"} <= set(opened(*fields).all_of("type"))


def test_a_long_text_keeps_its_first_line_break() -> None:
    """A browser swallows one line break after <textarea>."""
    seen = opened(TextField("f", "Felt", value="\nto", lines=3))
    assert "\n\nto" in seen.text


def test_a_dialog_that_only_says_something_takes_the_keyboard_and_has_no_form() -> None:
    html = render_dialog(dialog("T", [Paragraph("p")]), "k", NB)
    assert "<form" not in html
    assert 'tabindex="0" role="group"' in html


def test_handing_in_stands_out_also_when_the_card_left_it_plain() -> None:
    html = render_dialog(dialog("T", [], [DateField("d", "Dag")], Button("go", "Lagre", "r")), "k", NB)
    assert '<button type="submit" class="button primary">Lagre</button>' in html
    assert 'data-submit="go" data-submit-reference="r"' in html


def test_a_chat_shows_who_said_what_when_in_oslo() -> None:
    """Own words, a message that was edited, and an answer that only this person sees."""
    card = message("Ny sak", summary="Ny sak")
    entries = (Said("1", AT, "hei", "d1"), Posted("2", AT, card, "d2", AT.replace(hour=11)), Answer("3", AT, card))
    seen = Seen(chat(entries, NB))
    assert seen.text.count("10:42") == 3
    assert "Oppdatert 13:42" in seen.text
    assert "Bare du ser dette" in seen.text
    assert seen.all_of("data-entry") == ["2", "3"]


def test_an_empty_chat_says_how_to_begin() -> None:
    assert "/rus-hendelse" in Seen(chat((), NN)).text


def test_first_names_that_two_share_are_told_apart_in_the_tabs() -> None:
    people = (Person("a", "Kari Nes", "Rektor"), Person("b", "Kari Vik", "Lærer"), Person("c", "Ola Li", "Lærer"))
    html = page(PageView(Site("S", lambda: people), people, NB), lambda _: ())
    assert "<span>Kari Nes</span>" in html
    assert "<span>Kari Vik</span>" in html
    assert "<span>Ola</span>" in html


def test_a_person_who_sits_there_is_offered_nowhere() -> None:
    """Every link swaps in somebody who isn't shown; the address keeps the others in their places."""
    people = tuple(Person(user, f"{user} x", "Lærer") for user in "abc")
    seen = Seen(page(PageView(Site("S", lambda: people), people[:2], NN), lambda _: ()))
    assert {"/?as=c,b&lang=nn", "/?as=a,c&lang=nn", "/?as=a,b,c&lang=nn"} <= set(seen.all_of("href"))
    assert not [href for href in seen.all_of("href") if href.startswith(("/?as=a,a", "/?as=b,b"))]


def test_nobody_can_be_added_beside_four_or_removed_when_alone() -> None:
    people = tuple(Person(user, f"{user} x", "Lærer") for user in "abcde")
    four = page(PageView(Site("S", lambda: people), people[:4], NB), lambda _: ())
    one = page(PageView(Site("S", lambda: people), people[:1], NB), lambda _: ())
    assert "Legg til person" not in four
    assert "Fjern a x" in four
    assert "Legg til person" in one
    assert "Fjern a x" not in one
