"""`rusplan doctor` in Teams: what is wrong with the registration, and who hasn't got the app; nobody is written to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from aiohttp.test_utils import unused_port

from bot.cli import main
from bot.doctor import examine
from bot.files import load_plan, load_school, shipped_plan
from flows.port import Address, OwnChat
from storage.cipher import KeyRing
from storage.database import Database, open_database
from storage.transaction import Transaction
from tests.adapters.fake_connector import PASSWORD, FakeConnector, fake_connector
from tests.adapters.fake_slack import Answer, says
from tests.adapters.teams_payloads import APP, TENANT
from tests.school import DEMO_SCHOOL

PLAN = load_plan(shipped_plan("oppdal"))
STAFF = load_school(DEMO_SCHOOL, {PLAN.id: PLAN}).people
GIVE_ALL = "Gi alle appen med en setup policy i Teams admin center"


def user(person: str) -> str:
    """Return somebody's «Object ID»."""
    return str(uuid5(NAMESPACE_URL, person))


@dataclass
class Office:
    """Where an administrator has set the bot up; the whole staff has the app and has met the bot."""

    teams: FakeConnector
    folder: Path
    key: str = field(default_factory=KeyRing.new_key)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/rusplan.sqlite"

    async def database(self) -> Database:
        return await open_database(self.url, KeyRing.parse(self.key))

    async def notes(self, change: Callable[[Transaction, Address], Awaitable[None]]) -> None:
        """Let the bot have learnt something of Kari's account."""
        database = await self.database()
        async with database.transaction() as tx:
            await change(tx, Address("teams", TENANT, user("kari")))
        await database.close()

    def school(self, **changes: str) -> str:
        """Return a school file in which what stands behind an address is something else."""
        text = DEMO_SCHOOL.read_text()
        for person, change in changes.items():
            email = STAFF[person].email
            text = text.replace(f"email: {email}", f"email: {email}, {change}")
        file = self.folder / "school.yaml"
        file.write_text(text)
        return str(file)

    def settings(self, **environ: str) -> dict[str, str]:
        return {
            "RUSPLAN_KEYS": self.key,
            "RUSPLAN_SCHOOL": str(DEMO_SCHOOL),
            "DATABASE_URL": self.url,
            "MICROSOFT_APP_ID": APP,
            "MICROSOFT_APP_PASSWORD": PASSWORD,
            "MICROSOFT_APP_TENANT_ID": TENANT,
            "TEAMS_TOKEN_URL": f"{self.teams.url}token",
            "TEAMS_OPENID_URL": f"{self.teams.url}openid",
            **environ,
        }

    async def doctor(self, **environ: str) -> list[str]:
        """Return what the doctor says, who has written to nobody."""
        said = await examine(self.settings(**environ))
        assert not any(self.teams.stands(chat) for chat in self.teams.chats)
        assert {path for _, path in self.teams.asked} <= {""}, "a chat is opened, and that is all"
        return said


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with fake_connector() as teams:
        office = Office(teams, tmp_path)
        database = await office.database()
        async with database.transaction() as tx:
            for person in STAFF.values():
                teams.installs(user(person.id), f"a:{person.id}")
                address = Address("teams", TENANT, user(person.id))
                at = datetime(2026, 8, 17, tzinfo=UTC)
                await tx.accounts.link(address, "fjellheim", person.id, at, found_by=person.email)
        await database.close()
        yield office


async def lets_go(office: Office, *people: str) -> None:
    """Let the bot have met all but these."""
    database = await office.database()
    async with database.transaction() as tx:
        for person in people:
            await tx.accounts.unlink(Address("teams", TENANT, user(person)))
    await database.close()


# People.


async def test_the_doctor_finds_nothing_where_everybody_has_the_app(office: Office) -> None:
    assert await office.doctor() == []
    assert len(office.teams.asked) == len(STAFF)


def test_that_is_what_the_command_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def well(_: object) -> list[str]:
        return []

    monkeypatch.setattr("bot.doctor.examine", well)
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out == "Ingen feil. Alle i skolefilene kan nås.\n"


async def test_whoever_never_introduced_himself_is_named_and_what_an_administrator_does(office: Office) -> None:
    await lets_go(office, "kari", "ola")
    assert await office.doctor() == [
        f"Teams: fjellheim, {STAFF[person].name}: har ikke appen. {GIVE_ALL}." for person in ("kari", "ola")
    ]


async def test_whoever_may_have_the_app_under_another_address_is_not_said_to_be_without_it(office: Office) -> None:
    """Who removed it again is counted no more."""
    await lets_go(office, "kari")
    own = OwnChat("a:kari", office.teams.url, "29:kari")
    await office.notes(lambda tx, kari: tx.chats.put(kari, own, datetime(2026, 8, 17, tzinfo=UTC)))
    (said,) = await office.doctor()
    assert said == (
        "Teams: fjellheim, Kari Moen: ingen med adressen kari.moen@fjellheim.example har appen. Appen er i bruk hos 1"
        " som ingen skolefil har adressen til: er personen blant dem, rett adressen, eller skriv «teams:» og personens"
        f" «Object ID» fra Entra i skolefila. {GIVE_ALL}, hvis ikke."
    )
    await office.notes(lambda tx, kari: tx.chats.forget(kari))
    assert await office.doctor() == [f"Teams: fjellheim, Kari Moen: har ikke appen. {GIVE_ALL}."]


async def test_whoever_has_refused_a_message_is_named_until_he_is_reached_again(office: Office) -> None:
    refused_at = datetime(2026, 8, 19, 22, 30, tzinfo=UTC)
    await office.notes(lambda tx, kari: tx.accounts.note_refusal(kari, refused_at))
    assert await office.doctor() == [
        "Teams: fjellheim, Kari Moen: har ikke tatt imot meldinger siden 20.08.2026, og har trolig blokkert eller"
        " fjernet appen. Be om at det rettes."
    ]
    await office.notes(lambda tx, kari: tx.accounts.note_contact(kari))
    assert await office.doctor() == []


async def test_whoever_has_removed_the_app_is_named(office: Office) -> None:
    del office.teams.people[user("kari")]
    assert await office.doctor() == [
        "Teams: fjellheim, Kari Moen: har fjernet eller blokkert appen."
        f" {GIVE_ALL}, eller be om at den legges til igjen."
    ]


@pytest.mark.parametrize("written", [user("ola"), user("ola").upper()], ids=["as Teams sends it", "in capitals"])
async def test_an_id_in_the_school_file_needs_no_introduction(office: Office, written: str) -> None:
    await lets_go(office, "ola")
    assert await office.doctor(RUSPLAN_SCHOOL=office.school(ola=f"teams: {written}")) == []


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (user("somebody else"), f"ingen med id-en i skolefila har appen. {GIVE_ALL}, eller rett id-en."),
        ("ola@fjellheim.example", "id-en i skolefila er ikke en «Object ID» fra Entra."),
    ],
)
async def test_an_id_that_is_nobodys_is_said(own: str, said: str, office: Office) -> None:
    """Also where he has introduced himself: what stands in the school file goes before that."""
    assert await office.doctor(RUSPLAN_SCHOOL=office.school(ola=f"teams: {own}")) == [
        f"Teams: fjellheim, Ola Rise: {said}"
    ]


async def test_before_the_first_start_nobody_is_known_and_no_database_is_made(office: Office, tmp_path: Path) -> None:
    missing = tmp_path / "not yet.sqlite"
    said = await office.doctor(DATABASE_URL=f"sqlite:///{missing}")
    assert len(said) == len(STAFF)
    assert all("har ikke appen" in sentence for sentence in said)
    assert not missing.exists()


async def test_while_the_bot_runs_only_those_with_an_id_are_looked_at(office: Office) -> None:
    file = office.school(kari=f"teams: {user('kari')}")
    del office.teams.people[user("kari")]
    running = await office.database()
    try:
        said = await office.doctor(RUSPLAN_SCHOOL=file)
    finally:
        await running.close()
    assert said == [
        "Teams: boten er i gang, så det kan ikke sees hvem som har appen. Stopp den, og prøv igjen.",
        f"Teams: fjellheim, Kari Moen: ingen med id-en i skolefila har appen. {GIVE_ALL}, eller rett id-en.",
    ]


async def test_a_look_that_has_to_wait_is_taken_again(office: Office) -> None:
    office.teams.told.append(says("", 429, **{"Retry-After": "0"}))
    assert await office.doctor() == []
    assert len(office.teams.asked) == len(STAFF) + 1


async def test_whoever_is_reached_in_slack_needs_no_app_and_the_other_way_round(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def on_slack(*_: object) -> dict[tuple[str, str], str]:
        return {("fjellheim", person): f"Slack: {person}" for person in STAFF if person not in ("ola",)}

    monkeypatch.setattr("bot.doctor._slack", on_slack)
    await lets_go(office, "kari", "ola")
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    said = await office.doctor(**slack)
    assert [sentence.partition(":")[0] for sentence in said] == ["Slack", "Teams"]
    assert said[0] == "Slack: kari"
    assert "Kari Moen" in said[1]


# The registration.


def refuses(code: int) -> Answer:
    said = {"error": "invalid_client", "error_description": f"AADSTS{code}: x", "error_codes": [code]}
    return says(said, 401)


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (refuses(7000215), ("MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID", "ikke id-en", "går ut på dato")),
        (says("", 429), ("Prøv igjen om litt",)),
        (says("<html>", 200), ("login.microsoftonline.com",)),
    ],
)
async def test_a_sign_in_that_fails_says_what_to_look_at_and_nothing_else(
    answer: Answer, named: tuple[str, ...], office: Office
) -> None:
    office.teams.told_of_tokens.append(answer)
    (said,) = await office.doctor()
    assert said.startswith("Teams: boten får ikke logget inn (token_")
    assert all(word in said for word in named)
    assert office.teams.asked == []


async def test_keys_that_cannot_be_fetched_are_said_beside_the_rest(office: Office) -> None:
    del office.teams.people[user("kari")]
    said = await office.doctor(TEAMS_OPENID_URL=f"{office.teams.url}nothing")
    office.teams.complaints.clear()
    assert "kan ikke hentes" in said[0]
    assert "login.botframework.com" in said[0]
    assert len(said) == 2


async def test_a_bot_that_teams_does_not_know_is_said_once(office: Office) -> None:
    office.teams.told += [says({"error": {"code": "Unauthorized"}}, 401)] * 2
    (said,) = await office.doctor()
    assert said.startswith("Teams tar ikke imot boten (Unauthorized).")
    assert "Azure Bot" in said
    assert len(office.teams.asked) == 1


@pytest.mark.parametrize("status", [400, 412, 429, 500])
async def test_one_answer_that_says_nothing_hides_nobody(office: Office, status: int) -> None:
    del office.teams.people[user("ola")]
    office.teams.told.append(says({"error": {"code": "Odd"}}, status))  # to whoever is looked for first
    unknown, missing = await office.doctor()
    assert "vet ikke (" in unknown
    assert STAFF["ola"].name in missing


async def test_where_nobody_can_be_looked_for_that_is_said_once(office: Office) -> None:
    office.teams.told += [says({"error": {"code": "Odd"}}, 500)] * len(STAFF)
    (said,) = await office.doctor()
    assert said.startswith("Teams tar ikke imot boten (")


async def test_nothing_of_the_playground_is_looked_at(office: Office) -> None:
    assert await examine(
        {
            "RUSPLAN_KEYS": office.key,
            "RUSPLAN_SCHOOL": str(DEMO_SCHOOL),
            "DATABASE_URL": office.url,
            "RUSPLAN_TEAMS_ANONYMOUS": "1",
            "TEAMS_TOKEN_URL": f"{office.teams.url}token",
        }
    ) == ["RUSPLAN_TEAMS_ANONYMOUS er satt: ingen beviser hvem de er. Det er bare til å prøve på denne maskinen."]
    assert (office.teams.asked, office.teams.tokens_asked) == ([], 0)


async def test_nothing_secret_is_repeated(office: Office) -> None:
    nowhere = f"http://127.0.0.1:{unused_port()}/"
    said = await office.doctor(TEAMS_TOKEN_URL=f"{nowhere}token")
    office.teams.told_of_tokens.append(refuses(7000222))
    said += await office.doctor()
    assert said
    assert not [word for word in (PASSWORD, office.key, nowhere) if word in " ".join(said)]
