"""The files that a school writes, read with their line numbers; what is right in them is for `flows` to say."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import yaml
from holidays import country_holidays

from flows.faults import EntryPath, Fault, Faulty
from flows.plan import Plan
from flows.plan_file import read_plan
from flows.plan_lint import lint
from flows.school import School
from flows.school_file import lint_school, read_school

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C where the wheel brings it
SHIPPED_PLANS = Path(__file__).parent.parent / "flows" / "plans"
PLAN_FILE = "plan.yaml"
YEARS_AHEAD = 3  # a school file may stay in use, and a case open, beyond its own year

Built = TypeVar("Built")


@dataclass(frozen=True, slots=True)
class FileFault:
    """A fault with the place a person finds it at; printed as `FILE:LINE: sentence`."""

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class FaultyFile(ValueError):
    """Files with faults, all of them; of school files the schools' ids, empty where one doesn't say it."""

    def __init__(self, faults: list[FileFault], school_ids: Sequence[str] = ()) -> None:
        self.school_ids = school_ids
        self.faults = sorted(faults, key=lambda fault: (fault.line, fault.sentence))
        super().__init__(f"{len(faults)} faults")


class Document:
    """A YAML file as nested text, and the line of every entry."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lines: dict[EntryPath, int] = {(): 1}
        self._faults: list[FileFault] = []
        self._seen: set[int] = set()
        node = _compose(file)
        self.content = self._read(node, ())
        if self._faults:
            raise FaultyFile(self._faults)

    def line(self, path: EntryPath) -> int:
        """Return the line of an entry, or of the nearest one around it."""
        return next(self._lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self._lines)

    def placed(self, faults: tuple[Fault, ...] | list[Fault]) -> FaultyFile:
        return FaultyFile([FileFault(self.file, self.line(fault.path), fault.sentence) for fault in faults])

    def _read(self, node: yaml.Node, path: EntryPath) -> object:
        line = node.start_mark.line + 1
        self._lines.setdefault(path, line)
        if id(node) in self._seen:  # an alias: a few lines of them can stand for billions
            raise FaultyFile([FileFault(self.file, line, "Ankre (& og *) kan ikke brukes her.")])
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self._read(item, (*path, str(place))) for place, item in enumerate(node.value)]
        return str(node.value)

    def _entries(self, node: yaml.MappingNode, path: EntryPath) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._faults.append(FileFault(self.file, line, "Ordet foran kolon må være en tekst."))
                continue
            if key.value in seen:
                self._faults.append(FileFault(self.file, line, f"«{key.value}» står to ganger."))
            seen.add(key.value)
            self._lines[(*path, key.value)] = line
            yield key.value, self._read(value, (*path, key.value))


def _compose(file: Path) -> yaml.Node:
    try:
        raw = file.read_bytes()
    except OSError as error:
        sentence = "Fila kan ikke leses: den finnes ikke." if error.errno == errno.ENOENT else "Fila kan ikke leses."
        raise FaultyFile([FileFault(file, 1, sentence)]) from error
    if len(raw) > MAX_BYTES:
        raise FaultyFile([FileFault(file, 1, "Fila er for stor til å være en plan- eller skolefil.")])
    try:
        text = raw.decode("utf-8-sig")
        _refuse_depth(file, text)
        node = yaml.compose(text, Loader=LOADER)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FaultyFile([FileFault(file, line, "Fila må være lagret som UTF-8.")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = "Kan ikke leses her. Se etter innrykk, kolon, anførselstegn og klammer på linja eller linja over."
        raise FaultyFile([FileFault(file, mark.line + 1 if mark else 1, sentence)]) from error
    except yaml.YAMLError as error:
        raise FaultyFile([FileFault(file, 1, "Fila har tegn som ikke kan leses.")]) from error
    if node is None:
        raise FaultyFile([FileFault(file, 1, "Fila er tom.")])
    return node


def _refuse_depth(file: Path, text: str) -> None:
    """Refuse what nests too deep before anything is built of it: the builder would run out of stack."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise FaultyFile([FileFault(file, line, "For mange nivåer.")])


def _load(file: Path, read: Callable[[object], Built], check: Callable[[Built], list[Fault]]) -> tuple[Built, str]:
    """Return what a file says, checked, and its content as JSON, in which it is kept as long as anything follows it."""
    document = Document(file)
    try:
        built = read(document.content)
    except Faulty as faulty:
        raise document.placed(faulty.faults) from faulty
    faults = check(built)
    if faults:
        raise document.placed(faults)
    return built, json.dumps(document.content, ensure_ascii=False)


def load_plan(path: Path) -> Plan:
    """Read and check a plan pack: a file, or a folder with a `plan.yaml`; raise `FaultyFile` with every fault."""
    return plan_with_document(path)[0]


def plan_with_document(path: Path) -> tuple[Plan, str]:
    """Return a plan pack, and its content as it is kept."""
    return _load(_plan_file(path), lambda raw: read_plan(raw, fingerprint(raw)), lint)


def plan_packs(path: Path | None) -> list[Path]:
    """Return the plan pack at a path, or all that are shipped."""
    return [path] if path else sorted(SHIPPED_PLANS.iterdir())


def load_plans(path: Path | None) -> dict[str, Plan]:
    """Read the plan at a path, or all that are shipped, by id; raise `FaultyFile`."""
    return {plan.id: plan for plan in map(load_plan, plan_packs(path))}


def fingerprint(content: object) -> str:
    """Return what tells two contents of a file apart, whatever their comments and layout."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def load_school(file: Path, plans: Mapping[str, Plan]) -> School:
    """Read a school file and check it against its plan, one of `plans` by id; raise `FaultyFile` with every fault."""
    return school_with_document(file, plans)[0]


def school_with_document(file: Path, plans: Mapping[str, Plan]) -> tuple[School, str]:
    """Return a school as its file says, and the file's content as it is kept."""
    school, document = _load(file, read_school, lambda school: lint_school(school, plans))
    return _with_holidays(school), document


def school_id_in(file: Path) -> str:
    """Return whose a faulty school file is; empty where that can't be read."""
    try:
        content = Document(file).content
    except FaultyFile:
        return ""
    school = content.get("school") if isinstance(content, dict) else None
    said = school.get("id") if isinstance(school, dict) else None
    return said if isinstance(said, str) else ""


def kept_school(document: str) -> School:
    """Read a school file that was kept, whatever there is about roles by now; raise `Faulty`."""
    return _with_holidays(read_school(json.loads(document)))


def _with_holidays(school: School) -> School:
    year = school.calendar.first_day.year
    return replace(school, calendar=replace(school.calendar, holidays=public_holidays(year, year + YEARS_AHEAD)))


def public_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Return Norway's public holidays, of both years and those between them."""
    return frozenset(country_holidays("NO", years=range(first_year, last_year + 1)))


def shipped_plan(plan_id: str) -> Path:
    return SHIPPED_PLANS / plan_id


def _plan_file(path: Path) -> Path:
    try:
        is_folder = path.is_dir()
    except OSError:  # a name that no file can have; reading it says so
        is_folder = False
    return path / PLAN_FILE if is_folder else path
