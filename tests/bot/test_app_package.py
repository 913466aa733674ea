"""`rusplan manifest teams`: the app package in a file, whole or not at all, and nothing else written over."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from adapters.teams import manifest as of_teams
from adapters.teams.manifest import package
from bot.cli import main

APP, OTHER_APP = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "dddddddd-dddd-4ddd-8ddd-dddddddddddd"
URL = "https://rusplan.example.no"


@pytest.fixture
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MICROSOFT_APP_ID", APP.upper())
    monkeypatch.setenv("RUSPLAN_URL", f"{URL}/")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_settings")
def test_the_package_is_written_where_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest", "teams"]) == 0
    assert capsys.readouterr().out.startswith("rusplan-teams.zip er skrevet. Last den opp i Teams admin center")
    assert main(["manifest", "teams", "--out", f"{tmp_path}/annet.zip"]) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"rusplan-teams.zip", "annet.zip"}
    assert {file.read_bytes() for file in tmp_path.iterdir()} == {package(APP, URL)}


@pytest.mark.usefixtures("_settings")
def test_an_older_package_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_teams, "VERSION", "0.9.0")
    assert main(["manifest", "teams"]) == 0
    monkeypatch.undo()
    monkeypatch.setenv("MICROSOFT_APP_ID", OTHER_APP)
    monkeypatch.setenv("RUSPLAN_URL", URL)
    assert main(["manifest", "teams", "--out", f"{tmp_path}/rusplan-teams.zip"]) == 0
    assert (tmp_path / "rusplan-teams.zip").read_bytes() == package(OTHER_APP, URL)


def zipped(**members: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.json", text)
    return made.getvalue()


@pytest.mark.usefixtures("_settings")
@pytest.mark.parametrize(
    "other",
    [
        b"", b"Referat fra lunsjen", package(APP, URL)[:-30], zipped(), zipped(elever="[]"), zipped(manifest="{"),
        zipped(manifest="[]"), zipped(manifest="{}"), zipped(manifest='{"name": {"short": "Annet"}}'),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_stays_as_it_is(
    other: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rusplan-teams.zip"
    file.write_bytes(other)
    assert main(["manifest", "teams"]) == 1
    assert "blir ikke skrevet over" in capsys.readouterr().err
    assert file.read_bytes() == other
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.usefixtures("_settings")
@pytest.mark.parametrize(
    ("out", "said"), [(".", "blir ikke skrevet over"), ("mangler/rusplan.zip", "kan ikke skrives")]
)
def test_where_nothing_can_be_written_that_is_said(
    out: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["manifest", "teams", "--out", out]) == 1
    assert said in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


@pytest.mark.usefixtures("_settings")
def test_a_package_that_is_not_written_whole_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["manifest", "teams"]) == 0
    before = (tmp_path / "rusplan-teams.zip").read_bytes()
    write = Path.write_bytes

    def half(file: Path, content: bytes) -> int:
        write(file, content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    assert main(["manifest", "teams"]) == 1
    assert "kan ikke skrives: No space left on device." in capsys.readouterr().err
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]


@pytest.mark.usefixtures("_settings")
@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"MICROSOFT_APP_ID": ""}, ["MICROSOFT_APP_ID"]),
        ({"MICROSOFT_APP_ID": "rusplan"}, ["MICROSOFT_APP_ID"]),
        ({"RUSPLAN_URL": ""}, ["RUSPLAN_URL"]),
        ({"RUSPLAN_URL": "http://rusplan.example.no"}, ["RUSPLAN_URL"]),
        *(
            ({"RUSPLAN_URL": f"https://{place}"}, ["RUSPLAN_URL"])
            for place in (
                "localhost:8080",
                "127.0.0.1",
                "127.1",
                "10.0.0.5",
                "[::1]",
                "rusplan",
                "rusplan.local",
                "rusplan.example.no...",
                "rusplan.example.no:0",
                "rusplan.example.no/a b",
            )
        ),
        ({"RUSPLAN_URL": "https://me:secret@rusplan.example.no"}, ["RUSPLAN_URL"]),
        ({"RUSPLAN_URL": "https://rusplan.example.no?a=b"}, ["RUSPLAN_URL"]),
        ({"RUSPLAN_URL": "https://rusplan.example.no/#a"}, ["RUSPLAN_URL"]),
        ({"RUSPLAN_URL": "https://rusplan.example.no:port"}, ["RUSPLAN_URL"]),
        ({"MICROSOFT_APP_ID": "", "RUSPLAN_URL": "https://"}, ["MICROSOFT_APP_ID", "RUSPLAN_URL"]),
    ],
)
def test_without_its_settings_there_is_no_package_and_every_fault_is_named(
    environ: dict[str, str],
    named: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["manifest", "teams"]) == 78
    assert [line.split(" ")[0] for line in capsys.readouterr().err.splitlines()] == named
    assert [*tmp_path.iterdir()] == []
