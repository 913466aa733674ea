"""`make test` where something is missing: Node's tests are left out, said and counted; unless none may be."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import conftest

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make") or "make"
STAMPS = ("requirements.lock", "requirements-test.lock", "pyproject.toml", "tests/npm/package-lock.json",
          ".venv/bin/python", ".venv/.installed", ".venv/.installed-test")  # fmt: skip


@dataclass
class Item:
    """A test with a mark, as pytest collects it."""

    mark: str
    path: Path = Path(__file__)
    added: list[pytest.MarkDecorator] = field(default_factory=list)

    def get_closest_marker(self, name: str) -> bool:
        return name == self.mark

    def add_marker(self, marker: pytest.MarkDecorator) -> None:
        self.added.append(marker)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Every program is here; what npm fetches is not yet."""
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(conftest, "FETCHED", tmp_path / ".package-lock.json")
    monkeypatch.delenv(conftest.LEAVE_NOTHING_OUT, raising=False)
    return tmp_path / ".package-lock.json"


def collected() -> tuple[Item, Item]:
    node, other = Item("node"), Item("strace")
    conftest.pytest_collection_modifyitems([node, other])  # type: ignore[list-item]
    return node, other


def test_where_npm_has_fetched_nothing_nodes_tests_alone_are_left_out(fetched: Path) -> None:
    node, other = collected()
    assert [each.kwargs["reason"] for each in node.added] == [conftest.NOT_FETCHED]
    assert other.added == []
    fetched.touch()
    assert [each.added for each in collected()] == [[], []]


@pytest.mark.usefixtures("fetched")
def test_where_nothing_may_be_left_out_that_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(conftest.LEAVE_NOTHING_OUT, "1")
    with pytest.raises(pytest.UsageError, match="npm could not fetch it"):
        collected()


@pytest.mark.parametrize(
    ("npm", "environ", "runs", "has_modules"),
    [
        (0, {}, True, True),
        (1, {}, True, False),
        (0, {conftest.LEAVE_NOTHING_OUT: "1"}, True, True),
        (1, {conftest.LEAVE_NOTHING_OUT: "1"}, False, False),
    ],
)
def test_make_goes_on_without_npms_registry_where_something_may_be_left_out(
    tmp_path: Path, npm: int, environ: dict[str, str], *, runs: bool, has_modules: bool
) -> None:
    modules = tmp_path / "tests/npm/node_modules"
    modules.mkdir(parents=True)
    for at, stamp in enumerate(STAMPS):
        file = tmp_path / stamp
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\necho python $*\n")
        file.chmod(0o755)
        os.utime(file, (at, at))
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexit {npm}\n")
    program.chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path)
    path = f"{program.parent}:{os.environ['PATH']}"
    made = subprocess.run(  # noqa: S603 - it is our own Makefile
        [MAKE, "test"], cwd=tmp_path, env={"PATH": path, **environ}, capture_output=True, text=True, check=False
    )
    assert ("python -m pytest" in made.stdout, made.returncode == 0) == (runs, runs), made
    assert modules.exists() == has_modules
    assert (tmp_path / ".venv/.installed-node").exists() == (npm == 0), "what failed is tried again the next time"
