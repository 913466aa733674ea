"""The relay's promises through the Bot Connector, with a clock that is moved forward."""

from __future__ import annotations

import pytest

from tests.e2e.teams.scene import is_dialog
from tests.e2e.teams.staffed import SEEN, Staffed
from tests.e2e.teams.tenant import Message
from tests.e2e.teams.trouble import Answer, LoseAnswer, Reset, Trouble, error, failed, throttled
from tests.e2e.teams.visible import text_of

AGAIN = "Gjentatt varsel: du kan ha fått det før. Det er samme sak."


@pytest.mark.parametrize(
    "troubles",
    [
        [throttled("1"), throttled("30")],
        [throttled(None), throttled("abc"), throttled("-1")],
        [failed(), failed()],
        [Answer(400, "<html>"), Answer(409, {}), Answer(401, {})],
    ],
    ids=["429", "429 without a time", "412", "refused otherwise"],
)
async def test_a_message_that_teams_would_not_take_comes_later_and_once(
    staffed: Staffed, troubles: list[Trouble]
) -> None:
    (ola,) = await staffed.people("ola")
    await ola.types("rus-hendelse")
    staffed.teams.trouble("post", *troubles)
    await ola.hands_in(**SEEN)
    await staffed.school.settles()
    await staffed.school.passes(minutes=2)
    assert (len(staffed.lasting("kari")), len(staffed.lasting("ola"))) == (1, 1)
    assert AGAIN not in staffed.teams.tenant.everything_posted()


@pytest.mark.parametrize("how", ["500", "cut"])
async def test_a_message_whose_answer_got_lost_is_sent_again_and_says_so(staffed: Staffed, how: str) -> None:
    (ola,) = await staffed.people("ola")
    await ola.types("rus-hendelse")
    staffed.teams.trouble("post", *[LoseAnswer(how)] * 2)  # type: ignore[arg-type]  # Kari's alert and Ola's status
    await ola.hands_in(**SEEN)
    await staffed.school.settles()
    await staffed.school.passes(seconds=30)
    assert [AGAIN in text for text in staffed.lasting("kari")] == [False, True]
    await staffed.school.passes(minutes=1)
    assert (len(staffed.lasting("kari")), len(staffed.lasting("ola"))) == (2, 2)


@pytest.mark.parametrize("pressed", [0, 1])
async def test_the_message_and_its_repeat_are_one_case_whichever_is_pressed(staffed: Staffed, pressed: int) -> None:
    (ola,) = await staffed.people("ola")
    await ola.types("rus-hendelse")
    staffed.teams.trouble("post", *[LoseAnswer("500")] * 2)
    await ola.hands_in(**SEEN)
    await staffed.school.settles()
    await staffed.school.passes(seconds=30)
    await staffed.presses("kari", "Jeg tar saken", message=pressed)
    repeat = staffed.lasting("kari")[1]
    assert "Du har tatt saken" in repeat
    assert AGAIN not in repeat, "there is nothing to explain any more"
    assert "Kari Moen har tatt saken" in staffed.lasting("ola")[1]
    if pressed == 1:  # Teams has never said where the first one stands
        await staffed.presses("kari", "Jeg tar saken", message=0)
    assert "Du har tatt saken" in text_of(staffed.person("kari").from_bot[0].stored)


@pytest.mark.parametrize("seconds", [5, 30], ids=["before the second one", "after it"])
async def test_a_message_that_teams_has_not_told_of_changes_with_its_case_once_it_was_pressed(
    staffed: Staffed, seconds: int
) -> None:
    (ola,) = await staffed.people("ola")
    await ola.types("rus-hendelse")
    staffed.teams.trouble("post", *[LoseAnswer("500")] * 2)
    await ola.hands_in(**SEEN)
    await staffed.school.settles()
    await staffed.school.passes(seconds=seconds)
    kari = staffed.person("kari")
    await staffed.presses("kari", "Vis saken", message=0)
    await staffed.teams.until(lambda: any(is_dialog(each.card) for each in kari.from_bot))
    assert "Jeg tar saken" in text_of(kari.from_bot[0].stored)
    await staffed.school.passes(minutes=6)
    await staffed.presses("arne", "Jeg tar saken")
    assert "Arne Lo har tatt saken" in text_of(kari.from_bot[0].stored)


async def test_whoever_has_been_told_once_has_no_second_place_to_be_changed(staffed: Staffed) -> None:
    """A press where nobody knows of a message, and none was ever sent twice, leaves nothing behind."""
    await staffed.report()
    await staffed.presses("kari", "Jeg tar saken")
    async with staffed.school.database.transaction() as tx:
        (case,) = await tx.cases.open_of_school(staffed.school.library.schools[0].id)
        known = await tx.messages.of_case(case.case_id)
        for message in known:
            await tx.messages.forget(message.id)
    await staffed.presses("kari", "Vis saken", message=0)
    async with staffed.school.database.transaction() as tx:
        assert await tx.messages.of_case(case.case_id) == ()


@pytest.mark.parametrize("trouble", [Reset(), throttled("5"), Answer(503, "no")], ids=["cut", "429", "503"])
async def test_a_change_that_teams_would_not_take_is_made_later(staffed: Staffed, trouble: Trouble) -> None:
    await staffed.report()
    staffed.teams.trouble("update", *[trouble] * 2)
    await staffed.presses("kari", "Jeg tar saken")
    await staffed.school.passes(minutes=2)
    assert "Kari Moen har tatt saken" in staffed.chat("ola")[-1]
    assert len(staffed.chat("kari")) == 1


@pytest.mark.parametrize("how", ["uninstalled", "blocked"])
async def test_whoever_teams_does_not_reach_gets_a_letter_and_the_alert_climbs(staffed: Staffed, how: str) -> None:
    kari = staffed.person("kari")
    kari.user.has_blocked = how == "blocked"
    if how == "uninstalled":
        await kari.uninstalls()
    await staffed.report()
    ((to, letter),) = staffed.mail.sent
    assert to == kari.user.email
    for secret in ("Ola", "Verksted", "1BAA", "rus "):
        assert secret not in letter
    await staffed.school.passes(minutes=6)
    assert not staffed.chat("kari")
    assert "Avdelingsleder har ikke svart" in staffed.chat("arne")[0]
    assert await unreached(staffed) == ["kari"]
    kari.user.has_blocked = False
    await kari.installs()
    await staffed.school.passes(minutes=2)
    assert await unreached(staffed) == []


async def unreached(staffed: Staffed) -> list[str]:
    """Return who has an account that refuses messages."""
    async with staffed.school.database.transaction() as tx:
        return [account.person_id for account in await tx.accounts.all() if account.refused_at]


async def test_whoever_installs_the_app_again_is_told_what_waits(staffed: Staffed) -> None:
    kari = staffed.person("kari")
    await kari.uninstalls()
    assert await unreached(staffed) == ["kari"], "before anybody is alerted in vain"
    await staffed.report()
    assert not kari.from_bot
    await kari.installs()
    assert await unreached(staffed) == []
    await staffed.school.passes(minutes=2)
    assert [text for text in staffed.chat("kari") if "Sted: Verksted." in text]


async def test_teams_is_away_for_some_minutes_and_everybody_is_told_then(staffed: Staffed) -> None:
    (ola,) = await staffed.people("ola")
    await ola.types("rus-hendelse")
    staffed.teams.troubles.is_down = True
    await ola.hands_in(**SEEN)
    await staffed.school.settles()
    await staffed.school.passes(minutes=5)
    assert not staffed.chat("kari")
    staffed.teams.troubles.is_down = False
    await staffed.school.passes(minutes=2)
    assert staffed.chat("kari")
    assert staffed.chat("arne"), "it has climbed meanwhile: the clock waits for nobody"


async def test_a_dialog_that_nobody_answers_is_taken_out_of_the_chat(staffed: Staffed) -> None:
    await staffed.report()
    await staffed.presses("kari", "Jeg tar saken")
    await staffed.presses("kari", "Vis saken")
    kari = staffed.person("kari")
    await staffed.teams.until(lambda: len(kari.from_bot) == 2 and is_dialog(kari.from_bot[-1].card))
    shown = kari.from_bot[-1]
    assert "1BAA" in text_of(shown.card)
    await staffed.school.passes(minutes=14)
    assert is_dialog(shown.card)
    await staffed.school.passes(minutes=3)
    assert not [
        message for name in ("ola", "kari") for message in staffed.person(name).from_bot if is_dialog(message.card)
    ]
    assert "1BAA" not in "".join(staffed.chat("ola") + staffed.chat("kari"))


async def test_what_is_done_elsewhere_says_nothing_of_a_chat_that_the_bot_was_put_out_of(staffed: Staffed) -> None:
    kari, ola = staffed.person("kari"), staffed.person("ola")
    group = staffed.teams.tenant.group(kari.user, ola.user)
    await kari.uninstalls()
    for _ in range(2):  # the first time she is introduced
        await kari.opens("rus-saker", chat=group)
        await kari.presses("Lukk")
        await kari.writes("rus-hjelp", chat=group)
    assert await unreached(staffed) == ["kari"]
    await kari.installs()
    assert await unreached(staffed) == []


async def test_a_token_that_is_refused_is_fetched_anew(staffed: Staffed) -> None:
    await staffed.report()
    staffed.teams.identity.tokens.clear()
    with staffed.teams.expects("401 Unauthorized"):
        await staffed.presses("kari", "Jeg tar saken")
        await staffed.school.passes(minutes=1)
    assert "Kari Moen har tatt saken" in staffed.chat("ola")[-1]
    assert len(staffed.teams.identity.tokens) == 1


async def test_an_edit_of_a_blocked_chat_waits_and_holds_nobody_up(staffed: Staffed) -> None:
    await staffed.report()
    kari, edits = staffed.person("kari"), staffed.teams.calls_of
    kari.user.has_blocked = True
    await staffed.school.passes(minutes=16)
    await staffed.presses("arne", "Jeg tar saken")
    assert "Arne Lo har tatt saken" in staffed.lasting("ola")[0]
    asked = len(edits("update"))
    await staffed.school.passes(minutes=2)
    assert (len(edits("update")), await unreached(staffed)) == (asked, ["kari"])
    kari.user.has_blocked = False
    await kari.writes("rus-hjelp")
    await staffed.teams.until(lambda: len(kari.from_bot) > 1)
    await staffed.school.settles()
    assert "Arne Lo har tatt saken" in text_of(kari.from_bot[0].stored)
    assert await unreached(staffed) == []


async def opened_a_case(staffed: Staffed) -> Message:
    """Return the dialog that Kari has opened, with all that the case holds."""
    await staffed.report()
    await staffed.presses("kari", "Jeg tar saken")
    await staffed.presses("kari", "Vis saken")
    kari = staffed.person("kari")
    await staffed.teams.until(lambda: len(kari.from_bot) == 2 and is_dialog(kari.from_bot[-1].card))
    assert "1BAA" in text_of(kari.from_bot[-1].stored)
    return kari.from_bot[-1]


@pytest.mark.parametrize("how", ["disabled", "uninstalled"])
async def test_a_dialog_is_taken_out_once_the_bot_is_let_in_again(staffed: Staffed, how: str) -> None:
    dialog, kari = await opened_a_case(staffed), staffed.person("kari")
    if how == "uninstalled":
        await kari.uninstalls()
    else:
        staffed.teams.trouble("update", Answer(403, error("BotDisabledByAdmin")))
    await staffed.school.passes(minutes=20)
    assert "1BAA" in text_of(dialog.stored)
    if how == "uninstalled":
        await kari.installs()
    await staffed.school.passes(minutes=60)
    assert text_of(dialog.stored).startswith("Lukket")


async def test_a_dialog_whose_end_is_not_let_in_is_taken_out_later(staffed: Staffed) -> None:
    dialog, kari = await opened_a_case(staffed), staffed.person("kari")
    staffed.teams.trouble("update", Answer(403, error("BotDisabledByAdmin")))
    await kari.presses("Lukk", on=dialog)
    await staffed.teams.until(lambda: not staffed.teams.troubles.left("update"))
    await staffed.school.passes(minutes=20)
    assert "1BAA" not in text_of(dialog.stored)


@pytest.mark.parametrize("trouble", [throttled("1"), failed()], ids=["429", "412"])
async def test_an_answer_that_teams_would_not_take_comes_a_little_later(staffed: Staffed, trouble: Trouble) -> None:
    """The one test that waits: nobody's clock but Teams' own says when it takes something again."""
    staffed.teams.trouble("post", trouble)
    (ola,) = await staffed.people("ola")
    await ola.types("rus-hendelse")
    await ola.reads("Hva har dere sett?")
    first, second = staffed.teams.calls_of("post")
    assert second.at - first.at >= 1.0


async def test_teams_is_not_asked_before_the_time_it_has_named(staffed: Staffed) -> None:
    (ola,) = await staffed.people("ola")
    await ola.types("rus-hendelse")
    staffed.teams.trouble("post", *[throttled("90")] * 2)
    await ola.hands_in(**SEEN)
    await staffed.school.settles()
    asked = len(staffed.teams.calls_of("post"))
    await staffed.school.passes(seconds=80)
    assert len(staffed.teams.calls_of("post")) == asked
    await staffed.school.passes(seconds=60)
    assert len(staffed.chat("kari")) == 1


async def test_a_card_is_pressed_where_it_stands_whatever_region_serves_the_tenant_by_then(staffed: Staffed) -> None:
    """Teams moves a tenant: an alert that went out by one service is answered by another."""
    await staffed.report()
    staffed.teams.moves_to("emea/")
    await staffed.presses("kari", "Jeg tar saken")
    await staffed.school.passes(minutes=1)
    assert len(staffed.lasting("kari")) == 1
    assert "Du har tatt saken" in staffed.lasting("kari")[0]
    assert all("Kari Moen har tatt saken" in text for text in staffed.lasting("ola"))
    assert staffed.teams.calls_of("update")[-1].path.startswith("/emea/")
