"""The end-of-year report: the sums, what wasn't done and by which role, and every measure with what was noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from flows.language import Language
from flows.occurrences import Audience, Whole
from flows.papers.paper import Line, Paper, Paragraph, Table
from flows.papers.year_report import Year, year_report
from flows.tasks import Seen, Standing, Task
from tests.flows.test_year_picture import OPEN, PLAN, ROSTER, now

DAY = date(2027, 6, 18)


def report(tasks: list[Seen], language: Language = Language.NB, left: Sequence[Task] = ()) -> Paper:
    return year_report(Year(tasks, left, PLAN, ROSTER, DAY, language))


def done(seen: Seen, **more: object) -> Seen:
    return now(seen, standing=Standing.DONE, done_on=date(2026, 10, 2), **more)


def all_done(but: str = "") -> list[Seen]:
    return [seen if seen.occurrence.key.measure == but else done(seen) for seen in OPEN]


def of(measure: str) -> list[Seen]:
    return [seen for seen in OPEN if seen.occurrence.key.measure == measure]


def tables(paper: Paper) -> list[Table]:
    return [block for block in paper.blocks if isinstance(block, Table)]


def cells(table: Table) -> Iterator[tuple[str, ...]]:
    return (line.cells for line in table.lines)


def test_the_sums_count_what_the_plan_demands_and_what_is_proposed() -> None:
    sums = list(cells(tables(report(all_done(but="W04")))[0]))
    assert [line[0] for line in sums] == [
        "Planen krever det (skal)", "Planen ønsker eller tillater det (bør)", "Forslag, ikke fra planen", "I alt",
    ]  # fmt: skip
    assert sums[-1] == ("I alt", str(len(OPEN)), str(len(OPEN) - 21), "0", "21")
    assert [sum(int(line[at]) for line in sums[:3]) for at in range(1, 5)] == [int(each) for each in sums[-1][1:]]


def test_what_was_not_done_is_said_once_by_the_role_that_sees_to_it() -> None:
    undone = list(cells(tables(report(all_done(but="W04")))[1]))
    assert undone[0] == ("Kontaktlærer",)
    measure, where = undone[1]
    assert measure == "W04 Gå gjennom handlingsplanen i klassen."
    assert where.startswith("1BAA, 1ELA, 2TMA")
    assert len(undone) == 2


def test_a_proposed_deadline_is_told_from_one_that_is_set() -> None:
    whens = {line[0][:3] if len(line) == 1 else line[2] for line in cells(tables(report([*of("W04"), *of("W21")]))[2])}
    assert {when for when in whens if "rist" in when} == {"Frist 31. august 2026", "Foreslått frist 30. november 2026"}


def test_what_was_done_for_a_class_that_is_no_more_is_shown() -> None:
    (one, *_) = of("W04")
    audience = Audience(Whole.CLASS, "2GONE")
    gone = replace(done(one).task, key=replace(one.occurrence.key, audience=audience))
    assert len(tables(report(all_done()))) == 2, "nobody is told of what there isn't"
    shown = tables(report(all_done(), left=[gone, replace(gone, key=replace(gone.key, measure="W99"))]))[-1]
    assert list(cells(shown)) == [
        ("W04 Gå gjennom handlingsplanen i klassen.", "2GONE", "2. oktober 2026"),
        ("W99", "2GONE", "2. oktober 2026"),
    ]


def test_a_year_in_which_all_is_done_says_so() -> None:
    paper = report(all_done())
    assert Paragraph("Alt som var aktuelt, er gjort.") in paper.blocks
    assert len(tables(paper)) == 2


def test_each_measure_has_its_clauses_its_weight_its_role_and_how_many() -> None:
    own = of("W04")
    lines = tables(report([done(own[0]), *own[1:4]]))[-1].lines
    assert lines[0] == Line(("W04 Gå gjennom handlingsplanen i klassen. (A3, G2, skal, kontaktlærer): 1 av 4 gjort",))
    assert lines[1].cells == ("1BAA", "Ola Rise", "2. oktober 2026", "Gjort")
    assert lines[2].cells == ("1ELA", "Tomasz Nowak", "Frist 31. august 2026", "Ikke gjort")


def test_what_is_counted_is_a_number_of_how_many_and_the_words_follow() -> None:
    pupils = done(of("W18")[0], count=12, words="To tar det i januar.")
    assert tables(report([pupils]))[-1].lines[1].cells[-1] == "12 av 14. To tar det i januar."
    staff = done(of("W19")[0], count=2, words="Begge i august.")
    assert tables(report([staff]))[-1].lines[1].cells[-1] == "2. Begge i august."


def test_what_was_dropped_says_why_and_is_not_undone() -> None:
    dropped = now(of("W21")[0], standing=Standing.DROPPED, words="Fagdag i stedet.")
    paper = report([dropped], language=Language.NN)
    assert tables(paper)[-1].lines[1].cells == ("heile skolen", "Berit Aune", "–", "Ikkje aktuelt: Fagdag i stedet.")
    assert Paragraph("Alt som var aktuelt, er gjort.") in paper.blocks


def test_words_that_can_not_be_read_any_more_are_said_to_be() -> None:
    lost = [done(of("W18")[0], count=12, words=None), now(of("W21")[0], standing=Standing.DROPPED, words=None)]
    said = [line.cells[-1] for line in tables(report(lost))[-1].lines]
    assert said[1] == "12 av 14. Det som ble skrevet her, kan ikke leses lenger."
    assert said[3] == "Ikke aktuelt: Det som ble skrevet her, kan ikke leses lenger."


def test_what_was_dropped_does_not_count_in_the_whole_of_its_measure() -> None:
    own = of("W04")
    dropped = now(own[0], standing=Standing.DROPPED, words="Ingen elever.")
    assert tables(report([dropped, *map(done, own[1:3])]))[-1].lines[0].cells[0].endswith(": 2 av 2 gjort")


def test_what_is_planned_says_for_when() -> None:
    planned = now(of("W29")[0], planned_for=date(2027, 6, 21))
    assert tables(report([planned]))[-1].lines[1].cells[2] == "Planlagt 21. juni 2027"


def test_whoever_stands_in_is_named_with_the_role() -> None:
    one = of("W04")[0]
    sent = now(one, owner="eva")
    assert tables(report([sent]))[-1].lines[1].cells[1] == "Eva Sand"
    nobody = replace(ROSTER, absent=frozenset({"ola", "eva"}))
    found = year_report(Year([one], [], PLAN, nobody, DAY, Language.NB))
    assert tables(found)[-1].lines[1].cells[1] == "Kari Moen, avdelingsleder"


def test_a_class_that_is_no_more_has_nothing_to_answer_for() -> None:
    assert tables(report([now(of("W04")[0], standing=Standing.GONE)]))[-1].lines == ()
