"""D1: several people act on one case at the same moment, each at another replica: one is first, no act is lost."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.effects import Timer
from flows.events import Alerted, Event, Taken
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import reads
from tests.postgresql import EmbeddedPostgresql, embedded
from tests.torture.nudge import nudge
from tests.torture.oracle import Tally
from tests.torture.replicas import COUNT, WITHIN, Replicas, about, meet, messages, replicas, reported, said
from tests.torture.story import MAY_LOG

HEADS = ("kari", "ingrid", "tor", "marit", "line")  # of the five departments: all are asked where no class is known
REPORTERS = ("ola", "eva", "gro", "fatima", "bente")
NEW = ("nina", "henrik", "leila")
TAKE, WANTED = "0.take", "Jeg tar saken"
CLICKS = 4  # of each head
TAKES, LEVELS, AT_ONCE, DOUBLES, EDITS, STALE = 20, 200, 10, 40, 20, 10
SEEN_BY_ALL = 1.1  # true seconds: a program reads its clock anew every second
BEFORE = 1.7  # seconds before the first level falls due, at which the clock is set
NEAR = 0.06  # seconds around a level within which somebody clicks

# What Slack says where many have to wait on a machine with other work to do: two clicks of one person are told so, late
OF_LATE_ANSWERS = ("a modal was open already", "views.open: expired_trigger_id", "views.update: not_found")

Told = AsyncGenerator[tuple[str, Tally]]
Race = Callable[[Replicas, int], Told]


async def cases(every: int = 1, kinds: Collection[Race] = ()) -> Told:
    """Run races of all kinds, or of these."""
    with embedded() as server:
        for race, count in ((race, count) for race, count in RACES if not kinds or race in kinds):
            async with aclosing(raced(server, race, -(-count // every))) as told:
                async for name, tally in told:
                    yield name, tally


async def raced(server: EmbeddedPostgresql, race: Race, count: int) -> Told:
    """Run three replicas, and so many races of one kind at them; judge the whole at the end."""
    with TemporaryDirectory(prefix="torture-") as folder:
        async with replicas(server, Path(folder)) as together:
            await meet(together, *(getattr(together.work, name) for name in (*REPORTERS, *HEADS)))
            async for name, tally in race(together, count):
                yield name, tally
            await together.settles()
            faults = together.work.slack.faults
            faults[:] = [fault for fault in faults if not any(each in fault for each in OF_LATE_ANSWERS)]
            yield f"all {race.__name__}", await together.judged(await together.count(), MAY_LOG)


async def takes(together: Replicas, count: int) -> Told:
    """Five heads click four times each, all at once."""
    people = [getattr(together.work, name) for name in HEADS]
    for number in range(count):
        case = await reported(together, _reporter(together, number), {"class": "Vet ikke"})
        await _are_asked(together, people, case)
        before = {person: len(person.ephemerals) for person in people}
        await asyncio.gather(*(each.presses(TAKE, on=about(each, case), times=CLICKS) for each in people))
        yield f"take {number}", await _taken_once(together, case, before)


async def _are_asked(together: Replicas, people: list[Person], case: str) -> None:
    await together.work.slack.until(lambda: all(messages(each, case) for each in people), within=WITHIN)


async def _opens(together: Replicas, person: Person) -> None:
    await person.slash("/rus-hendelse")
    await together.work.slack.until(lambda: person.modal, within=WITHIN)


async def _taken_once(together: Replicas, case: str, before: dict[Person, int]) -> Tally:
    """Say what is wrong with who has it, and with what the others are told; who waits too long is told so instead."""
    tally = Tally(tried=CLICKS * len(before))
    for person, since in before.items():
        await _told(together, person, since, CLICKS - 1)
    owner = await _owner(together, case)
    await together.settles()
    kinds = [type(event) for event in await together.events(case)]
    if kinds.count(Taken) != 1 or not owner:
        tally.others.append(f"taken {kinds.count(Taken)} times, by {owner!r}")
        return tally
    name = together.work.school.people[owner].name
    for person, since in before.items():
        wanted = CLICKS - (person.user.name == owner)
        told = [words for words in said(person, since) if _says(words, name)]
        if len(told) < wanted and not person.modal:
            tally.others.append(f"{person.user.name} is told {len(told)} times who has it: {said(person, since)}")
        if person.modal:
            await person.closes(all_of_them=True)
    return tally


async def _owner(together: Replicas, case: str) -> str:
    """Wait for somebody to have the case: on a slow machine the answers to wait come before."""
    until = time.monotonic() + WITHIN
    while not (owner := await together.owner(case)) and time.monotonic() < until:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.05)
    return owner or ""


def _says(words: str, name: str) -> bool:
    return name in words or "allerede tatt saken" in words or "alt teke saka" in words


async def _told(together: Replicas, person: Person, since: int, count: int) -> list[str]:
    """Wait until somebody has been answered so often, or is told to wait, and return with what."""
    until = time.monotonic() + WITHIN
    while len(person.ephemerals) - since < count and not person.modal and time.monotonic() < until:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.05)
    return said(person, since)


async def levels(together: Replicas, count: int) -> Told:
    """A level falls due at the very moment of a click."""
    draw, firsts = random.Random(3), 0  # noqa: S311 - the same moments each time
    for batch in range(0, count, AT_ONCE):
        number = min(AT_ONCE, count - batch)
        found = [await reported(together, _reporter(together, place)) for place in range(number)]
        await together.settles()
        due = {case: (await together.timers(case))[Timer.ESCALATION].due_at.timestamp() for case in found}
        together.clock.forward(min(due.values()) - BEFORE - together.clock.now())
        await asyncio.sleep(SEEN_BY_ALL)
        for _ in range(COUNT):
            await nudge(together.work.slack)  # each of them learns what is due next, and when
        await asyncio.gather(*(_clicks_at(together, case, due[case] + draw.uniform(-NEAR, NEAR)) for case in found))
        await together.settles()
        for case in found:
            was_first, tally = await _taken_or_risen(together, case)
            firsts += was_first
            yield f"level against click {case}", tally
    if count > AT_ONCE and firsts in (0, count):
        yield "levels", Tally(others=[f"the level came first in {firsts} of {count}: that is no race"])


async def _clicks_at(together: Replicas, case: str, at: float) -> None:
    kari: Person = together.work.kari
    place = about(kari, case)
    await asyncio.sleep(max(0.0, at - together.clock.now()))
    await kari.presses(TAKE, on=place)


async def _taken_or_risen(together: Replicas, case: str) -> tuple[bool, Tally]:
    """Say whether the level came before the click, and what is wrong then."""
    tally, events = Tally(tried=1), await together.events(case)
    kinds = [type(event) for event in events]
    if kinds.count(Taken) != 1 or await together.owner(case) != "kari":
        tally.others.append(f"taken {kinds.count(Taken)} times, by {await together.owner(case)}")
        return False, tally
    taken = kinds.index(Taken)
    risen = [place for place, event in enumerate(events) if _is_risen(event)]
    tally.others += ["a level after it was taken"] if any(place > taken for place in risen) else []
    tally.others += ["a level twice"] if len(risen) > 1 else []
    tally.others += ["an alert is armed"] if Timer.ESCALATION in await together.timers(case) else []
    shown = messages(together.work.kari, case)
    tally.others += ["kari can still take it"] if any(WANTED in json.dumps(m.blocks) for m in shown) else []
    tally.repeats += max(0, len(shown) - 1 - len(risen))
    return bool(risen), tally


def _is_risen(event: Event) -> bool:
    return isinstance(event, Alerted) and (event.round, event.level) > (0, 0)


async def doubles(together: Replicas, count: int) -> Told:
    """One form is handed in to two replicas at once."""
    for number in range(count):
        person, before = _reporter(together, number), await together.count()
        await _opens(together, person)
        await person.fills({"hendelsestype": ["Synlig beruset"], "place": "Verksted", "class": "1BAA"})
        await person.submits(times=2)
        tally = Tally(tried=1, repeats=max(0, await together.count() - before - 1))
        tally.lost_reports += await together.count() == before
        tally.others += [] if "Er eleven under 18 år?" in reads(person) else [f"they see {reads(person)!r}"]
        await person.closes(all_of_them=True)
        yield f"double {number}", tally


async def edits(together: Replicas, count: int) -> Told:
    """Two people answer about one case at once: about different things, or about the same."""
    for number in range(count):
        yield f"two facts {number}", await _edited(together, number, {"stoff": "Alkohol"})
        yield f"one fact {number}", await _edited(together, number, {"under_18": "Nei"})


async def _edited(together: Replicas, number: int, karis: dict[str, str]) -> Tally:
    """Let the reporter say that the pupil is under age, and kari something else; nobody's words are lost unseen."""
    ola, kari, slack = _reporter(together, number), together.work.kari, together.work.slack
    case = await reported(together, ola, stays=True)
    await slack.until(lambda: messages(kari, case), within=WITHIN)
    await kari.presses(TAKE, on=about(kari, case))
    await slack.until(lambda: WANTED not in json.dumps(about(kari, case).blocks), within=WITHIN)
    for label in ("Vis saken", "Endre svarene"):
        await kari.presses(label, on=about(kari, case) if label == "Vis saken" else None)
        await slack.until(lambda: kari.modal, within=WITHIN)
    await slack.until(lambda: kari.modal and kari.modal.payload.get("submit"), within=WITHIN)
    await ola.fills({"under_18": "Ja"})
    await kari.fills(karis)
    await asyncio.gather(ola.submits(), kari.submits())
    facts = await together.facts(case)
    is_told = {person: "Noen andre har endret dette" in reads(person) for person in (ola, kari)}
    kept = {ola: "ja" in facts["under_18"], kari: "alkohol" in facts["stoff"] or "nei" in facts["under_18"]}
    for person in (ola, kari):
        await person.closes(all_of_them=True)
    lost = [person.user.name for person in (ola, kari) if not kept[person] and not is_told[person]]
    return Tally(tried=1, others=[f"{name}'s answer is lost, and nobody says so" for name in lost])


async def stale(together: Replicas, count: int) -> Told:
    """Press a button that a phone without a net still shows, when the case is taken, or withdrawn."""
    for number in range(count):
        yield f"stale, taken {number}", await _pressed_late(together, number, _takes_it)
        yield f"stale, withdrawn {number}", await _pressed_late(together, number, _withdraws_it)


async def _pressed_late(
    together: Replicas, number: int, act: Callable[[Replicas, Person, str], Awaitable[object]]
) -> Tally:
    person, kari, slack = _reporter(together, number), together.work.kari, together.work.slack
    case = await reported(together, person)
    await slack.until(lambda: messages(kari, case) and messages(person, case), within=WITHIN)
    message = about(kari, case)
    as_it_was = list(message.blocks)
    await act(together, person, case)
    await together.settles()
    before, seen = await together.events(case), len(kari.ephemerals)
    shown, message.blocks = message.blocks, as_it_was
    await kari.presses(TAKE, on=message)
    told = await _told(together, kari, seen, 1)
    message.blocks = shown
    changed = await together.events(case) != before
    others = ["it had an effect"] if changed else []
    return Tally(tried=1, others=[*others, *([] if told or kari.modal else ["kari is told nothing"])])


async def _takes_it(together: Replicas, _: Person, case: str) -> None:
    await together.work.kari.presses(TAKE, on=about(together.work.kari, case))


async def _withdraws_it(together: Replicas, person: Person, case: str) -> None:
    await person.presses("Trekk varselet", on=about(person, case))
    await together.work.slack.until(lambda: person.modal and person.modal.payload.get("submit"), within=WITHIN)
    await person.fills({"reason": "Meldt to ganger"})
    await person.submits()
    await person.closes(all_of_them=True)


async def newcomers(together: Replicas, count: int) -> Told:
    """Somebody whom one replica has just met looks for a class, and whichever is next gives the list."""
    for name in NEW[:count]:
        person: Person = getattr(together.work, name)
        await person.slash("/rus-hjelp")
        await _opens(together, person)
        found = [len(await person.searches("class", "")) for _ in range(COUNT)]
        await person.closes(all_of_them=True)
        yield f"newcomer {name}", Tally(tried=1, others=[f"{name} finds {found} classes"] if 0 in found else [])


def _reporter(together: Replicas, number: int) -> Person:
    person: Person = getattr(together.work, REPORTERS[number % len(REPORTERS)])
    return person


RACES: tuple[tuple[Race, int], ...] = (
    (takes, TAKES),
    (levels, LEVELS),
    (doubles, DOUBLES),
    (edits, EDITS),
    (stale, STALE),
    (newcomers, len(NEW)),
)
