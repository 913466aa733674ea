"""HTML that can't forget to escape: whatever isn't `Markup` is text; it knows no card and no page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"img", "input", "link", "meta"})

Attribute = str | int | bool | None


class Markup(str):
    """A string that is HTML already."""

    __slots__ = ()


def markup(text: str) -> Markup:
    """Return text as HTML that shows it literally; what is HTML already stays as it is."""
    if isinstance(text, Markup):
        return text
    return Markup(escape(text.encode("utf-8", "replace").decode("utf-8"), quote=True))


def joined(parts: Iterable[str]) -> Markup:
    """Return parts one after the other."""
    return Markup("".join(markup(part) for part in parts))


def element(tag: str, *children: str, **attributes: Attribute) -> Markup:
    """Return one element; an attribute that is None or False is left out, `data_user` is written data-user."""
    opening = "".join([tag, *(_attribute(name, value) for name, value in attributes.items())])
    if tag in _VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{joined(children)}</{tag}>")


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{markup(str(value))}"'
