"""Slack's three seconds: the form opens from memory, and what is shown never holds up what is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web

from adapters.slack.server import Slack as Adapter
from adapters.slack.settings import SlackSettings
from flows.cards import Button, Card, ChoiceField, Option, Paragraph, Style, TextField, dialog, message
from flows.language import Language
from flows.port import WHOLE_FORM, Address, Incoming, Pressed, Reply, Submitted
from tests.e2e.slack.people import Person
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.trouble import Delay, Hang
from tests.e2e.slack.visible import text_of

FORM = dialog(
    "Skjema",
    [Paragraph("Hva skjedde?")],
    [TextField("what", "Hva?"), ChoiceField("yes", "Sikkert?", (Option("ja", "Ja"),), required=False)],
    Button("hand_in", "Send", "abc"),
    [Button("other", "Noe annet", "x")],
)
CONFIRM = dialog("Sikker?", [Paragraph("Er du sikker?")], [], Button("confirm", "Ja"))


@dataclass
class Scripted:
    """A bot that answers as it is told to; `waits` holds up all that isn't answered from memory."""

    first: Reply | None = None
    replies: list[Reply] = field(default_factory=list)
    more: Card | None = None
    shown: Card | None = None  # the form that was to be added to
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    got: list[Incoming] = field(default_factory=list)

    async def handle(self, incoming: Incoming) -> Reply:
        self.got.append(incoming)
        await self.waits.wait()
        return self.replies.pop(0)

    def at_once(self, incoming: Incoming) -> Reply | None:
        return self.first

    def late(self, incoming: Incoming) -> Reply:
        return Reply(dialog=dialog("Det tar lang tid", [Paragraph("Vent litt.")]))

    async def afterwards(self, incoming: Incoming, dialog: Card) -> Card | None:
        self.shown = dialog
        await self.waits.wait()
        return self.more

    async def find(self, sender: Address, source: str, query: str) -> tuple[Option, ...]:
        return ()

    def language(self, sender: Address) -> Language:
        return Language.NB


@dataclass
class Here:
    slack: Slack
    bot: Scripted
    ola: Person


@pytest.fixture
async def here() -> AsyncIterator[Here]:
    async with Slack() as slack:
        settings = SlackSettings(slack.bot_token, (slack.signing_secret,), api_url=slack.api_url)
        adapter, bot, site = Adapter(settings, lambda: datetime.now(UTC)), Scripted(), web.Application()
        adapter.serve(bot, site)
        runner = web.AppRunner(site, auto_decompress=False)  # as bot/run.py does
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.bot_at(f"http://127.0.0.1:{runner.addresses[0][1]}")
        bot.waits.set()
        yield Here(slack, bot, slack.person("ola", email="ola@skole.example"))
        bot.waits.set()
        await runner.cleanup()
        await adapter.close()
        assert not slack.faults


def reads(person: Person) -> str:
    return text_of(person.modal.blocks) if person.modal else ""


async def test_the_form_opens_while_the_database_hangs(here: Here) -> None:
    here.bot.first, here.bot.waits = Reply(dialog=FORM), asyncio.Event()
    ack = await here.ola.slash("/rus-hendelse")
    assert ack
    assert ack.took < 1
    await here.slack.until(lambda: "Hva skjedde?" in reads(here.ola))


async def test_what_comes_afterwards_keeps_what_has_been_filled_in(here: Here) -> None:
    here.bot.first, here.bot.waits = Reply(dialog=FORM), asyncio.Event()
    here.bot.more = dialog(FORM.title, [Paragraph("Du har noe ugjort.")], FORM.fields, FORM.submit, FORM.buttons)
    await here.ola.slash("/rus-hendelse")
    await here.slack.until(lambda: here.ola.modal)
    await here.ola.fills({"what": "Noe jeg har skrevet"})
    here.bot.waits.set()
    await here.slack.until(lambda: "Du har noe ugjort." in reads(here.ola))
    here.bot.replies = [Reply()]
    await here.ola.submits()
    assert here.bot.got[-1].act == Submitted("hand_in", "abc", {"what": ("Noe jeg har skrevet",)})
    assert here.ola.modal is None


async def test_a_form_that_has_been_handed_in_meanwhile_is_not_brought_back(here: Here) -> None:
    here.bot.first, here.bot.more = Reply(dialog=FORM), FORM
    here.slack.trouble("views.update", Delay(before=0.3))
    await here.ola.slash("/rus-hendelse")
    await here.slack.until(lambda: here.ola.modal)
    await here.ola.fills({"what": "Fort gjort"})
    here.bot.replies = [Reply()]
    with here.slack.expects("views.update: not_found"):
        await here.ola.submits()
        await asyncio.sleep(0.5)
    assert here.ola.modal is None


async def test_the_answer_is_acknowledged_while_slack_hangs(here: Here) -> None:
    here.slack.trouble("views.open", *[Hang()] * 3)
    here.bot.replies = [Reply(dialog=FORM)] * 3
    for _ in range(3):
        ack = await here.ola.slash("/rus-saker")
        assert ack
        assert ack.took < 1


async def test_two_answers_that_cross_leave_the_later_one(here: Here) -> None:
    here.bot.replies = [Reply(dialog=FORM)]
    await here.ola.slash("/rus-saker")
    await here.slack.until(lambda: here.ola.modal)
    later = dialog("Skjema", [Paragraph("Det nye")], buttons=[Button("other", "Igjen")])
    here.bot.replies = [Reply(dialog=later), Reply(dialog=later)]
    await here.ola.presses("Noe annet", times=2)
    await here.slack.until(lambda: "Det nye" in reads(here.ola))
    await here.slack.until(lambda: len(here.slack.calls_of("views.update")) >= 3)
    errors = [call.answer for call in here.slack.calls_of("views.update") if not call.ok]
    assert errors
    assert errors[0]
    assert errors[0]["error"] == "hash_conflict"
    assert "Det nye" in reads(here.ola)


async def test_faults_stand_at_their_fields_and_the_rest_at_the_last_one(here: Here) -> None:
    here.bot.replies = [Reply(dialog=FORM)]
    await here.ola.slash("/rus-saker")
    await here.slack.until(lambda: here.ola.modal)
    await here.ola.fills({"what": "Noe"})
    here.bot.replies = [Reply(faults={"what": "Kortere.", WHOLE_FORM: "Ikke lagret.", "gone": "Borte."})]
    await here.ola.submits()
    assert here.ola.modal
    assert here.ola.modal.errors == {"what": "Kortere.", "yes": "Ikke lagret. Borte."}


async def test_a_fault_of_a_form_without_fields_stands_above_it(here: Here) -> None:
    here.bot.replies = [Reply(dialog=CONFIRM)]
    await here.ola.slash("/rus-saker")
    await here.slack.until(lambda: here.ola.modal)
    for sentence in ("Ikke lagret.", "Fortsatt ikke lagret."):
        here.bot.replies = [Reply(faults={WHOLE_FORM: sentence})]
        await here.ola.submits()
        assert reads(here.ola) == f"{sentence}\nEr du sikker?"
    here.bot.replies = [Reply()]
    await here.ola.submits()
    assert here.bot.got[-1].act == Submitted("confirm", "", {})


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        (Reply(notice="Lagret."), "Lagret."),
        (Reply(card=message("Det gikk ikke", [Paragraph("Ring 113.")], summary="Feil")), "Ring 113."),
        (Reply(dialog=CONFIRM, notice="Lagret."), "Lagret.\nEr du sikker?"),
    ],
)
async def test_what_a_form_is_answered_with_takes_its_place(here: Here, reply: Reply, shown: str) -> None:
    here.bot.replies = [Reply(dialog=CONFIRM)]
    await here.ola.slash("/rus-saker")
    await here.slack.until(lambda: here.ola.modal)
    here.bot.replies = [reply]
    await here.ola.submits()
    assert reads(here.ola) == shown


async def test_a_button_in_a_dialog_hands_no_field_in(here: Here) -> None:
    here.bot.replies = [Reply(dialog=FORM), Reply(dialog=CONFIRM)]
    await here.ola.slash("/rus-saker")
    await here.slack.until(lambda: here.ola.modal)
    await here.ola.fills({"what": "Noe"})
    await here.ola.presses("Noe annet")
    assert here.bot.got[-1].act == Pressed("other", "x")


async def test_a_response_url_that_leads_elsewhere_is_never_called(here: Here) -> None:
    card = message("Kort", [Paragraph("Noe")], [Button("other", "Trykk", style=Style.PRIMARY)], summary="Kort")
    here.bot.replies = [Reply(card=card)]
    await here.ola.slash("/rus-hjelp")
    called = []

    async def elsewhere(request: web.Request) -> web.Response:
        called.append(await request.text())
        return web.Response()

    foreign = web.Application()
    foreign.router.add_post("/", elsewhere)
    runner = web.AppRunner(foreign)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    payload = here.ola.payloads.on_message(
        here.ola.user,
        here.ola.ephemerals[-1],
        [{"type": "button", "action_id": "0.other", "block_id": "b", "value": "", "action_ts": "1.1"}],
        f"http://127.0.0.1:{runner.addresses[0][1]}/",
    )
    here.bot.replies = [Reply(card=card, notice="Noe")]
    await here.slack.delivery.send("interactive", payload, "a forged response_url")
    await asyncio.sleep(0.2)
    await runner.cleanup()
    assert not called


async def test_however_many_forms_wait_for_the_database_the_next_one_opens(here: Here) -> None:
    here.bot.first, here.bot.waits = Reply(dialog=FORM), asyncio.Event()
    people = [here.slack.person(f"p{number}") for number in range(20)]
    for person in people:
        await person.slash("/rus-hendelse")
    await here.slack.until(lambda: all(person.modal for person in people))


async def test_pages_that_slack_does_not_take_hold_up_no_form(here: Here) -> None:
    here.slack.trouble("views.publish", *[Hang()] * 12)
    here.bot.replies = [Reply(dialog=CONFIRM)] * 13
    for number in range(12):
        await here.slack.person(f"p{number}").opens_home()
    await here.ola.slash("/rus-saker")
    await here.slack.until(lambda: here.ola.modal)


async def test_an_act_that_takes_longer_than_slack_waits_is_answered_in_time_and_goes_on(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.listeners.ANSWER_WITHIN", 0.05)
    here.bot.replies, here.bot.waits = [Reply(notice="Lagret.")], asyncio.Event()
    ack = await here.ola.slash("/rus-saker")
    assert ack
    await here.slack.until(lambda: "Vent litt." in reads(here.ola))
    here.bot.waits.set()
    await here.slack.until(lambda: not here.bot.replies)


async def test_an_earlier_answer_that_comes_late_wipes_out_nothing(here: Here) -> None:
    """Two presses cross, and what the later one has opened is being filled in when the earlier one's answer comes."""
    opens = dialog("Liste", [Paragraph("Lista")], buttons=[Button("list", "Lista"), Button("form", "Skjemaet")])
    here.bot.replies = [Reply(dialog=opens)]
    await here.ola.slash("/rus-saker")
    await here.slack.until(lambda: here.ola.modal)
    here.slack.trouble("views.update", Delay(before=0.4))
    here.bot.replies = [Reply(dialog=opens), Reply(dialog=FORM)]
    listing = asyncio.create_task(here.ola.presses("Lista"))
    await asyncio.sleep(0.05)
    await here.ola.presses("Skjemaet")
    await here.slack.until(lambda: "Hva skjedde?" in reads(here.ola))
    await here.ola.fills({"what": "Det jeg har skrevet"})
    await listing
    await here.slack.until(lambda: len(here.slack.calls_of("views.update")) >= 2)
    await asyncio.sleep(0.6)
    assert "Hva skjedde?" in reads(here.ola)
    assert here.ola.modal
    assert here.ola.modal.state["what"]["value"]["value"] == "Det jeg har skrevet"


async def test_whatever_comes_into_the_open_form_it_makes_one_case(here: Here) -> None:
    here.bot.first, here.bot.more = Reply(dialog=FORM), FORM
    await here.ola.slash("/rus-hendelse")
    await here.slack.until(lambda: here.slack.calls_of("views.update"))
    assert here.bot.shown is FORM, "the form that is open, with its reference, is what is added to"


async def test_what_is_packed_is_not_unpacked(here: Here) -> None:
    body = "command=%2Frus-hjelp"
    headers = {**here.slack.delivery.signed(body), "Content-Encoding": "gzip"}
    ack = await here.slack.delivery.post(body, headers)
    assert ack.status == 415
