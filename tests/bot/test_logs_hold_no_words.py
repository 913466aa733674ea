"""Logs hold ids: no name, no class, nothing that was typed, in no log line of a whole story and its failures."""

from __future__ import annotations

import json
import logging

import pytest

from bot.log import LineFormatter
from flows.port import Address, Incoming, Refused, Typed
from tests.school import CHAT, School

NAMED = "Per Olsen i 2BA, født 01019912345"


async def test_a_whole_story_with_failures_logs_none_of_its_words(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    school.chat.faults = [Refused("down"), RuntimeError(NAMED)]
    await school["ola"].types(NAMED)
    await school["ola"].types(f"/rus-hendelse {NAMED}")
    await school["ola"].submits(hendelsestype="synlig_beruset", place="Verksted", **{"class": "1BAA"})
    await school.passes(minutes=5)
    await school["arne"].presses("Jeg tar saken")

    async def broken(*_: object) -> None:
        raise RuntimeError(NAMED)

    school.app.turns.library.roster = broken  # type: ignore[method-assign,assignment]
    await school.app.turns.handle(Incoming("x", Address(CHAT, "t", "ola"), Typed(NAMED)))
    formatter = LineFormatter()
    lines = [formatter.format(record) for record in caplog.records]
    assert any("turn_failed" in line for line in lines)
    assert any("delivery_failed" in line for line in lines)
    said = "\n".join(lines)
    people = school.library.schools[0].people.values()
    for word in (*NAMED.split()[:2], "01019912345", "1BAA", "Verksted", "beruset", *(p.name for p in people)):
        assert word not in said


def test_another_librarys_words_are_left_out() -> None:
    record = logging.LogRecord("sqlalchemy.engine", logging.WARNING, "x.py", 7, "INSERT %s", (NAMED,), None)
    line = json.loads(LineFormatter().format(record))
    assert line["event"] == "sqlalchemy.engine:7"
    assert "Olsen" not in json.dumps(line)


def test_an_exception_is_its_type_and_its_place() -> None:
    try:
        int(NAMED)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
        record = logging.LogRecord("rusplan.turn", logging.ERROR, "x.py", 7, "turn_failed", None, info)
    line = json.loads(LineFormatter().format(record))
    assert line["error"] == "ValueError"
    assert "Olsen" not in json.dumps(line)
    assert "test_logs_hold_no_words.py" in line["frames"][0]
