"""The command line as a coordinator and an administrator meet it: exit codes, sentences, all faults at once."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.files import FaultyFile
from bot.library import load_library
from storage.cipher import KeyRing
from storage.database import open_database
from tests.school import DEMO_SCHOOL

PACK = Path(__file__).parent.parent.parent / "flows" / "plans" / "oppdal" / "plan.yaml"


def test_the_shipped_plan_and_the_demo_school_have_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "check"]) == 0
    assert main(["school", "check", "bot/demo_school.yaml"]) == 0
    assert capsys.readouterr().out.count("Ingen feil") == 2


def test_of_a_school_file_whose_year_has_not_begun_it_is_said_when_it_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "school.yaml"
    file.write_text(re.sub(r"\b20(2[67])\b", lambda year: str(2070 + int(year[1])), DEMO_SCHOOL.read_text()))
    assert main(["school", "check", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Skoleåret 2096-2097 har ikke begynt. Fila gjelder fra 1. august 2096." in said
    assert "fila for 2095-2096" in said
    assert main(["school", "check", str(DEMO_SCHOOL)]) == 0
    assert "har ikke begynt" not in capsys.readouterr().out


def test_all_faults_of_a_plan_are_named_with_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PACK.read_text()
    broken = text.replace("who: [rektor], delegate: no, deadline: {school_days: 1}", "who: [rektro], deadline: snart")
    broken = broken.replace("record: {reported: yes, at: time}", "record: {reported: kanskje, at: time}")
    file = tmp_path / "plan.yaml"
    file.write_text(broken)
    assert main(["plan", "check", str(file)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    for line in lines:
        name, number, sentence = line.split(":", 2)
        assert name == str(file)
        there = broken.splitlines()[int(number) - 1]
        assert "snart" in there or "kanskje" in there
        assert sentence.strip().endswith(".")


def test_what_the_plan_says_of_facts_comes_with_its_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", "duties", "hendelsestype=synlig_beruset+bruk_pa_omradet", "under_18=ja", "stoff=illegalt"]
    assert main([*words, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    outcomes = {duty["duty"]: duty["outcome"] for duty in said["duties"]}
    assert len(outcomes) == 22
    assert (outcomes["B1.4"], outcomes["B6.1"], outcomes["B7.2"]) == ("ja", "ja", "avklar")
    clause = next(duty["clauses"][0] for duty in said["duties"] if duty["duty"] == "B1.4")
    assert clause == {"id": "B1.4", "sentence": "Foresatte kontaktes (hvis eleven er under 18 år."}
    assert main(words) == 0
    assert "ja      B6.1" in capsys.readouterr().out


def test_off_the_schools_grounds_the_police_are_not_a_ja(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", "duties", "hendelsestype=bruk_pa_omradet", "stoff=illegalt", "--json", "--elsewhere"]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    assert next(d["outcome"] for d in said["duties"] if d["duty"] == "B6.1") == "avklar"


def test_every_combination_is_one_line_of_csv(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "duties", "--all"]) == 0
    head, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert len(rows) == 432
    assert len(head) == 5 + 22
    assert {value for row in rows for value in row[5:]} == {"ja", "nei", "avklar"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["hendelsestype=fest"], "verdiene til hendelsestype er"),
        (["farge=rød"], "Opplysningene er hendelsestype"),
        (["under_18=ja"], "Mangler hendelsestype"),
        (["hendelsestype=mistanke", "hendelsestype=mistanke"], "står to ganger"),
    ],
)
def test_a_fact_that_the_plan_lacks_is_wrong_usage(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "duties", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_plan_can_be_printed_for_proofreading_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "show"]) == 0
    shown = capsys.readouterr().out
    for sentence in (
        "All bruk av illegale stoffer på skolens område skal politianmeldes.",
        "Ring de foresatte før eleven forlater skolen.",
        "Ring dei føresette før eleven forlèt skolen.",
        "immediate: 0 min avdelingsleder, 3 min avdelingsleder, 5 min avdelingsleder (stedfortreder), 10 min rektor",
        "W15",
    ):
        assert sentence in shown


@pytest.mark.parametrize("words", [["plan"], ["plan", "dance"], ["nonsense"], []])
def test_words_that_are_no_command_are_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "Kommandoen ble ikke forstått" in capsys.readouterr().err


def test_run_refuses_to_start_and_names_every_missing_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("RUSPLAN_KEYS", "RUSPLAN_SCHOOL", "HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "many")
    assert main(["run"]) == 78
    said = capsys.readouterr().err
    for word in ("RUSPLAN_KEYS", "RUSPLAN_SCHOOL", "PORT", "plattform"):
        assert word in said


def test_a_bad_key_is_named_by_its_place_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ="
    monkeypatch.setenv("RUSPLAN_KEYS", f"{KeyRing.new_key()},{secret}")
    assert main(["run"]) == 78
    said = capsys.readouterr().err
    assert "nøkkel nummer 2" in said
    assert secret not in said


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.org", "::"])  # noqa: S104 - that it's refused
def test_the_demo_listens_on_this_machine_alone(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOST", host)
    assert main(["demo"]) == 78
    assert "bare på denne maskinen" in capsys.readouterr().err


def test_a_new_key_is_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new"]) == 0
    assert KeyRing.parse(capsys.readouterr().out.strip())


class TestAnExistingDatabase:
    @pytest.fixture
    def url(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        url = f"sqlite:///{tmp_path}/school.sqlite"
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("RUSPLAN_KEYS", KeyRing.new_key())
        return url

    def test_where_there_is_none_none_is_made(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["audit", "verify"]) == 78
        assert "ingen database" in capsys.readouterr().err
        assert not Path(url.removeprefix("sqlite:///")).exists()

    def test_no_key_is_said(
        self, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv("RUSPLAN_KEYS")
        assert main(["audit", "verify"]) == 78
        assert "RUSPLAN_KEYS mangler" in capsys.readouterr().err

    def test_something_that_is_no_database_is_said(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        Path(url.removeprefix("sqlite:///")).write_bytes(b"not a database at all, but long enough to be looked at")
        assert main(["audit", "verify"]) == 78
        assert "skadet" in capsys.readouterr().err


async def test_a_key_that_does_not_fit_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    from bot.refusals import refusals  # noqa: PLC0415
    from storage.errors import WrongKey  # noqa: PLC0415
    from tests.school import opened  # noqa: PLC0415

    async with opened(tmp_path) as school:
        await school["ola"].types("/rus-hendelse")
        await school["ola"].submits(hendelsestype="mistanke", place="Kantine", **{"class": "1BAA"})
    with pytest.raises(WrongKey) as wrong:
        await open_database(school.url, KeyRing.parse(KeyRing.new_key()))
    assert "RUSPLAN_KEYS passer ikke til databasen" in refusals(wrong.value)[0]


def test_two_files_of_one_school_are_a_fault_that_names_both(tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    copy.write_text(DEMO_SCHOOL.read_text())
    with pytest.raises(FaultyFile) as raised:
        load_library(None, [DEMO_SCHOOL, copy])
    (fault,) = raised.value.faults
    assert fault.file == copy
    assert str(DEMO_SCHOOL) in fault.sentence


def test_a_name_that_no_file_can_have_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "check", "x" * 5000]) == 1
    assert "Fila kan ikke leses" in capsys.readouterr().err
