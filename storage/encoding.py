"""One unambiguous byte form of a row's fields, for tags and chains; it is never decoded again."""

from __future__ import annotations

Field = str | int | bytes | bool | None


def encode(*fields: Field) -> bytes:
    """Return the fields with their kinds and lengths before them: two different rows never look alike."""
    return b"".join(_encode(field) for field in fields)


def _encode(field: Field) -> bytes:
    if field is None:
        return b"-"
    if isinstance(field, bool):
        return b"t" if field else b"f"
    if isinstance(field, int):
        return _framed(b"i", str(field).encode())
    if isinstance(field, str):
        return _framed(b"s", field.encode())
    return _framed(b"b", field)


def _framed(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(8, "big") + content
