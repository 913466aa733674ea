"""`rusplan plan year` as a coordinator reads it: what goes out when, and to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.cli import main
from tests.school import DEMO_SCHOOL

YEAR = ["plan", "year", "--school", str(DEMO_SCHOOL)]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main([*YEAR, "--json", *words]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_at_skolestart_every_kontaktlaerer_is_reminded_of_each_class(capsys: pytest.CaptureFixture[str]) -> None:
    found = [each for each in said(capsys, "--from", "2026-08-17", "--to", "2026-08-17") if each["measure"] == "W04"]
    assert len(found) == 21
    assert {each["at"] for each in found} == {"2026-08-17T06:00:00+00:00"}
    ola = next(each for each in found if each["audience"] == {"kind": "class", "id": "1BAA"})
    assert (ola["role"], ola["person"], ola["name"]) == ("kontaktlærer", "ola", "Ola Rise")
    assert (ola["dated_by"], ola["binding"], ola["number"]) == ("plan", "skal", 1)


def test_the_last_day_of_the_period_is_part_of_it_and_the_next_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    days = {each["at"][:10] for each in said(capsys, "--from", "2026-09-01", "--to", "2026-09-15")}
    assert min(days) == "2026-09-01"
    assert max(days) == "2026-09-15"


def test_the_whole_year_is_what_it_lists_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    own = said(capsys)
    assert not any(each["weekly"] for each in own)
    assert {each["measure"] for each in own} == {f"W{number:02}" for number in range(1, 31)}
    weekly = said(capsys, "--weekly")
    assert [each for each in weekly if not each["weekly"]] == own
    assert len(weekly) > len(own)


def test_it_is_read_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*YEAR, "--from", "2027-03-01", "--to", "2027-03-01"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(
        line.startswith("2027-03-01 08:00  W15  skal    tid: plan      skolen") and "Jon Vik" in line for line in lines
    )


def test_after_the_files_year_it_lists_what_would_come_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*YEAR, "--json", "--from", "2027-08-01", "--to", "2028-08-31"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert {each["school_year"] for each in found} == {"2027-2028", "2028-2029"}
    skolestart = [each for each in found if each["measure"] == "W04" and each["at"] == "2027-08-16T06:00:00+00:00"]
    assert len(skolestart) == 21
    assert {each["role"] for each in skolestart} == {"avdelingsleder"}, "nobody knows who has the classes"
    assert "gjelder skoleåret 2026-2027" in printed.err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--from", "2027-03-02", "--to", "2027-03-01"], 2, "--from er etter --to."),
        (["--school", "borte.yaml"], 1, "borte.yaml:1: Fila kan ikke leses: den finnes ikke."),
    ],
)
def test_what_cannot_be_listed_is_said(
    capsys: pytest.CaptureFixture[str], words: list[str], code: int, sentence: str
) -> None:
    assert main([*YEAR, *words]) == code
    assert sentence in capsys.readouterr().err


def test_a_day_that_is_none_is_not_understood(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*YEAR, "--from", "1. mars"])
    assert stopped.value.code == 2
    assert "ble ikke forstått" in capsys.readouterr().err
