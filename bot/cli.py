"""The command line: which words there are, and what each starts; the work itself stands elsewhere.

Exit 0 fine, 1 faults found, 2 wrong usage, 78 settings that are unsafe or missing.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn, Protocol

from bot import log
from bot.exits import BAD_SETTINGS, FAULTS_FOUND, FINE, WRONG_USAGE

Command = Callable[[argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks «ø» gets everything else
    arguments = _parser().parse_args(words)
    command: Command = arguments.command
    try:
        return command(arguments)
    except KeyboardInterrupt:  # before there was anything to stop
        return FINE
    except BrokenPipeError:  # `rusplan plan show | head`
        sys.stderr.close()
        return FINE


def _demo(_: argparse.Namespace) -> int:
    from bot.demo import demo  # noqa: PLC0415 - the plan's commands need no web server to start

    log.start()
    return _run(lambda: asyncio.run(demo(os.environ)))


def _start(_: argparse.Namespace) -> int:
    from bot.run import run  # noqa: PLC0415 - as above

    log.start()
    return _run(lambda: asyncio.run(run(os.environ)))


def _run(start: Callable[[], object]) -> int:
    """Start something that may refuse; say why in sentences, all of them."""
    from bot.refusals import refusals  # noqa: PLC0415 - as above

    try:
        start()
    except Exception as error:
        said = refusals(error)
        if not said:
            raise
        print("\n".join(said), file=sys.stderr)
        return BAD_SETTINGS
    return FINE


def _examine(find: Callable[[], Iterable[str]], fine: str) -> int:
    """Print every fault that is found, or that all is fine."""
    faults: list[str] = []
    code = _run(lambda: faults.extend(find()))
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    if code == FINE and not faults:
        print(fine)
    return FAULTS_FOUND if faults else code


def _new_key(_: argparse.Namespace) -> int:
    from storage.cipher import KeyRing  # noqa: PLC0415 - as above

    print(KeyRing.new_key())
    return FINE


def _doctor(_: argparse.Namespace) -> int:
    from bot.doctor import examine  # noqa: PLC0415 - as above

    return _examine(lambda: asyncio.run(examine(os.environ)), "Ingen feil. Alle i skolefilene kan nås.")


def _slack_manifest(arguments: argparse.Namespace) -> int:
    from adapters.slack.manifest import manifest  # noqa: PLC0415 - as above
    from bot.settings import slack_endpoint  # noqa: PLC0415 - as above

    printed: list[str] = []

    def write() -> None:
        url = "" if arguments.socket else slack_endpoint(os.environ)
        printed.append(json.dumps(manifest(url), ensure_ascii=False, indent=2))

    code = _run(write)
    print("\n".join(printed), end="\n" if printed else "")
    return code


def _teams_package(arguments: argparse.Namespace) -> int:
    from bot.app_package import write_package  # noqa: PLC0415 - as above

    written = f"{arguments.out} er skrevet. Last den opp i Teams admin center: Teams apps, Manage apps, Upload new app."
    return _examine(lambda: write_package(os.environ, arguments.out), written)


def _report(arguments: argparse.Namespace) -> int:
    from bot.report_command import write_report  # noqa: PLC0415 - as above

    wanted = arguments.school, arguments.year, arguments.out
    return _examine(lambda: asyncio.run(write_report(os.environ, *wanted)), f"{arguments.out} er skrevet.")


def _verify(_: argparse.Namespace) -> int:
    from bot.audit import verify  # noqa: PLC0415 - as above

    return _examine(
        lambda: asyncio.run(verify(os.environ)), "Ingen feil. Loggen er hel, og alle saker stemmer med den."
    )


def _parser() -> argparse.ArgumentParser:
    from bot import paper_commands as papers  # noqa: PLC0415 - imports are paid where they are used
    from bot import plan_commands as plans  # noqa: PLC0415 - as above
    from bot import year_commands as years  # noqa: PLC0415 - as above

    parser = _Parser(prog="rusplan", description="Skolens handlingsplan mot rus, som chatbot.")
    words = parser.add_subparsers(title="kommandoer", metavar="", required=True)
    _add(words, "demo", "prøv med en oppdiktet skole i nettleseren, bare på denne maskinen", _demo)
    _add(words, "run", "start boten for en skole eller et fylke", _start)

    plan = _group(words, "plan", "les og kontroller en plan")
    for name, text, command in (
        ("check", "finn alle feil i en plan", plans.check_plan),
        ("show", "skriv ut en plan for korrektur", plans.show_plan),
    ):
        _add(plan, name, text, command).add_argument("plan", metavar="FIL", type=Path, nargs="?")
    _add_duties(plan, plans.show_duties)
    _add_year(plan, years.show_year)
    for name, text, command in (
        ("sheet", "planen på ett ark, til å gå gjennom med klassen ved skolestart (PDF)", papers.write_class_sheet),
        ("guardians", "planen på ett ark til foresatte (PDF, eller tekst til en e-post)", papers.write_guardians_page),
    ):
        _add_paper(plan, name, text, command)

    school = _add(
        _group(words, "school", "kontroller en skolefil"), "check", "finn alle feil i en skolefil", plans.check_school
    )
    school.add_argument("file", metavar="FIL", type=Path)
    school.add_argument("--plan", type=Path, help="planen som skolen følger (ellers de som følger med)")

    _add(words, "doctor", "finn det som ikke virker: rettigheter, og hvem som ikke kan nås", _doctor)
    _add_report(words)
    _add_manifests(words)
    _add(_group(words, "keys", "nøkler"), "new", "lag en ny nøkkel til RUSPLAN_KEYS", _new_key)
    _add(_group(words, "audit", "loggen over alt som er gjort"), "verify", "kontroller at loggen er hel", _verify)
    return parser


def _add_duties(plan: _Words, command: Command) -> None:
    duties = _add(plan, "duties", "hva planen sier for gitte opplysninger: ja, nei eller avklar", command)
    duties.add_argument("facts", metavar="OPPLYSNING=VERDI", nargs="*", help="flere verdier skrives med + mellom")
    duties.add_argument("--plan", type=Path, help="en annen plan enn den som følger med")
    duties.add_argument("--elsewhere", action="store_true", help="stedet er ikke på skolens område")
    shape = duties.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="skriv JSON")
    shape.add_argument("--all", action="store_true", help="skriv alle kombinasjoner som CSV")


def _add_year(plan: _Words, command: Command) -> None:
    year = _add(plan, "year", "alle påminnelser i årshjulet som går ut i et tidsrom", command)
    year.add_argument("--school", metavar="FIL", type=Path, required=True, help="skolefila")
    year.add_argument("--plan", type=Path, help="planen som skolen følger (ellers de som følger med)")
    for word, name, text in (("--from", "first", "første dag, ÅÅÅÅ-MM-DD"), ("--to", "last", "siste dag")):
        year.add_argument(word, dest=name, metavar="DAG", type=date.fromisoformat, help=text)
    year.add_argument("--weekly", action="store_true", help="også de ukentlige, om ingenting blir bekreftet")
    year.add_argument("--json", action="store_true", help="skriv JSON")


def _add_paper(plan: _Words, name: str, text: str, command: Command) -> None:
    paper = _add(plan, name, text, command)
    paper.add_argument("--school", metavar="FIL", type=Path, required=True, help="skolefila")
    paper.add_argument("--plan", type=Path, help="planen som skolen følger (ellers de som følger med)")
    paper.add_argument("--language", choices=("nb", "nn"), help="målform (ellers skolens)")
    where = paper.add_mutually_exclusive_group(required=True)
    where.add_argument("-o", "--out", metavar="FIL", type=Path, help="skriv en PDF")
    where.add_argument("--text", action="store_true", help="skriv teksten, til å lime inn i en e-post")


def _add_report(words: _Words) -> None:
    about = "skriv årsrapporten om det forebyggende arbeidet (PDF), fra databasen"
    report = _add(words, "report", about, _report)
    report.add_argument("--school", metavar="ID", default="", help="skolens id, hvis det er flere")
    report.add_argument("--year", metavar="ÅR", default="", help="skoleåret, for eksempel 2026-2027 (ellers dette)")
    report.add_argument("-o", "--out", metavar="FIL", type=Path, required=True, help="PDF-en")


def _add_manifests(words: _Words) -> None:
    manifest = _group(words, "manifest", "det en administrator trenger for å lage appen")
    about = "skriv manifestet for Slack (RUSPLAN_URL er den offentlige adressen)"
    slack = _add(manifest, "slack", about, _slack_manifest)
    slack.add_argument("--socket", action="store_true", help="uten offentlig adresse: Socket Mode")
    about = "lag app-pakken for Teams (RUSPLAN_URL og MICROSOFT_APP_ID må være satt)"
    teams = _add(manifest, "teams", about, _teams_package)
    teams.add_argument("--out", metavar="FIL", type=Path, default=Path("rusplan-teams.zip"), help="(%(default)s)")


class _Parser(argparse.ArgumentParser):
    """An argument parser that answers in Norwegian; argparse's own sentences can't be translated."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - it is English, and cannot be translated
        self.print_usage(sys.stderr)
        self.exit(WRONG_USAGE, f"Kommandoen ble ikke forstått. Se «{self.prog} --help».\n")


class _Words(Protocol):
    """What argparse gives for a group of commands."""

    def add_parser(self, name: str, *, help: str, description: str) -> argparse.ArgumentParser: ...  # noqa: A002


def _group(words: _Words, name: str, text: str) -> _Words:
    group = words.add_parser(name, help=text, description=text)
    return group.add_subparsers(title="kommandoer", metavar="", required=True)


def _add(words: _Words, name: str, text: str, command: Command) -> argparse.ArgumentParser:
    parser = words.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser
