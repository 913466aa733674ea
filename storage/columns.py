"""How instants and lists stand in a column, alike on both databases; the tables are in `tables.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class NaiveInstant(DontWrapMixin, ValueError):
    """A datetime without a time zone is no instant."""


def microseconds(at: datetime) -> int:
    """Return an instant as whole microseconds UTC; raise `NaiveInstant` for one without a time zone."""
    if at.utcoffset() is None:
        raise NaiveInstant(at.isoformat())
    return (at - _EPOCH) // _MICROSECOND


class Duration(TypeDecorator[timedelta]):
    """What a statement adds to an instant."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, _dialect: Dialect) -> int | None:
        return None if value is None else value // _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware instant as microseconds UTC: SQLite would keep a local wall time, which is ambiguous in autumn."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND

    def coerce_compared_value(self, _operator: object, value: object) -> TypeEngine[Any]:
        return Duration() if isinstance(value, timedelta) else self


class SchoolDay(TypeDecorator[date]):
    """A day at the school as YYYY-MM-DD: a day is no instant."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, _dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class CommaList(TypeDecorator[tuple[str, ...]]):
    """A few ids in one column."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, _dialect: Dialect) -> str | None:
        ids = tuple(value or ())
        if any("," in item or not item for item in ids):
            raise ValueError("an id in a list is empty or holds a comma")
        return ",".join(ids)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[str, ...]:
        return tuple(value.split(",")) if value else ()
