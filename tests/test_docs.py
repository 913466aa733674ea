"""What the texts point at is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READINGS = (ROOT / "docs" / "readings.md").read_text()
SOURCES = [
    file
    for folder in ("adapters", "bot", "docs", "flows", "storage", "tests")
    for file in sorted((ROOT / folder).rglob("*"))
    if file.suffix in (".py", ".yaml", ".md") and file != Path(__file__)
]


def named(pattern: str) -> set[tuple[str, str]]:
    """Return each match in our own texts, with the file it stands in."""
    return {(str(file.relative_to(ROOT)), found) for file in SOURCES for found in re.findall(pattern, file.read_text())}


def test_every_reading_that_is_named_can_be_looked_up() -> None:
    readings = named(r"\bT\d\d\b")
    assert len({reading for _, reading in readings}) > 40
    assert [(file, reading) for file, reading in readings if f"| {reading} |" not in READINGS] == []


def test_every_document_that_is_named_is_there() -> None:
    """Also in the README, the settings and the scripts: what isn't shipped can't be looked up."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()  # noqa: S607
    texts = [ROOT / name for name in tracked if not name.endswith(".lock") and ROOT / name != Path(__file__)]
    known = {f"docs/{path.name}" for path in ROOT.glob("docs/*.md")} | {"README.md", "readings.md"}
    documents = {
        (str(file.relative_to(ROOT)), document)
        for file in texts
        for document in re.findall(r"[\w/.-]+\.md\b", file.read_bytes().decode(errors="ignore"))
    }
    assert [(file, document) for file, document in documents if document not in known] == []


@pytest.mark.parametrize(
    "path", re.findall(r"`((?:adapters|bot|flows|storage|tests|docs)/[\w/.]*)`", (ROOT / "README.md").read_text())
)
def test_every_path_in_the_readme_is_there(path: str) -> None:
    assert (ROOT / path).exists()
