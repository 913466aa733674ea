"""Whatever keeps the program from starting is said in a sentence, without a password or a key."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.refusals import refusals
from storage import errors as s
from storage.cipher import KeyRing
from storage.database import open_database

KEYS = KeyRing.parse(KeyRing.new_key())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (s.DatabaseTooNew("9999", "0001"), "nyere versjon"),
        (s.DatabaseInUse("school.sqlite"), "i bruk av et annet program"),
        (s.DatabaseDamaged("school.sqlite", "page 3"), "skadet"),
        (s.WrongKey(frozenset({"ab12cd34"})), "ab12cd34 mangler"),
        (s.BadDatabaseUrl(), "sqlite:/// eller postgresql://"),
        (s.DatabaseUnavailable("08006"), "svarer ikke"),
        (OSError(errno.EADDRINUSE, "Address already in use"), "HOST og PORT"),
    ],
)
def test_each_is_a_sentence(error: Exception, said: str) -> None:
    [sentence] = refusals(error)
    assert said in sentence
    assert sentence.endswith(".")


def test_what_is_not_known_is_not_explained_away() -> None:
    assert refusals(RuntimeError("a bug")) == []


async def test_a_database_that_a_newer_version_has_changed_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "school.sqlite"
    await (await open_database(f"sqlite:///{file}", KEYS)).close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    before = file.read_bytes()
    with pytest.raises(s.DatabaseTooNew) as refused:
        await open_database(f"sqlite:///{file}", KEYS)
    assert "9999" in refusals(refused.value)[0]
    assert file.read_bytes() == before


async def test_a_password_in_the_address_is_never_repeated() -> None:
    with pytest.raises(s.StorageFault) as refused:
        await open_database("mysql://rusplan:hemmelig@localhost/x", KEYS)
    assert "hemmelig" not in refusals(refused.value)[0]
