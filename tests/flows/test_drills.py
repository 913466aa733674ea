"""A drill is a case as any other, among its participants alone; it is told from a real one everywhere and soon gone."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.cards import Appointment, Card, ChoiceField, Link, Step, dialog, message, plain_text
from flows.drill import deal, ends_at, may_ask, may_start, roles_needed
from flows.effects import Kind, Timer
from flows.events import DrillEnded, Reported
from flows.incident import Progress
from flows.language import Language
from flows.plan import Plan
from flows.port import Pressed, Typed
from flows.roster import Roster
from flows.school import School
from flows.school_days import instant
from flows.screens.closed import erased
from flows.screens.mail import mail
from flows.screens.mark import marked
from tests.flows.story import Story, buttons, said

MARK = "ØVELSE: "
NOT_REAL = "Dette er ikke en ekte hendelse."
PEOPLE = ("ola", "kari", "eva", "berit")


@pytest.mark.parametrize(
    ("started_on", "ends_on"),
    [
        ((2026, 8, 11), (2026, 8, 12)),  # the staff plan the year, and practise
        ((2026, 9, 4), (2026, 9, 7)),  # over a weekend
        ((2026, 12, 18), (2026, 12, 21)),  # not through Christmas
        ((2027, 6, 18), (2027, 6, 21)),  # nor all summer
    ],
)
def test_a_drill_that_nobody_ends_is_over_with_the_next_day_of_work_or_in_three_days(
    school: School, started_on: tuple[int, int, int], ends_on: tuple[int, int, int]
) -> None:
    started_at = instant(date(*started_on), time(10))
    assert ends_at(school, started_at) == instant(date(*ends_on), school.calendar.day_ends)


@pytest.mark.parametrize("person", ["siri", "berit", "kari", "nils", "ola", "eva"])
def test_who_coordinates_and_who_leads_may_start_a_drill_and_all_others_are_told_who(story: Story, person: str) -> None:
    may = person not in ("ola", "eva")
    assert may_start(person, story.context) is may
    reply = story.types(person, "/rus-øvelse")
    assert reply.dialog
    assert bool(reply.dialog.fields) is may
    assert ("avdelingsleder, Elevtjenesten" in said(reply)) is not may
    story.submits(person, "start_drill", "f" * 32, fictive="salg", participants=("ola", "kari"))
    assert bool(story.stored) is may


def test_who_leads_a_department_asks_nobody_of_another_one(story: Story) -> None:
    assert may_ask("kari", "ola", story.context)  # of her own
    assert may_ask("kari", "berit", story.context)  # of the whole school
    assert not may_ask("arne", "ola", story.context)
    assert may_ask("siri", "ola", story.context)
    reply = story.submits("arne", "start_drill", "f" * 32, fictive="salg", participants=("per", "ola"))
    assert "Ola Rise hører til en annen avdeling" in reply.faults["participants"]
    dialog_ = story.types("arne", "/rus-ovelse").dialog
    assert dialog_
    offered = {option.value for option in dialog_.fields[1].options} if isinstance(
        dialog_.fields[1], ChoiceField) else set()  # fmt: skip
    assert "ola" not in offered
    assert {"per", "berit"} <= offered
    assert not story.stored


@pytest.mark.parametrize(
    ("people", "word"),
    [(("ola",), "minst to"), (("ola", "nobody"), "fra lista"), (("ola", "per"), "Per Dahl er ikke på skolen")],
)
def test_a_form_that_cannot_be_used_says_why(story: Story, people: tuple[str, ...], word: str) -> None:
    story.absent = {"per"}
    reply = story.submits("siri", "start_drill", "f" * 32, fictive="salg", participants=people)
    assert word in reply.faults["participants"]
    assert "fictive" in story.submits("siri", "start_drill", "f" * 32, participants=("ola", "eva")).faults
    assert not story.stored


@settings(max_examples=200, deadline=None)
@given(draw=st.data())
def test_whoever_has_a_role_keeps_it_and_all_others_are_dealt(plan: Plan, school: School, draw: st.DataObject) -> None:
    people = draw.draw(st.lists(st.sampled_from([*school.people]), min_size=2, unique=True))
    roster = Roster(school)
    cast = deal(people, plan, roster)
    assert cast.reporter in people
    assert set(cast.roles) == set(roles_needed(plan)) == {"avdelingsleder", "rektor", "rådgiver", "elevtjenesten"}
    for role, dealt in cast.roles.items():
        real = {person for person in people if person in roster.standing(role)} - {cast.reporter}
        assert set(dealt) == real if real else len(dealt) == 1
        assert set(dealt) <= set(people) - {cast.reporter}
    without = [p for p in people if not any(p in roster.standing(role) for role in cast.roles)]
    assert not without or cast.reporter == without[0]


def test_the_alert_goes_to_who_is_avdelingsleder_in_the_drill_and_climbs_by_the_plans_minutes(story: Story) -> None:
    story.drills("ola", "per", "eva", "berit", fictive="praksis")
    case = story.case()
    assert (case.reporter, case.place, case.grounds, case.number[:2]) == ("ola", "Praksisplass", False, "ØV")
    assert story.told(Kind.ALERT) == ["per"]
    assert sorted(story.told(Kind.BRIEFING)) == ["berit", "eva", "ola", "per", "siri"]
    story.waits(2.9)
    assert story.told(Kind.ALERT) == ["per"]
    story.waits(0.2)
    assert story.told(Kind.ALERT) == ["per", "per"]
    story.waits(2)  # nobody is deputy in it, so the next level is tried at once
    assert story.told(Kind.ALERT) == ["per", "per", "berit"]
    assert not {"kari", "nils", "tone", "arne", "jon"} & {
        person for _, note in story.promised for person in [note.person]
    }


def test_the_questions_of_a_drill_are_the_plans_and_the_second_adult_is_one_of_its_own(story: Story) -> None:
    case = story.drills(*PEOPLE, fictive="praksis")
    form = story.presses("ola", "open_questions", case, in_dialog=True).dialog
    assert form
    fields = {field.name: field for field in form.fields}
    colleague = fields["colleague"]
    assert isinstance(colleague, ChoiceField)
    assert {option.value for option in colleague.options} == {"kari", "eva", "berit"}
    assert colleague.searches == ""  # what is searched for is searched for among all
    assert "ukjent" not in {option.value for option in getattr(fields["yrkesfag"], "options", ())} - {"ukjent"}
    assert "colleague" in story.answers("ola", case, colleague="per").faults
    story.answers("ola", case, under_18="ja", colleague="eva")
    story.presses("eva", "confirm", case)
    assert story.case(case).duties["B1.2"].progress is Progress.DONE


def test_everything_that_says_something_of_a_drill_says_first_that_it_is_one(story: Story) -> None:
    case = story.drills(*PEOPLE)
    for language, mark, not_real in (
        (Language.NB, "ØVELSE:", NOT_REAL),
        (Language.NN, "ØVING:", "Dette er ikkje ei ekte hending."),
    ):
        story.languages = dict.fromkeys(story.school.people, language)
        for kind in set(Kind) - {Kind.REVIEW}:
            is_first(story.card("ola", kind, case), mark, not_real)
        view = story.view("kari", story.case(case))
        letter = mail(Kind.ALERT, view, story.case(case))
        assert letter
        subject, text = letter
        assert subject.startswith(mark)
        assert text.startswith(f"{mark} {not_real}")
        is_first(erased(view, story.case(case).number), mark, not_real)
    real = story.reports("per")
    assert "ØV" not in story.reads("per", Kind.STATUS, real)
    letter = mail(Kind.ALERT, story.view("per"), story.case(real))
    assert letter
    assert "ØV" not in "".join(letter)


def is_first(card: Card, mark: str, not_real: str) -> None:
    assert card.title.startswith(mark)
    assert plain_text(card).splitlines()[1] == not_real
    assert card.summary.startswith(f"{mark} {not_real}")


def test_marking_twice_marks_once(story: Story) -> None:
    case = story.case(story.drills(*PEOPLE))
    view = story.view("ola", case)
    once = marked(view, case.number, dialog("Sak"))
    assert marked(view, case.number, once) == once
    assert marked(view, "K7M2QD", dialog("Sak")) == dialog("Sak")


def test_numbers_stand_where_they_stood_but_nobody_is_to_ring_them_and_no_link_leads_out(story: Story) -> None:
    case = story.drills(*PEOPLE)
    words = story.reads("ola", Kind.STATUS, case)
    assert "Ring 113" in words
    assert words.index("Ikke ring noen utenfor øvelsen") < words.index("Ring 113")
    assessment = story.presses("ola", "open_assessment", f"{case}/L4", in_dialog=True).dialog
    assert assessment
    assert not [block for block in assessment.blocks if isinstance(block, Link)]
    assert "Meld til barnevernet i kommunen: ikke gjør det i en øvelse" in plain_text(assessment)


def test_a_meeting_of_a_drill_says_in_the_calendar_that_it_is_one(story: Story) -> None:
    case = story.drills(*PEOPLE)
    story.presses("kari", "take", case)
    story.submits("kari", "do", f"{case}/B4.1", meeting_on="2026-11-25", meeting_at="10:00")
    opened = story.presses("kari", "duty", f"{case}/B4.1", in_dialog=True).dialog
    assert opened
    (file,) = [block for block in opened.blocks if isinstance(block, Appointment)]
    assert file.title.startswith(MARK)
    assert file.text.startswith(f"{MARK}{NOT_REAL}")
    invitations = [line for line in plain_text(opened).splitlines() if line.startswith(f"{MARK}{NOT_REAL}")]
    assert len(invitations) == 2


def test_a_drill_ends_with_the_next_school_day_and_is_erased_a_day_later(story: Story) -> None:
    case = story.drills(*PEOPLE)
    end = story.timers[case, Timer.DRILL].due_at
    assert (end - story.now) == timedelta(days=1, hours=5, minutes=30)  # 15:30, of the next day
    story.waits(24 * 60)
    assert not story.case(case).is_closed
    story.waits(6 * 60)
    assert story.events(DrillEnded) == [DrillEnded()]
    assert sorted(story.told(Kind.REVIEW)) == sorted(("siri", *PEOPLE))
    story.waits(23 * 60)
    assert case in story.stored
    story.waits(60)
    assert case not in story.stored
    assert not story.timers


def test_a_friday_s_drill_lasts_over_the_weekend(story: Story) -> None:
    story.now += timedelta(days=4)
    case = story.drills(*PEOPLE)
    assert story.timers[case, Timer.DRILL].due_at - story.now == timedelta(days=3, hours=5, minutes=30)


@pytest.mark.parametrize("person", ["siri", "eva"])
def test_who_started_it_and_who_takes_part_can_end_it_and_then_nobody_can_do_anything_in_it(
    story: Story, person: str
) -> None:
    case = story.drills(*PEOPLE)
    story.presses("kari", "take", case)
    assert "tilgang" in story.act("per", Pressed("end_drill", case)).reply.notice
    assert not story.case(case).is_closed
    story.act(person, Pressed("end_drill", case), pressed=Kind.BRIEFING)
    assert story.case(case).is_closed
    assert [timer for (of, timer) in story.timers if of == case] == [Timer.ERASURE]
    for action in ("show", "reopen", "take", "open_assessment", "end_drill"):
        response = story.act("kari", Pressed(action, f"{case}/L4"))
        assert (response.reply.dialog, response.decision) == (None, None)
    assert buttons(story.card("kari", Kind.ALERT, case)) == []


def test_a_case_that_is_closed_in_a_drill_needs_no_number_in_the_archive_and_ends_it(story: Story) -> None:
    case = story.drills("ola", "kari", "eva", fictive="mistanke")
    story.presses("kari", "take", case)
    assert "archive_number" not in story.context_of(story.case(case)).plan.duties["L5"].record
    assert "archive_number" in story.plan.duties["L5"].record
    for name, state in story.case(case).duties.items():
        if not state.progress.is_settled and name not in ("B5.1", "L5"):
            for person in ("kari", "eva"):
                story.submits(person, "deviate", f"{case}/{name}", reason="Vi øver.")
    story.submits("kari", "clarify", f"{case}/L5", applies="ja")
    form = story.presses("kari", "open_closing", case, in_dialog=True).dialog
    assert form
    assert "øvelsen over" in plain_text(form)
    assert not [field for field in form.fields if "archive" in field.name]
    story.submits("kari", "close", case, **{field.name: "ja" for field in form.fields})
    assert story.case(case).is_closed
    assert sorted(story.told(Kind.REVIEW)) == ["eva", "kari", "ola", "siri"]


def test_the_review_tells_what_was_done_how_soon_and_what_was_missed(story: Story) -> None:
    case = story.drills(*PEOPLE, fictive="bortvisning")
    story.waits(2)
    story.presses("kari", "take", case)
    story.answers("ola", case, under_18="ja", colleague="eva")
    story.waits(2)
    story.presses("eva", "confirm", case)
    story.waits(8)
    story.submits("kari", "do", f"{case}/B1.4", safe_to_call="ja", reached="ja", at="10:12")
    story.waits(8)
    story.submits("ola", "do", f"{case}/X1", at="10:20")
    story.act("siri", Pressed("end_drill", case))
    words = story.reads("eva", Kind.REVIEW, case)
    for line in (
        "Øvelsen varte 20 minutter.",
        "Kari Moen tok saken etter 2 minutter.",
        "Planen varsler stedfortreder for avdelingsleder etter 5 minutter",
        "Eva Sand var den andre voksne etter 4 minutter.",
    ):
        assert line in words
    steps = [block for block in story.card("eva", Kind.REVIEW, case).blocks if isinstance(block, Step)]
    notes = {step.text[:19]: f"{step.mark_text}: {step.note}" for step in steps}
    assert notes["Ring de foresatte f"] == "Gjort: Kari Moen, etter 12 minutter"
    assert notes["Vurder om eleven tr"] == "Gjort: Ola Rise, etter 20 minutter · etter fristen"
    assert notes["Rektor avgjør om el"].startswith("Sto åpent: ")
    assert "fristen var i dag kl. 10:15" in notes["Rektor avgjør om el"]
    assert "fristen er i dag kl. 15:30" in notes["Kontakt barnevernet"]
    assert "Eleven bortvises fr" not in notes  # it waits for the decision
    assert "Før saken inn i ark" not in notes
    assert "Vurder selv om du m" not in notes  # nobody else's affair
    assert "/rus-årshjul" not in words
    leader = story.reads("siri", Kind.REVIEW, case)
    assert "/rus-årshjul" in leader
    assert "W28" in leader
    assert "W21" in leader


def test_a_review_of_a_drill_in_which_nobody_did_anything_says_so_kindly(story: Story) -> None:
    case = story.drills("ola", "kari", fictive="praksis")
    story.presses("ola", "end_drill", case)
    words = story.reads("kari", Kind.REVIEW, case)
    assert "Ingen tok saken. Varselet nådde Kari Moen." in words
    assert "Ingen bekreftet at de var den andre voksne." in words
    assert "Ingen plikter ble ført som gjort." in words


def test_a_drill_comes_after_what_is_real_in_ones_lists_and_says_what_it_is(story: Story) -> None:
    case = story.drills(*PEOPLE)
    real = story.reports("ola")
    for each in (case, real):
        story.presses("kari", "take", each)
    for words in (said(story.types("kari", "/rus-saker")), said(story.act("kari", Pressed("home")).reply)):
        lines = words.splitlines()
        of_case = [line for line in lines if f"Sak {story.case(real).number}" in line]
        of_drill = [line for line in lines if story.case(case).number in line]
        assert of_case
        assert of_drill
        assert all(MARK in line for line in of_drill)
        assert lines.index(of_case[0]) < lines.index(of_drill[0])
    form = story.types("ola", "/rus-hendelse").dialog
    assert form
    assert [button.reference for button in form.buttons] == [real]  # a real report goes on with a real one
    assert "Du har ingen opne saker." in said(story.types("per", "/rus-saker"))


def test_several_groups_practise_at_once_and_hear_nothing_of_each_other(story: Story) -> None:
    first = story.drills("ola", "kari", starter="berit")
    second = story.drills("eva", "per", "tone", starter="berit", fictive="salg")
    assert set(story.told(case_id=first)) == {"ola", "kari", "berit"}
    assert set(story.told(case_id=second)) == {"eva", "per", "tone", "berit"}
    under_way = story.types("berit", "/rus-øvelse").dialog
    assert under_way
    ends = [button for button in buttons(under_way) if button.action == "end_drill"]
    assert {button.reference for button in ends} == {first, second}
    assert story.act("berit", Pressed("show", second)).reply.dialog is None  # who takes no part looks into nothing


def test_the_same_form_starts_one_drill_however_often_it_comes(story: Story) -> None:
    values = {"fictive": ("salg",), "participants": ("ola", "kari")}
    for _ in range(2):
        reply = story.submits("siri", "start_drill", "a" * 32, **values)
        assert reply.dialog
        assert reply.dialog.title.startswith(MARK)
    assert len(story.events(Reported)) == 1
    other = story.submits("berit", "start_drill", "a" * 32, **values)
    assert "tilgang" in other.notice


def test_a_real_case_beside_a_drill_goes_its_way_as_if_there_were_none(plan: Plan, school: School) -> None:
    def goes(story: Story) -> list[str]:
        real = story.fresh_id()
        story.reports("ola")
        story.presses("kari", "take", real)
        story.answers("ola", real, under_18="ja", colleague="eva")
        story.waits(3 * 24 * 60)
        return [stored.replace(story.case(real).number, "") for _, _, stored in story.stored[real]]

    alone, beside = Story(plan, school), Story(plan, school)
    drill = beside.drills("ola", "kari", "eva", "berit")
    beside.act("eva", Typed("/rus-saker"))
    assert goes(beside) == goes(alone)
    assert drill not in beside.stored


def test_the_collection_is_one_to_practise_on(plan: Plan, school: School) -> None:
    assert len(plan.drills.cases) >= 5
    assert plan.drills.measures == ("W28", "W21")
    for name in plan.drills.cases:
        story = Story(plan, school)
        case = story.drills("ola", "kari", "eva", "berit", fictive=name)
        words = story.reads("ola", Kind.BRIEFING, case)
        assert plan.drills.cases[name].text.nb in words
        assert story.told(Kind.ALERT)
        assert not [person for person in school.people.values() if person.name in plan.drills.cases[name].text.nb]


def test_a_card_as_large_as_can_be_is_marked_all_the_same(story: Story) -> None:
    case = story.case(story.drills(*PEOPLE))
    view = story.view("ola", case)
    full = message("T" * 150, [Step(str(number)) for number in range(45)], summary="S" * 150)
    shown = marked(view, case.number, full)
    assert (len(shown.title), len(shown.summary), len(shown.blocks)) == (150, 150, 45)
    assert len(marked(view, case.number, dialog("T" * 24)).title) == 24
