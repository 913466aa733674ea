"""A figure and the limit that it is held to; `make bench` fails where one is beyond it."""

from __future__ import annotations

beyond: list[str] = []


def figure(said: str, value: float, unit: str = "", *, most: float | None = None, least: float | None = None) -> None:
    """Print a figure, and note it where it is over the most or under the least that it may be."""
    limits = [f"{word} {limit:g}" for word, limit in (("at most", most), ("at least", least)) if limit is not None]
    line = f"{said}: {value:.2f}{unit}" + (f" ({', '.join(limits)})" if limits else "")
    print(line, flush=True)
    if (most is not None and value > most) or (least is not None and value < least):
        beyond.append(line)
