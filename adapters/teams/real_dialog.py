"""A real dialog, which stands in no chat: its form travels in its own button, and comes back with what was filled in.

So nothing of it is remembered here: after a restart, and on another replica, it can be shown again with what is wrong.
Whoever sends another form back than was shown is the only one who sees it.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from adapters.payload import MAX_BODY, clean, from_json
from adapters.teams import look, words
from adapters.teams.fields import BETWEEN, SEVERAL, option
from adapters.teams.look import Json, attachment
from flows.cards import Card, Option
from flows.language import Language

FIND_WITHIN = 0.5  # seconds: somebody waits, and Teams doesn't for long

Find = Callable[[str, str], Awaitable[tuple[Option, ...]]]  # in a list, by its name


def opened(shown: Card, language: Language, notice: str = "") -> Json:
    """Return the answer that opens a dialog, or puts it in the place of another; `notice` is said in it once."""
    made = _drawn(shown, language, notice)
    if shown.submit:
        made = _bringing(made, _packed({"title": shown.title, "card": _drawn(shown, language)}))
    return _answer(shown.title, made)


def _drawn(shown: Card, language: Language, notice: str = "") -> Json:
    drawn: Json = look.for_dialog(look.card(shown, language, notice, in_chat=False))
    return drawn


async def again(
    packed: str, values: Mapping[str, tuple[str, ...]], faults: Mapping[str, str], language: Language, find: Find
) -> Json | None:
    """Return the answer that shows a form as it was filled in, with what is wrong; None where none has come back.

    A fault stands above its field, or above all else where the form hasn't got that field.
    """
    form = _unpacked(packed)
    if form is None:
        return None
    title, *body = form["card"]["body"]
    fields: list[Json] = []
    others = dict(faults)
    for each in body:
        name = str(each.get("id", "")).removeprefix(SEVERAL)
        if name and (fault := others.pop(name, "")):
            fields.append(_warning(fault))
        fields.append(await _filled(each, values.get(name, ()), find) if name else each)
    above = [*others.values(), *([words.SEE_BELOW.in_(language)] if len(others) < len(faults) else [])]
    made = {**form["card"], "body": [title, *map(_warning, above), *fields]}
    return _answer(form["title"], _bringing(made, packed))


def _warning(fault: str) -> Json:
    return {"type": "Container", "style": "warning", "items": [look.paragraph(fault)]}


async def _filled(made: Json, given: tuple[str, ...], find: Find) -> Json:
    """Return an input with what was filled into it; of a list that is too long for a card, with what was chosen."""
    filled = {name: value for name, value in made.items() if name != "value"}
    match made:
        case {"choices.data": {"dataset": str(source)}}:
            filled["choices"] = [*await asyncio.gather(*(_chosen(value, source, find) for value in given))]
        case {"choices": list(choices)}:
            known = [each["value"] for each in choices if isinstance(each, dict) and "value" in each]
            given = tuple(value for value in given if value in known)
    return {**filled, "value": BETWEEN.join(given)} if given else filled


async def _chosen(value: str, source: str, find: Find) -> Json:
    """Return a choice by its value, under its own name where the list can be asked."""
    try:
        async with asyncio.timeout(FIND_WITHIN):
            found = await find(source, value)
    except TimeoutError:
        found = ()
    return next((option(each) for each in found if each.value == value), {"title": value, "value": value})


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


def _packed(form: Json) -> str:
    return b64encode(zlib.compress(json.dumps(form).encode())).decode()


def _unpacked(packed: str) -> Json | None:
    """Return a form that has come back; None where it isn't one."""
    unpacking = zlib.decompressobj()
    try:
        found: Any = clean(from_json(unpacking.decompress(b64decode(packed), MAX_BODY).decode()))
    except (ValueError, zlib.error, RecursionError):
        return None
    match found:
        case {"title": str(), "card": {"body": [_, *_] as body, "actions": list(actions)}}:
            return found if all(isinstance(each, dict) for each in (*body, *actions)) else None
    return None
