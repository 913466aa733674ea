"""The app package: as Microsoft's own schema wants it, with every command, and the same each time it is made."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from adapters.teams.acts import act
from adapters.teams.manifest import NO_DIALOG, SCHEMA_VERSION, VERSION, manifest, nynorsk, package
from flows import messages as m
from flows.intent import understand
from flows.port import Typed
from flows.wishes import Wish
from tests.adapters.teams_payloads import APP, fetched
from tests.school import School

Json = dict[str, Any]

URL = "https://rusplan.example.no"
SCHEMAS = Path(__file__).parents[1] / "npm/node_modules/@microsoft/app-manifest/build/json-schemas/teams"
DIALOGS = [name for name in m.COMMANDS if name not in NO_DIALOG]


def schema(kind: str = "", version: str = SCHEMA_VERSION) -> Json:
    found: Json = json.loads((SCHEMAS / f"v{version}/MicrosoftTeams{kind}.schema.json").read_text())
    return found


def faults(made: Json, of: Json) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft4Validator(of).iter_errors(made)]


def contents(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def commands(made: Json) -> list[Json]:
    found: list[Json] = made["bots"][0]["commandLists"][0]["commands"]
    return found


def actions(made: Json) -> list[Json]:
    found: list[Json] = made["composeExtensions"][0]["commands"]
    return found


# What Microsoft says of it.


@pytest.mark.node
@pytest.mark.parametrize(("kind", "name"), [("", "manifest.json"), (".Localization", "nn.json")])
def test_microsofts_own_schema_takes_it(kind: str, name: str) -> None:
    made = json.loads(contents(package(APP, URL))[name])
    assert faults(made, schema(kind)) == []
    assert made["$schema"].endswith(f"/v{SCHEMA_VERSION}/MicrosoftTeams{kind}.schema.json")


@pytest.mark.node
def test_no_newer_schema_is_known_and_an_older_one_knows_no_slash() -> None:
    known = {tuple(map(int, file.name[1:].split("."))) for file in SCHEMAS.glob("v[0-9]*")}
    assert ".".join(map(str, max(known))) == SCHEMA_VERSION
    assert [fault for fault in faults(manifest(APP, URL), schema(version="1.28")) if "triggers" in fault]


@pytest.mark.node
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "rusplan"),
        ("name.short", "x" * 31),
        ("description.short", "x" * 81),
        ("developer.privacyUrl", "rusplan.example.no"),
        ("icons.outline", None),
        ("accentColor", "teal"),
        ("bots.0.botId", ""),
        ("bots.0.scopes.0", "everybody"),
        ("bots.0.commandLists.0.triggers.0", "shout"),
        ("bots.0.commandLists.0.commands", [{"title": "x"}] * 13),
        ("composeExtensions.0.commands.0.title", "x" * 33),
        ("composeExtensions.0.commands.0.anything", "x"),
        ("validDomains", URL),
        ("rights", []),
    ],
)
def test_the_schema_finds_what_teams_would_refuse(path: str, value: Any) -> None:
    made = manifest(APP, URL)
    *before, last = (int(part) if part.isdecimal() else part for part in path.split("."))
    place: Any = made
    for name in before:
        place = place[name]
    place[last] = value
    assert faults(made, schema())


# The commands.


def test_every_command_that_the_help_names_can_be_clicked_in_its_order_wherever_the_bot_is() -> None:
    bot = manifest(APP, URL)["bots"][0]
    assert bot["scopes"] == bot["commandLists"][0]["scopes"] == ["personal", "team", "groupChat"]
    assert [f"/{each['title']}" for each in commands(manifest(APP, URL))] == list(m.COMMANDS)


@pytest.mark.parametrize("command", [*commands(manifest(APP, URL)), *actions(manifest(APP, URL))], ids=str)
def test_a_command_says_what_it_is_for(command: Json) -> None:
    about = m.COMMANDS[f"/{command['title']}"].nb
    assert command["description"] == about[0].upper() + about[1:]


@pytest.mark.parametrize("action", actions(manifest(APP, URL)), ids=lambda action: action["id"])
def test_what_a_slash_opens_is_understood_as_the_command_that_it_is_called(action: Json) -> None:
    assert (action["type"], action["triggers"], action["fetchTask"]) == ("action", ["slash"], True)
    opened = act(fetched(action["id"]))
    assert opened
    assert opened.incoming.act == Typed(action["title"])
    meant = understand(opened.incoming.act).wish
    assert meant not in (Wish.UNKNOWN_COMMAND, Wish.FREE_TEXT)
    assert meant is understand(Typed(f"/{action['title']}")).wish


@pytest.mark.parametrize("command", m.COMMANDS)
async def test_a_slash_offers_just_what_is_answered_by_a_dialog(command: str, school: School) -> None:
    await school["ola"].types(command)
    assert (command in DIALOGS) == (school["ola"].dialog is not None)
    assert [f"/{action['id']}" for action in actions(manifest(APP, URL))] == DIALOGS


def test_what_is_written_to_the_bot_unseen_by_others_is_not_asked_for() -> None:
    """The bot would answer it in the group."""
    assert not manifest(APP, URL)["bots"][0].get("supportsTargetedMessages")
    assert [each["triggers"] for each in manifest(APP, URL)["bots"][0]["commandLists"]] == [["mention"]]


# Whose bot it is, and where.


def test_it_is_one_registrations_bot_at_one_address() -> None:
    made = manifest(APP, "https://fylke.example.no:8443/rus")
    assert {made["id"], made["bots"][0]["botId"], made["composeExtensions"][0]["botId"]} == {APP}
    assert made["validDomains"] == ["fylke.example.no"]
    about, privacy, terms = (made["developer"][name] for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl"))
    assert about == "https://fylke.example.no:8443/rus"
    assert len({about, privacy, terms}) == 3
    assert all(address.startswith(f"{about}/") for address in (privacy, terms))


def test_it_asks_for_no_rights_in_entra() -> None:
    assert not {"webApplicationInfo", "authorization", "devicePermissions"} & set(manifest(APP, URL))


# Nynorsk.


def test_whoever_reads_nynorsk_reads_all_of_it_so() -> None:
    made, own = manifest(APP, URL), nynorsk()
    assert made["localizationInfo"] == {
        "defaultLanguageTag": "nb",
        "additionalLanguages": [{"languageTag": "nn", "file": "nn.json"}],
    }
    said = {place: text for place, text in texts(made) if not place.endswith((".title", "developer.name"))}
    assert set(own) - {"$schema"} == set(said)
    same = {place for place, text in said.items() if own[place] == text}
    assert same <= {"name.short"}, "all else is another language"


def texts(made: Json) -> Iterator[tuple[str, str]]:
    """Yield everything that people read, by where it stands."""
    for part in ("name", "description"):
        yield from ((f"{part}.{size}", text) for size, text in made[part].items())
    for place, listed in (("bots[0].commandLists[0]", commands(made)), ("composeExtensions[0]", actions(made))):
        for number, command in enumerate(listed):
            yield f"{place}.commands[{number}].title", command["title"]
            yield f"{place}.commands[{number}].description", command["description"]


# The file.


def test_the_same_settings_make_the_same_bytes() -> None:
    assert package(APP, URL) == package(APP, URL)
    assert package(APP, URL) != package("d" * 8 + APP[8:], URL)


def test_everything_that_the_manifest_names_is_in_it_and_nothing_else() -> None:
    made = manifest(APP, URL)
    named = {"manifest.json", *made["icons"].values()}
    named |= {each["file"] for each in made["localizationInfo"]["additionalLanguages"]}
    assert set(contents(package(APP, URL))) == named


def test_a_package_that_has_changed_has_a_new_version() -> None:
    """Whoever changes it raises `VERSION`, and writes both here anew: Teams doesn't take it otherwise."""
    assert (VERSION, hashlib.sha256(package(APP, URL)).hexdigest()[:16]) == ("1.2.0", "344f7843d626bf88")


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Return width, height and pixels of a picture with eight bits a colour, whose rows are written as they are."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (png[:8], depth) == (b"\x89PNG\r\n\x1a\n", 8)
    size = {2: 3, 6: 4}[kind]
    at, packed = 8, b""
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    return width, height, _unfiltered(zlib.decompress(packed), width, height, size)


def _unfiltered(raw: bytes, width: int, height: int, size: int) -> list[bytes]:
    above, found = bytes(width * size), []
    for start in range(0, len(raw), width * size + 1):
        row = raw[start + 1 : start + 1 + width * size]
        assert raw[start] in (0, 2), "plain, or the difference to the row above"
        above = bytes((each + up) % 256 for each, up in zip(row, above, strict=True)) if raw[start] else row
        found += [above[place : place + size] for place in range(0, len(above), size)]
    assert len(found) == width * height
    return found


def test_the_coloured_icon_fills_its_square() -> None:
    width, height, found = pixels(contents(package(APP, URL))["color.png"])
    assert (width, height) == (192, 192)
    assert {found[0], found[191], found[-192], found[-1]} == {bytes.fromhex(manifest(APP, URL)["accentColor"][1:])}
    assert b"\xff\xff\xff" in found


def test_the_outline_is_white_on_nothing() -> None:
    width, height, found = pixels(contents(package(APP, URL))["outline.png"])
    assert (width, height) == (32, 32)
    assert {pixel[:3] for pixel in found if pixel[3]} == {b"\xff\xff\xff"}
    assert {0, 255} <= {pixel[3] for pixel in found}
