"""Anything at all in the places of a platform's payload, for Hypothesis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st


def anything(names: Sequence[str], words: Sequence[str]) -> st.SearchStrategy[Any]:
    """Return what makes up any JSON; objects have some of these names, and texts may be one of these words."""
    plainly = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(words) | st.text(max_size=5)
    return st.recursive(
        plainly,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(names), inner, max_size=6),
        max_leaves=25,
    )


def objects(names: Sequence[str], words: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names), anything(names, words), max_size=12)


def paths(body: Any, before: str = "") -> Iterator[str]:
    """Yield every place in a payload, save those whose own name has a dot."""
    for name, inner in body.items() if isinstance(body, dict) else enumerate(body):
        if "." not in str(name):
            yield f"{before}{name}"
            if isinstance(inner, dict | list):
                yield from paths(inner, f"{before}{name}.")


def each(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return every kind of payload with each of its paths."""
    return [(kind, path) for kind, paths in table.items() for path in paths]
