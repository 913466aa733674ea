"""What people write, and what comes in unasked: shown literally where it belongs, stored sealed, logged nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.teams import words
from bot.files import shipped_plan
from tests.e2e.five_cases import report, takes
from tests.e2e.slack.test_nothing_leaks_in_slack import CANARY, HOSTILE, _forms
from tests.e2e.stored import rows_of_cases
from tests.e2e.teams.conftest import Workplace, workplace
from tests.e2e.teams.scene import TeamsChat, TeamsScene, card_of, is_dialog
from tests.e2e.teams.tenant import Message
from tests.e2e.teams.visible import elements_of, inputs_of, text_of


async def refutes(kari: TeamsChat, written: str) -> None:
    """Let a case come to the one field for free text that everybody in it reads afterwards."""
    await takes(kari)
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Mer")
    await kari.presses_in_dialog("open_refutation")
    await kari.hands_in(reason=written)
    await kari.reads("Mistanken er avkreftet")


async def test_what_is_written_is_shown_as_it_is_and_nowhere_but_in_a_dialog(work: Workplace) -> None:
    ola, kari = await TeamsScene(work.teams).people("ola", "kari")
    for some in (HOSTILE[::3], HOSTILE[1::3], HOSTILE[2::3]):  # as many as the field takes
        await report(ola, "mistanke", "Kantine", "1BAA", under_18="ja")
        await refutes(kari, "\n".join(some))
        for written in some:
            kept = " ".join(written.replace("\x00", "").replace("\x1b", "").split())
            assert kept in " ".join(kari.reading.split()) or "e\u0301" in written  # two ways to write é are one
    posted = work.teams.tenant.posted
    lasting = json.dumps([each for each in posted if not is_dialog(card_of(each))], ensure_ascii=False)
    assert not [written for written in HOSTILE if written in lasting or json.dumps(written)[1:-1] in lasting]
    kinds = {element["type"] for each in posted for element in elements_of(card_of(each))}
    assert not kinds & {"TextBlock", "FactSet"}, "they read markdown"


async def test_a_reference_to_the_pupil_is_typed_and_read_in_a_dialog_that_stands_in_no_chat(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    written = (shipped_plan("oppdal") / "plan.yaml").read_text()
    plan.write_text(written.replace("pupil_reference: off", "pupil_reference: on"))
    async with workplace(tmp_path) as work:
        await work.opens(RUSPLAN_PLAN=str(plan))
        ola, kari = await TeamsScene(work.teams).people("ola", "kari")
        await report(ola, "mistanke", "Kantine", "1BAA", under_18="ja")
        await takes(kari)
        for seen in ("", "Q.Zx."):
            await kari.presses("Vis saken")
            await kari.presses_in_dialog("Mer")
            await kari.presses_in_dialog("Hvem gjelder det?")
            await kari.reads("Dette åpnes i et eget vindu")
            await kari.presses_in_dialog("Åpne")
            assert kari.person.dialog
            assert [each.get("value", "") for each in inputs_of(kari.person.dialog.card)] == [seen]
            await kari.person.fills({"pupil": "Q.Zx."}, on=kari.person.dialog)
            await kari.person.presses("Lagre")
        await kari.presses("Vis saken")
        await kari.reads("Gjelder: vises ikke i chatten")
        assert "Q.Zx." not in json.dumps(work.teams.tenant.posted)
        assert not work.teams.faults


@pytest.mark.process
async def test_what_somebody_has_written_is_in_no_file_no_log_and_no_lasting_message(
    work: Workplace, tmp_path: Path
) -> None:
    ola, kari = await TeamsScene(work.teams).people("ola", "kari")
    for command in ("rus-hendelse", "rus-plan", "rus-ukjent", ""):
        await ola.types(f"{command} {CANARY}")
    group = work.teams.tenant.group(ola.person.user)
    await ola.person.writes(f"rus-hendelse {CANARY}", chat=group)
    await work.teams.until(lambda: _of_the_bot(work, group.id, 1))
    await report(ola, "mistanke", "Kantine", "1BAA", under_18="ja")
    await refutes(kari, CANARY)
    await work.bot.stops()
    stored, logged = _stored(tmp_path), "".join(work.bot.log)
    called = "".join(json.dumps(call.body) + call.path for call in work.teams.calls if not is_dialog(_sent(call.body)))
    posted = "".join(json.dumps(each) for each in work.teams.tenant.posted if not is_dialog(card_of(each)))
    for form in _forms(CANARY):
        assert form.encode() not in stored
        assert form not in logged + called + posted
    assert b"1BAA" not in rows_of_cases(tmp_path), "the pupil's class is sealed too"
    assert "1BAA" not in logged + called


def _stored(folder: Path) -> bytes:
    """Return all that the program has written."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.name != "school.yaml")


def _sent(body: object) -> dict[str, object]:
    return card_of(body) if isinstance(body, dict) else {}


async def test_among_others_it_is_only_said_where_the_answer_is(work: Workplace) -> None:
    ola, kari = await TeamsScene(work.teams).people("ola", "kari")
    both = ola.person.user, kari.person.user
    for chat in (work.teams.tenant.group(*both), work.teams.tenant.channel(*both)):
        for text in ("rus-hendelse", "rus-saker", "rus-hjelp", "Per Hansen i 1BAA er ruset"):
            seen = len(ola.person.from_bot)
            await ola.person.writes(text, chat=chat)
            await work.teams.until(lambda seen=seen: len(ola.person.from_bot) > seen)  # type: ignore[misc]
        said = await work.teams.until(lambda chat=chat: _of_the_bot(work, chat.id, 4))  # type: ignore[misc]
        assert {message.text for message in said} == {words.IN_PERSON.nb}
        assert not any(message.card for message in said)
    assert not kari.person.from_bot
    own = "".join(text_of(message.card) for message in ola.person.from_bot)
    for understood in ("Hva har dere sett?", "Du har ingen åpne saker.", "Meld en rushendelse", "sletter du meldingen"):
        assert understood in own


def _of_the_bot(work: Workplace, chat: str, count: int) -> list[Message]:
    tenant = work.teams.tenant
    found = [message for message in tenant.chats[chat].messages if message.author == tenant.bot]
    return found if len(found) == count else []


@pytest.mark.process
async def test_a_request_that_the_channel_has_not_signed_gets_in_nowhere(work: Workplace) -> None:
    """The corpus is in tests/adapters/test_teams_gate.py; this is the door of the real process."""
    delivery, identity, ola = work.teams.delivery, work.teams.identity, work.ola
    activity = ola.activities.said(ola.user, work.teams.tenant.personal(ola.user), "rus-hendelse Per Hansen")
    body = json.dumps(activity)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for headers in (
        {},
        identity.signed(stranger),
        identity.signed(aud="another bot"),
        identity.signed(iss="https://sts.windows.net/"),
        identity.signed(exp=1),
        {"Authorization": identity.signed()["Authorization"].lower()},
        {"Authorization": f"Bearer {'x' * 16_384}"},
    ):
        assert (await delivery.post(body, headers)).status == 401
    for changes in (
        {"serviceUrl": "https://smba.trafficmanager.net.example/"},
        {"serviceUrl": f"{identity.base_url}1/"},
        {"channelId": "webchat"},
        {"conversation": {**activity["conversation"], "tenantId": "another"}, "channelData": {}},
    ):
        changed = {**activity, **changes}
        answer = await delivery.post(json.dumps(changed), identity.signed(serviceurl=changed["serviceUrl"]))
        assert answer.status == 403
    for malformed in ("[]", "null", '"x"', '{"a":', "[" * 100_000, "", "1" * 5000, '{"type":"message"}'):
        assert (await delivery.post(malformed, identity.signed())).status == 400, malformed[:20]
    assert not ola.from_bot
    assert "Per" not in "".join(work.bot.log)
    assert not [line for line in work.bot.log if '"level": "error"' in line]
