"""The house's own rules: lint, types, who may import whom, where time and chance come from, and what is shipped."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("adapters", "bot", "flows", "storage")
TOP_LEVEL = {
    ".ci", ".env.example", ".gitignore", "LICENSE", "Makefile", "README.md", "adapters", "bot", "docs", "flows",
    "pyproject.toml", "requirements-test.lock", "requirements.lock", "storage", "tests",
}  # fmt: skip
CHANCE = re.compile(
    r"datetime\.(now|utcnow|today)|date\.today|time\.time|random\.\w+|secrets\.\w+|uuid\.uuid\w|os\.urandom"
)
CLOCK, CIPHER = "bot/clock.py", "storage/cipher.py"


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def run(tool: str, *arguments: str) -> None:
    """Run a tool of this environment on the tree."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tools
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",)],
    ids=["lint", "format", "types", "imports"],
)
def test_the_tools_find_nothing(command: tuple[str, ...]) -> None:
    run(*command)


def test_every_module_says_what_it_is() -> None:
    silent = [path for path in modules() if path.read_text().strip() and not ast.get_docstring(_tree(path))]
    assert not silent


def test_time_and_chance_come_in_as_arguments() -> None:
    asked = {
        f"{path.relative_to(ROOT)}: {call}" for path in modules() for call in _calls(path) if CHANCE.fullmatch(call)
    }
    assert {place.split(":")[0] for place in asked} <= {CLOCK, CIPHER}, asked


def test_the_tree_has_the_customers_top_level() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    assert {name.partition("/")[0] for name in tracked.split()} <= TOP_LEVEL


def test_the_wheel_ships_our_packages_and_their_data_alone(tmp_path: Path) -> None:
    run("hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    [wheel] = tmp_path.glob("rusplan-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == set(PACKAGES)
    for needed in (
        "flows/plans/oppdal/plan.yaml", "bot/demo_school.yaml", "adapters/web/static/page.js",
        "storage/migrations/versions/0001_first_tables.py", "adapters/fonts/OpenSans-Regular.ttf",
        "adapters/fonts/OpenSans-Semibold.ttf", "adapters/fonts/LICENSE.txt",
    ):  # fmt: skip
        assert needed in names


def test_the_lock_pins_with_hashes_and_above_the_known_faults() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))
    assert "://" not in lock, "a lock names no host"
    assert len(re.findall("--hash=sha256:", lock)) > len(pins)
    for name, floor in {"aiohttp": (3, 14, 3), "cryptography": (50, 0, 2)}.items():
        assert tuple(map(int, pins[name].split(".")[:3])) >= floor


def test_the_distribution_is_named_and_its_packages_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["name"] == "rusplan"
    assert tuple(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            yield f"{function.value.id}.{function.attr}"
