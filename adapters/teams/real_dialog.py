"""A real dialog, which stands in no chat: its form travels in its own button, and comes back with what was filled in.

So nothing of it is remembered here: after a restart, and on another replica, it can be shown again with what is wrong.
It comes back signed: only what was shown, which is as large as a card may be, is unpacked and drawn again.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping

from adapters.teams import look, words
from adapters.teams.fields import BETWEEN, SEVERAL, option
from adapters.teams.look import Json, attachment
from flows.cards import Card, Option
from flows.language import Language
from flows.port import Signer

FIND_WITHIN = 0.5  # seconds, for all that was chosen together: somebody waits, and Teams doesn't for long

Find = Callable[[str, str], Awaitable[tuple[Option, ...]]]  # in a list, by its name
Named = Mapping[tuple[str, str], Option]  # what was chosen, by its list and its value


def opened(shown: Card, language: Language, signer: Signer, notice: str = "") -> Json:
    """Return the answer that opens a dialog, or puts it in the place of another; `notice` is said in it once."""
    made = _drawn(shown, language, notice)
    if shown.submit:
        made = _bringing(made, _packed({"title": shown.title, "card": _drawn(shown, language)}, signer))
    return _answer(shown.title, made)


def _drawn(shown: Card, language: Language, notice: str = "") -> Json:
    drawn: Json = look.for_dialog(look.card(shown, language, notice, in_chat=False))
    return drawn


async def again(
    packed: str,
    values: Mapping[str, tuple[str, ...]],
    faults: Mapping[str, str],
    language: Language,
    signer: Signer,
    find: Find,
) -> Json | None:
    """Return the answer that shows a form as it was filled in, with what is wrong; None where none of ours came back.

    A fault stands above its field, or above all else where the form hasn't got that field.
    """
    form = _unpacked(packed, signer)
    if form is None:
        return None
    title, *body = form["card"]["body"]
    named = await _named(body, values, find)
    fields: list[Json] = []
    others = dict(faults)
    for each in body:
        name = _name(each)
        if name and (fault := others.pop(name, "")):
            fields.append(_warning(fault))
        fields.append(_filled(each, values.get(name, ()), named) if name else each)
    above = [*others.values(), *([words.SEE_BELOW.in_(language)] if len(others) < len(faults) else [])]
    made = {**form["card"], "body": [title, *map(_warning, above), *fields]}
    return _answer(form["title"], _bringing(made, packed))


def _name(made: Json) -> str:
    """Return the name of the field that an input is of; empty for what is no input."""
    return str(made.get("id", "")).removeprefix(SEVERAL)


def _warning(fault: str) -> Json:
    return {"type": "Container", "style": "warning", "items": [look.paragraph(fault)]}


def _filled(made: Json, given: tuple[str, ...], named: Named) -> Json:
    """Return an input with what was filled into it; of a list that is too long for a card, with what was chosen."""
    filled = {name: value for name, value in made.items() if name != "value"}
    if source := _source(made):
        filled["choices"] = [_choice(value, named.get((source, value))) for value in given]
    elif "choices" in made:
        known = {each["value"] for each in made["choices"]}
        given = tuple(value for value in given if value in known)
    return {**filled, "value": BETWEEN.join(given)} if given else filled


def _choice(value: str, named: Option | None) -> Json:
    return option(named) if named else {"title": value, "value": value}


def _source(made: Json) -> str:
    """Return the list that an input is looked up in while somebody types; empty for one that holds its choices."""
    return str(made["choices.data"]["dataset"]) if "choices.data" in made else ""


async def _named(body: Iterable[Json], values: Mapping[str, tuple[str, ...]], find: Find) -> Named:
    """Return what was chosen from long lists under its own name, as far as they say so in time."""
    chosen = {(source, value) for each in body if (source := _source(each)) for value in values.get(_name(each), ())}
    if not chosen:
        return {}
    asked = {asyncio.ensure_future(find(*each)): each for each in chosen}
    answered, late = await asyncio.wait(asked, timeout=FIND_WITHIN)
    for each in late:
        each.cancel()
    found = ((asked[each][0], shown) for each in answered for shown in each.result())
    return {(source, shown.value): shown for source, shown in found}


def _bringing(made: Json, packed: str) -> Json:
    """Return a form whose own button hands in the form itself, too."""
    return {**made, "actions": [_with_form(each, packed) for each in made["actions"]]}


def _with_form(action: Json, packed: str) -> Json:
    match action:
        case {"data": {look.HANDS_IN: True} as data}:
            return {**action, "data": {**data, look.FORM: packed}}
    return action


def _answer(title: str, made: Json) -> Json:
    value = {"title": title, "height": "large", "width": "medium", "card": attachment(made)}
    return {"task": {"type": "continue", "value": value}}


def _packed(form: Json, signer: Signer) -> str:
    packed = b64encode(zlib.compress(json.dumps(form).encode())).decode()
    return f"{packed}.{signer.sign(packed)}"


def _unpacked(signed: str, signer: Signer) -> Json | None:
    """Return a form that has come back; None where it isn't one that was shown."""
    packed, _, signature = signed.rpartition(".")
    if not signer.has_signed(packed, signature):
        return None
    form: Json = json.loads(zlib.decompress(b64decode(packed)))
    return form
