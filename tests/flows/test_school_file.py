"""A school file: what is accepted, each fault with its line, and who holds a role where and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import Document, FaultyFile, load_school
from flows.faults import Faulty
from flows.language import Language, same
from flows.plan import Plan, Role, Scope, Sees
from flows.roster import Roster
from flows.school import School
from flows.school_file import lint_school, read_school
from tests.flows.story import UNKNOWN_CLASS

HERE = Path(__file__).parent
TEXT = (HERE / "school.yaml").read_text(encoding="utf-8")
CONTENT = Document(HERE / "school.yaml").content
MARK = "<<"  # stands on the line that the fault must name; taken out before the file is read


def load(tmp_path: Path, text: str, plan: Plan) -> School:
    file = tmp_path / "school.yaml"
    file.write_text(text, encoding="utf-8")
    return load_school(file, {plan.id: plan})


def faults_of(tmp_path: Path, text: str, plan: Plan) -> list[tuple[int, str]]:
    with pytest.raises(FaultyFile) as caught:
        load(tmp_path, text, plan)
    return [(fault.line, fault.sentence) for fault in caught.value.faults]


def edited(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, f"{TEXT.count(old)} places hold {old!r}"
    return TEXT.replace(old, new)


LAST_DAY = "  last_day: 2027-06-18"
BROKEN: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "unknown word": ("plan: oppdal,", "plan: oppdal, farge: blå<<,", ("Ukjent ord «farge»",)),
    "missing part": ("last_day: 2027-06-18", "#", ("«last_day» mangler",)),
    "a phone with letters": ("phone: +47 72 00 00 00", "phone: ring oss<<", ("telefonnummeret", "siffer")),
    "an e-mail without a place": ("email: ola.rise@fjellheim.example", "email: ola.rise<<", ("«ola.rise»",)),
    "an id with capitals": ("{id: fjellheim,", "{id: Fjellheim<<,", ("«Fjellheim»", "riktig form")),
    "an unknown language": ("language: nb, phone", "language: sv<<, phone", ("«sv» finnes ikke", "nb, nn og en")),
    "an unknown level": ("department: helse, level: Vg2", "department: helse, level: Vg4<<", ("«Vg4»", "Vg1, Vg2")),
    "an unknown programme": (
        "level: Vg3, programme: studieforberedende",
        "level: Vg3, programme: allmenn<<",
        ("«allmenn»", "yrkesfag og studieforberedende"),
    ),
    "a year of one year": ("school_year: 2026-2027", "school_year: 2026<<", ("«2026»", "riktig form")),
    "years apart": ("school_year: 2026-2027", "school_year: 2026-2028<<", ("to år etter hverandre",)),
    "days out of order": ("calendar:\n", "calendar:<<\n", ("1. august til 31. juli", "rekkefølge")),
    "a day off that isn't": ("2027-05-07]", "17. mai]<<", ("ÅÅÅÅ-MM-DD",)),
    "days off backwards": ("2027-05-07]", "2027-05-07..2027-05-01]<<", ("siste dagen er før den første",)),
    "a day that ends in words": (LAST_DAY, f"{LAST_DAY}\n  day_ends: halv fire<<", ("klokkeslettet som 15:30",)),
    "a day that ends with a point": (LAST_DAY, f"{LAST_DAY}\n  day_ends: 15.30<<", ("klokkeslettet som 15:30",)),
    "a day that ends after itself": (LAST_DAY, f"{LAST_DAY}\n  day_ends: 24:00<<", ("klokkeslettet som 15:30",)),
    "a day that ends in no minute": (LAST_DAY, f"{LAST_DAY}\n  day_ends: 15:60<<", ("klokkeslettet som 15:30",)),
    "a day that ends to the second": (LAST_DAY, f"{LAST_DAY}\n  day_ends: 15:30:00<<", ("klokkeslettet som 15:30",)),
    "a day that ends in entries": (LAST_DAY, f"{LAST_DAY}\n  day_ends: {{vg1: 14:00}}<<", ("klokkeslettet som 15:30",)),
    "a day that never ends": (LAST_DAY, f"{LAST_DAY}\n  day_ends:<<", ("klokkeslettet som 15:30",)),
    "no places": (
        "places: [Klasserom, Kantine, Uteområdet, Praksisplass, Tur, Annet sted]\ngrounds: [Klasserom, Kantine, "
        "Uteområdet]",
        "places: []<<",
        ("minst én",),
    ),
    "a place twice": ("Tur, Annet sted]", "Tur, Annet sted, Tur]<<", ("«Tur» står to ganger",)),
    "grounds that are no place": (
        "grounds: [Klasserom, Kantine, Uteområdet]",
        "grounds: [Klasserom, Kjelleren]<<",
        ("Stedet «Kjelleren»", "places"),
    ),
    "no grounds said": ("grounds: [Klasserom, Kantine, Uteområdet]\n", "", ("skolens område", "grounds")),
    "no grounds at all": ("grounds: [Klasserom, Kantine, Uteområdet]", "grounds: []", ("skolens område", "grounds")),
    "an unknown person": ("elevtjenesten: [siri, jon]", "elevtjenesten: [siri, ingen]<<", ("«ingen»", "people")),
    "an unknown department": ("2HEA: {department: helse", "2HEA: {department: hels<<", ("Avdelingen «hels»",)),
    "an unknown role": (
        "  mot_koordinator: [jon, siri]",
        "  mot_koordinator: [jon, siri]\n  inspektør: [jon, siri]<<",
        ("«inspektør» er ikke en rolle i planen", "avdelingsleder"),
    ),
    "an unknown role at a class": (
        "kontaktlærer: [per], rådgiver: [siri]",
        "kontaktlærer: [per], radgiver: [siri]<<",
        ("«radgiver» er ikke en rolle",),
    ),
    "nobody is rektor": ("  rektor: [berit, jon]\n", "", ("Ingen er rektor",)),
    "nobody leads a department": (
        "avdelingsleder: [tone, kari], rådgiver: [siri, jon]}",
        "rådgiver: [siri, jon]}",
        ("Ingen er avdelingsleder for Helse og oppvekst",),
    ),
    "nobody has a class": (", kontaktlærer: [eva]}", "}", ("Ingen er kontaktlærer for 2HEA",)),
    "no deputy": ("rektor: [berit, jon]", "rektor: [berit]", ("Berit Aune er rektor", "uten stedfortreder")),
    "one account of two people": (
        "email: eva.sand@fjellheim.example",
        "email: Ola.Rise@fjellheim.example<<",
        ("«ola.rise@fjellheim.example» står også på ola",),
    ),
    "a platform that isn't there": (
        "email: ola.rise@fjellheim.example",
        "email: ola.rise@fjellheim.example, prefers: Teams<<",
        ("slack eller teams", "små bokstaver"),
    ),
    "another plan": ("plan: oppdal,", "plan: nes<<,", ("«nes» finnes ikke", "oppdal")),
    "a group of nobody": (
        "\npeople:\n",
        "\ngroups:\n  ski: {name: Ski, kind: toppidrett, department: stud, pupils: mange<<}\n\npeople:\n",
        ("«mange»", "helt tall"),
    ),
}

AT = {  # where the new words hold no mark
    "missing part": "calendar:",
    "no grounds said": "places:",
    "no grounds at all": "places:",
    "nobody is rektor": "roles:",
    "nobody leads a department": "  helse: ",
    "nobody has a class": "  2HEA:",
    "no deputy": "roles:",
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_fault_is_named_with_its_line(tmp_path: Path, plan: Plan, name: str) -> None:
    old, new, words = BROKEN[name]
    marked = edited(old, new)
    text = marked.replace(MARK, "", 1)
    if name == "days out of order":
        text = text.replace("first_day: 2026-08-17", "first_day: 2027-08-17")
    if at := AT.get(name):
        (line,) = [number for number, found in enumerate(text.splitlines(), 1) if found.startswith(at)]
    else:
        line = marked[: marked.index(MARK)].count("\n") + 1
    faults = faults_of(tmp_path, text, plan)
    matching = [number for number, sentence in faults if all(word in sentence for word in words)]
    assert matching == [line], faults


@pytest.mark.parametrize(
    ("written", "expected"),
    [("", time(15, 30)), ("\n  day_ends: 14:05", time(14, 5)), ('\n  day_ends: "16:00"', time(16, 0))],
    ids=["not said", "said", "said in quotes"],
)
def test_a_school_may_say_when_its_day_ends(tmp_path: Path, plan: Plan, written: str, expected: time) -> None:
    assert load(tmp_path, edited(LAST_DAY, LAST_DAY + written), plan).calendar.day_ends == expected


@pytest.mark.parametrize("written", ["9C1F-AB", "9c1f-ab"])
def test_an_id_of_entra_is_the_same_in_capitals(tmp_path: Path, plan: Plan, written: str) -> None:
    """Teams sends it in small letters; one that was copied in capitals would belong to nobody."""
    text = edited("email: ola.rise@fjellheim.example", f"email: ola.rise@fjellheim.example, teams: {written}")
    assert load(tmp_path, text, plan).people["ola"].teams == "9c1f-ab"


@pytest.mark.parametrize("written", ["", "slack", "teams"])
def test_a_person_may_prefer_either_platform_or_none(tmp_path: Path, plan: Plan, written: str) -> None:
    text = edited("email: ola.rise@fjellheim.example", f'email: ola.rise@fjellheim.example, prefers: "{written}"')
    assert load(tmp_path, text, plan).people["ola"].prefers == written


def test_all_faults_come_at_once(tmp_path: Path, plan: Plan) -> None:
    text = TEXT
    for name in (
        "unknown word",
        "a phone with letters",
        "an unknown level",
        "a year of one year",
        "an id with capitals",
    ):
        old, new, _ = BROKEN[name]
        text = text.replace(old, new.replace(MARK, ""))
    assert len(faults_of(tmp_path, text, plan)) == 5


def test_the_shared_example_is_accepted(plan: Plan) -> None:
    school = load_school(HERE / "school_example.yaml", {plan.id: plan})
    assert school.name == "Fjellheim videregående skole"
    assert school.classes["2ELA"].was == "1ELA"
    assert school.places["Verksted"].grounds is True
    assert school.places["Buss"].grounds is False


@pytest.mark.parametrize(("year", "last"), [("0000-0001", "2027-06-18"), ("2026-0000", "2027-06-18")])
def test_a_year_that_no_calendar_has_is_a_fault_and_no_crash(tmp_path: Path, plan: Plan, year: str, last: str) -> None:
    text = edited("school_year: 2026-2027", f"school_year: {year}").replace("2027-06-18", last)
    assert faults_of(tmp_path, text, plan)


def test_no_class_may_be_called_what_unknown_is_called(tmp_path: Path, plan: Plan) -> None:
    """The form's «vet ikke» has that value; two of them can't be told apart."""
    text = edited("  2HEA: {", f'  "{UNKNOWN_CLASS}": {{')
    assert faults_of(tmp_path, text, plan)


def test_nobody_may_be_called_what_the_bot_is_called(tmp_path: Path, plan: Plan) -> None:
    """`bot` in the journal means the clock or a platform."""
    text = TEXT.replace("[per]", "[bot]").replace("  per: {", "  bot: {")
    assert any("«bot»" in sentence for _, sentence in faults_of(tmp_path, text, plan))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Tur, Annet sted]", f"Tur, {'Sted ' * 20}]"),
        ("Tur, Annet sted]", f"Tur, {', '.join(f'Rom {number}' for number in range(120))}]"),
        ("name: Helse og oppvekst", f"name: {'Helse og oppvekst ' * 6}"),
        ("  2HEA: {", f"  {'2HEA' * 20}: {{"),
        ("name: Ola Rise", f"name: {'Ola Rise ' * 12}"),
    ],
    ids=["a place", "many places", "a department", "a class", "a person"],
)
def test_words_that_no_card_can_hold_are_a_fault_before_anybody_needs_the_card(
    tmp_path: Path, plan: Plan, old: str, new: str
) -> None:
    assert faults_of(tmp_path, edited(old, new), plan)


Spot = tuple[str | int, ...]


def spots(content: object, here: Spot = ()) -> list[Spot]:
    entries = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [here, *(spot for key, value in entries for spot in spots(value, (*here, key)))]


def mutated(content: object, spot: Spot, change: Callable[[object], object]) -> object:
    if not spot:
        return change(content)
    step, rest = spot[0], spot[1:]
    if isinstance(content, dict):
        return {**content, step: mutated(content[step], rest, change)}
    assert isinstance(content, list)
    return [mutated(item, rest, change) if place == step else item for place, item in enumerate(content)]


@settings(deadline=None, max_examples=400, derandomize=True)
@given(
    spot=st.sampled_from(spots(CONTENT)),
    other=st.one_of(
        st.sampled_from(["", " ", "ja", "2026-02-30", "0000-0001", "-1", "+", "@", "bygg", "ola", "{", "ø" * 300]),
        st.sampled_from([[], {}, [[]], [{}], {"": ""}, {"name": "a"}, ["ola", "ola"], None, 7, True]),
        st.text(max_size=8),
    ),
)
def test_any_value_anywhere_makes_a_school_or_faults_and_never_a_crash(plan: Plan, spot: Spot, other: object) -> None:
    try:
        school = read_school(mutated(CONTENT, spot, lambda _: other))
    except Faulty as faulty:
        assert faulty.faults  # noqa: PT017 - a refusal is one of two right answers
    else:
        lint_school(school, {plan.id: plan})


# --- who holds a role -------------------------------------------------------------------------------------------------


def test_the_nearest_place_that_names_a_role_wins(school: School) -> None:
    roster = Roster(school)
    assert roster.holders("rådgiver", department="stud") == ("jon",)
    assert roster.holders("rådgiver", school_class="3STA") == ("siri",)
    assert roster.holders("rådgiver", school_class="2HEA") == ("siri", "jon")
    assert roster.holders("rektor", school_class="1BAA") == ("berit", "jon")
    assert roster.holders("rektor") == ("berit", "jon")


def test_a_class_is_looked_up_in_its_own_department_whatever_else_is_said(school: School) -> None:
    assert Roster(school).holders("avdelingsleder", department="stud", school_class="1BAA") == ("kari", "nils")


def test_a_role_that_nobody_is_named_for_has_no_holder(school: School) -> None:
    roster = Roster(school)
    assert roster.holders("inspektør", department="bygg") == ()
    assert roster.acting("inspektør", ("bygg", "stud")) == ()


def test_the_first_who_is_here_acts_and_the_next_is_the_deputy(school: School) -> None:
    everybody, without_kari = Roster(school), Roster(school, frozenset({"kari"}))
    assert everybody.acting("avdelingsleder", ("bygg",)) == ("kari",)
    assert everybody.acting("avdelingsleder", ("bygg",), deputy=True) == ("nils",)
    assert without_kari.acting("avdelingsleder", ("bygg",)) == ("nils",)
    assert without_kari.acting("avdelingsleder", ("bygg",), deputy=True) == ()


def test_a_role_is_empty_when_all_who_hold_it_are_away(school: School) -> None:
    assert Roster(school, frozenset({"kari", "nils"})).acting("avdelingsleder", ("bygg",)) == ()


def test_somebody_who_leads_two_departments_is_named_once(school: School) -> None:
    roster = Roster(school, frozenset({"tone"}))
    assert roster.acting("avdelingsleder", ("bygg", "helse", "stud")) == ("kari", "arne")


def test_only_who_acts_now_sees_the_departments_cases(school: School, plan: Plan) -> None:
    here, away = Roster(school), Roster(school, frozenset({"kari", "berit"}))
    assert here.sees_as_own("kari", ("bygg",), plan)
    assert here.sees_as_own("berit", ("bygg",), plan)
    for person, department in (("nils", "bygg"), ("arne", "bygg"), ("siri", "bygg"), ("ola", "bygg"), ("jon", "stud")):
        assert not here.sees_as_own(person, (department,), plan), person
    assert away.sees_as_own("nils", ("bygg",), plan)
    assert away.sees_as_own("jon", ("bygg",), plan)
    assert not away.sees_as_own("kari", ("bygg",), plan)


def test_a_role_with_a_stand_in_needs_no_deputy(tmp_path: Path, plan: Plan) -> None:
    assert plan.roles["kontaktlærer"].stand_in == "avdelingsleder"
    assert Roster(load(tmp_path, TEXT, plan)).holders("kontaktlærer", school_class="3STA") == ("per",)


def test_a_duty_of_a_role_without_deputy_falls_to_the_stand_in(tmp_path: Path, plan: Plan) -> None:
    """«stand_in: rollen som trår til der skolefila ikke har noen stedfortreder», says the pack."""
    roster = Roster(load(tmp_path, TEXT, plan), frozenset({"jon"}))
    whoever = plan.duties["B7.1"].who
    assert plan.roles["rådgiver"].stand_in in whoever, "a duty that forgets the stand-in would be nobody's"
    assert roster.acting("rådgiver", ("stud",)) == ()
    assert roster.acting("elevtjenesten", ("stud",)) == ("siri",)


def test_a_role_of_a_group_is_filled_at_the_group(tmp_path: Path, plan: Plan) -> None:
    """The second rule of a school file: looked up at the class or group, then its department, then the school."""
    bent = replace(plan, roles={**plan.roles, "trener": Role(Scope.GROUP, Sees.NONE, same("trener"))})
    group = "ski: {name: Ski, kind: toppidrett, department: stud, pupils: 9, trener: [per, eva]}"
    assert load(tmp_path, edited("\npeople:\n", f"\ngroups:\n  {group}\n\npeople:\n"), bent).groups["ski"].roles


def test_a_person_reads_the_language_chosen_then_the_files_then_the_schools(school: School) -> None:
    roster = Roster(school, languages={"ola": Language.NN, "per": Language.NB})
    assert roster.language("ola") is Language.NN
    assert roster.language("per") is Language.NB
    assert Roster(school).language("per") is Language.NN
    assert roster.language("eva") is Language.NB
    assert roster.language("somebody else") is Language.NB


def test_somebody_who_has_left_is_called_by_the_id_and_reached_at_the_school(school: School) -> None:
    roster = Roster(school)
    assert roster.name("gone") == "gone"
    assert roster.phone("gone") == "+47 72 00 00 00"
    assert roster.phone("ola") == "+47 900 00 006"
