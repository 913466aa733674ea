"""A dialog card as HTML with its fields; how it opens, closes and is handed in is the page's script's concern."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.web import look, words
from adapters.web.markup import Markup, element, joined
from flows.cards import (
    Appointment,
    Block,
    Button,
    Card,
    ChoiceField,
    DateField,
    Field,
    Link,
    Option,
    Step,
    Style,
    TextField,
    TimeField,
)
from flows.language import Language

FEW = 6  # options that are all shown at once


def dialog(card: Card, key: str, language: Language) -> Markup:
    """Return a dialog; `key` begins its ids and is unlike that of any other dialog on the page."""
    title = element("h3", card.title, id=f"{key}-title", tabindex=-1, dir="auto")
    close = element("button", words.CLOSE.in_(language), type="button", class_="button quiet", data_close=True)
    head = element("div", title, close, class_="dialog-head")
    inside = joined([_body(card, key, language), _foot(card)])
    form = _form(card.submit, inside)
    data = {"aria_modal": "false", "aria_labelledby": f"{key}-title"}
    return element("div", head, form, class_="dialog", role="dialog", **data)


def _form(submit: Button | None, inside: Markup) -> Markup:
    if submit is None:
        return element("div", inside, class_="dialog-form")
    data = {"data_submit": submit.action, "data_submit_reference": submit.reference}
    return element("form", inside, class_="dialog-form", novalidate=True, autocomplete="off", **data)


def _body(card: Card, key: str, language: Language) -> Markup:
    summary = element("div", class_="faults", id=f"{key}-faults", tabindex=-1, hidden=True)
    fields = (field(each, f"{key}-{number}", language) for number, each in enumerate(card.fields))
    inside = joined([summary, look.blocks(card.blocks, language), *fields])
    # A part that scrolls must take the keyboard where nothing in it does.
    is_still = not card.fields and not any(_takes_focus(block) for block in card.blocks)
    reach: dict[str, str] = {"tabindex": "0", "role": "group", "aria_labelledby": f"{key}-title"} if is_still else {}
    return element("div", inside, class_="dialog-body", **reach)


def _takes_focus(block: Block) -> bool:
    return isinstance(block, Link | Appointment) or (isinstance(block, Step) and block.button is not None)


def _foot(card: Card) -> Markup:
    hand_in = _submit(card.submit) if card.submit else ""
    row = [hand_in, *(look.button(button) for button in card.buttons)]
    return element("div", *row, class_="buttons dialog-foot") if any(row) else Markup()


def _submit(button: Button) -> Markup:
    style = Style.DANGER if button.style is Style.DANGER else Style.PRIMARY
    return element("button", button.label, type="submit", class_=f"button {style.value}")


def field(shown: Field, key: str, language: Language) -> Markup:
    """Return a field with its label, hint and the empty place for what is wrong with it."""
    match shown:
        case ChoiceField() if shown.searches:
            return _labelled(shown, key, language, _combo(shown, key, language))
        case ChoiceField() if _is_group(shown):
            return _group(shown, key, language)
        case ChoiceField():
            return _labelled(shown, key, language, _select(shown, key, language))
        case TextField() | DateField() | TimeField():
            return _labelled(shown, key, language, _input(shown, key))


def _is_group(shown: ChoiceField) -> bool:
    return not shown.searches and (shown.several or len(shown.options) <= FEW)


def _labelled(shown: Field, key: str, language: Language, control: Markup) -> Markup:
    label = element("label", shown.label, " ", _need(shown, language), for_=key, dir="auto")
    below = element("p", class_="fault", id=f"{key}-fault", hidden=True)
    return element("div", label, _hint(shown, key), control, below, class_="field", **_data(shown, language))


def _data(shown: Field, language: Language) -> dict[str, str | bool]:
    """Return what the script needs to know: the name, how the value is read, what to say where none is given."""
    match shown:
        case ChoiceField() if shown.searches:
            kind, missing = "combo", words.MISSING_IN_LIST
        case ChoiceField():
            kind, missing = "boxes" if _is_group(shown) else "value", words.MISSING_CHOICE
        case _:
            kind, missing = "value", words.MISSING_WORDS
    said = missing.in_(language) if shown.required else False
    unlisted = words.MISSING_IN_LIST.in_(language) if kind == "combo" else False
    return {"data_field": shown.name, "data_kind": kind, "data_missing": said, "data_unlisted": unlisted}


def _need(shown: Field, language: Language) -> Markup:
    word = words.REQUIRED if shown.required else words.OPTIONAL
    return element("span", word.in_(language), class_="need")


def _hint(shown: Field, key: str) -> Markup:
    return element("p", shown.hint, class_="hint", id=f"{key}-hint", dir="auto") if shown.hint else Markup()


def _said_by(shown: Field, key: str) -> dict[str, str]:
    ids = f"{key}-hint {key}-fault" if shown.hint else f"{key}-fault"
    return {"aria_describedby": ids}


def _input(shown: TextField | DateField | TimeField, key: str) -> Markup:
    said_by = _said_by(shown, key)
    match shown:
        case DateField():
            return element("input", type="date", id=key, value=shown.value, **said_by)
        case TimeField():
            return element("input", type="time", id=key, value=shown.value, **said_by)
        case TextField(lines=1):
            limit = {"maxlength": shown.max_length}
            return element("input", type="text", id=key, value=shown.value, autocomplete="off", **limit, **said_by)
        case TextField():
            # HTML swallows the first line break of a textarea, so it is given one.
            text = joined(["\n", shown.value])
            return element("textarea", text, id=key, rows=shown.lines, maxlength=shown.max_length, **said_by)


def _select(shown: ChoiceField, key: str, language: Language) -> Markup:
    first = (words.CHOOSE if shown.required else words.NOT_CHOSEN).in_(language)
    options = [element("option", first, value="")]
    for option in shown.options:
        label = f"{option.label} – {option.note}" if option.note else option.label
        options.append(element("option", label, value=option.value, selected=option.value in shown.value))
    return element("select", *options, id=key, **_said_by(shown, key))


def _group(shown: ChoiceField, key: str, language: Language) -> Markup:
    legend = element("legend", shown.label, " ", _need(shown, language), dir="auto")
    boxes = element("div", *_boxes(shown, key, language), class_="boxes")
    below = element("p", class_="fault", id=f"{key}-fault", hidden=True)
    data = _data(shown, language) | _said_by(shown, key)
    role = None if shown.several else "radiogroup"
    return element("fieldset", legend, _hint(shown, key), boxes, below, class_="field", role=role, **data)


def _boxes(shown: ChoiceField, key: str, language: Language) -> Iterator[Markup]:
    kind = "checkbox" if shown.several else "radio"
    options = shown.options
    if not shown.several and not shown.required:
        options = (*options, Option("", words.NOT_CHOSEN.in_(language)))  # a radio button can't be unpressed
    for option in options:
        is_chosen = option.value in shown.value or (not option.value and not shown.value)
        box = element("input", type=kind, name=key, value=option.value, checked=is_chosen)
        note = element("span", option.note, class_="note", dir="auto") if option.note else ""
        yield element("label", box, element("span", option.label, note, dir="auto"), class_="box")


def _combo(shown: ChoiceField, key: str, language: Language) -> Markup:
    several = {"aria_multiselectable": "true" if shown.several else None}
    said = words.CHOSEN.in_(language)
    chosen = element("ul", class_="chosen", aria_label=f"{said}: {shown.label}", hidden=True) if shown.several else ""
    opens = {"role": "combobox", "aria_expanded": "false", "aria_controls": f"{key}-list", "aria_autocomplete": "list"}
    hint = words.SEARCH.in_(language)
    field_input = element(
        "input", type="text", id=key, autocomplete="off", placeholder=hint, **opens, **_said_by(shown, key)
    )
    options = (_option(option, f"{key}-o{at}", shown) for at, option in enumerate(shown.options))
    listbox = element(
        "ul",
        *options,
        id=f"{key}-list",
        class_="listbox",
        role="listbox",
        aria_label=shown.label,
        hidden=True,
        **several,
    )
    hits = element("p", class_="hits", role="status")
    return element("div", chosen, field_input, listbox, hits, class_="combo", data_several=shown.several)


def _option(option: Option, key: str, shown: ChoiceField) -> Markup:
    note = element("span", option.note, class_="note", dir="auto") if option.note else ""
    is_chosen = option.value in shown.value
    data = {"data_value": option.value, "data_label": option.label}
    text = element("span", option.label, dir="auto")
    return element("li", text, note, id=key, role="option", aria_selected="true" if is_chosen else "false", **data)
