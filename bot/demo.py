"""`rusplan demo`: a made-up school in the browser, on this machine alone, with a database that is thrown away."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web

from adapters.addresses import is_loopback
from adapters.web.chats import WebChats
from adapters.web.people import PLATFORM, Person, Site, address
from adapters.web.server import build_app
from bot.app import Outside, build, running
from bot.clock import SystemClock
from bot.library import Library, load_library
from bot.settings import BadSettings, read_listening
from bot.signals import interrupted
from flows.plan import Plan, Scope
from flows.roster import Roster
from flows.school import School
from storage.cipher import KeyRing
from storage.database import Database, open_database

SCHOOL_FILE = Path(__file__).parent / "demo_school.yaml"
SHOWN_FIRST = ("ola", "kari", "eva")
STRANGER = Person("vikar", "Vikar uten plass i skolefila", "Ikke i skolefila")


async def demo(environ: Mapping[str, str]) -> None:
    """Serve until interrupted; raise `BadSettings` for anything but loopback."""
    listening = read_listening(environ)
    if not is_loopback(listening.host):
        raise BadSettings([f"HOST={listening.host}: demoen kjører bare på denne maskinen (127.0.0.1)."])
    library = load_library(None, [SCHOOL_FILE])
    with tempfile.TemporaryDirectory(prefix="rusplan-demo-") as folder:  # 0700: for this user alone
        database = await open_database(f"sqlite:///{folder}/demo.sqlite", KeyRing.parse(KeyRing.new_key()))
        try:
            with _bound(listening.host, listening.port) as bound:
                await _serve(library, database, bound, _url(bound, listening.host))
        finally:
            await database.close()


def _bound(host: str, port: int) -> socket.socket:
    """Take the place to listen at before anything is built: the links that the bot gives lead there."""
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


def _url(bound: socket.socket, host: str) -> str:
    port = bound.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _serve(library: Library, database: Database, bound: socket.socket, url: str) -> None:
    clock = SystemClock()
    await library.keep(database, clock.now())
    school = library.schools[0]
    await _link(database, school)
    people = directory(school, library.current_plan(school.id))
    chats = WebChats(lambda: people, clock.now)
    app = build(database, library, {PLATFORM: chats}, clock, outside=Outside(url=url))
    site = build_app(app.turns.handle, chats, Site(school.name, lambda: people, SHOWN_FIRST))
    app.handouts.add_to(site)
    async with running(app):
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, bound).start()
            print(f"rusplan demo: {url}/   (Ctrl+C avslutter, alt blir slettet)", flush=True)
            await interrupted()
        finally:
            await runner.cleanup()


async def _link(database: Database, school: School) -> None:
    """Give everybody of the school an account: in the demo one may be anybody."""
    async with database.transaction() as tx:
        for person in school.people:
            await tx.accounts.link(address(person), school.id, person, SystemClock().now())


def directory(school: School, plan: Plan) -> Sequence[Person]:
    """Return everybody that one may be: those with the most to do in a case first, and a stranger last."""
    roster = Roster(school)
    people = [Person(p.id, p.name, _role(p.id, school, plan, roster)) for p in school.people.values()]
    return (*people, STRANGER)


def _role(person: str, school: School, plan: Plan, roster: Roster) -> str:
    """Return the role by which the person is best known: at the school, then a department, then classes."""
    labels = {name: role.label.nb for name, role in plan.roles.items()}
    places = [("", school.roles), *((d.name, d.roles) for d in school.departments.values())]
    for where, roles in places:
        for name, holders in roles.items():
            if person in holders:
                label = labels[name] if holders[0] == person else f"stedfortreder for {labels[name]}"
                return ", ".join(filter(None, (_capital(label), where)))
    for name in (name for name, role in plan.roles.items() if role.scope is Scope.CLASS):
        classes = [c.id for c in school.classes.values() if person in roster.holders(name, school_class=c.id)]
        if classes:
            return ", ".join((_capital(labels[name]), *classes))
    return "Ansatt"


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
