"""What people are told of the prevention year in the chat: their tasks, what is late with others, the plan to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flows import messages as m
from flows import year_messages as y
from flows.cards import Block, Button, Card, Facts, Link, Mark, Paragraph, Step, Style, message
from flows.handouts import Handout
from flows.limits import MAX_LABEL, shortened
from flows.occurrences import Audience, Occurrence, Whole
from flows.planned_days import planned_days
from flows.school_days import local_day
from flows.screens.words import View
from flows.task_people import asked
from flows.task_state import State, state_of
from flows.tasks import Seen, Standing
from flows.wishes import SEPARATOR, Wish
from flows.year_rows import audience_label, counted

MOST_SHOWN = 20
_ANSWERS = (
    (Wish.TASK, y.CONFIRM, Style.PRIMARY),
    (Wish.PLANNING, y.PLAN_FOR, Style.PLAIN),
    (Wish.PUTTING_OFF, y.PUT_IT_OFF, Style.PLAIN),
    (Wish.DROPPING, y.NOT_RELEVANT, Style.PLAIN),
    (Wish.SENDING_ON, y.SEND_ON, Style.PLAIN),
)


def digest_message(view: View, tasks: Sequence[Seen], *, has_gone: bool = False) -> Card:
    """Return one message of all that somebody was reminded of at once, as it stands now.

    `has_gone`: some of it is of a class that is no more; otherwise a newer message has what was in this one.
    """
    left = [seen for seen in tasks if seen.task.is_open]
    if not tasks:
        why = Paragraph(view.say(y.NO_LONGER if has_gone else y.SUPERSEDED))
        return message(view.say(y.NOTHING_LEFT), [why], summary=view.say(y.NOTHING_LEFT))
    title = view.say(y.ONE_TASK if len(left) == 1 else y.SEVERAL_TASKS, count=len(left))
    if not left:
        title = view.say(y.NOTHING_LEFT)
    if len(tasks) == 1:
        return message(title, tuple(about(view, tasks[0])), answers(view, tasks[0]), summary=view.say(y.SUMMARY))
    blocks: list[Block] = [task_line(view, seen) for seen in tasks[:MOST_SHOWN]]
    if len(tasks) > MOST_SHOWN:
        blocks.append(Paragraph(view.say(y.MORE_TASKS, count=len(tasks) - MOST_SHOWN)))
    return message(title, blocks, summary=view.say(y.SUMMARY))


def answers(view: View, seen: Seen) -> list[Button]:
    """Return what somebody may do with a task."""
    if not seen.task.is_open:
        return [Button(Wish.TASK, view.say(y.OPEN), seen.task.id)]
    return [Button(wish, view.say(label), seen.task.id, style) for wish, label, style in _ANSWERS]


def about(view: View, seen: Seen) -> Iterator[Block]:
    """Yield all that a task says: what, for whom, when, on whose demand, and what counts as done."""
    measure, task = seen.occurrence.measure, seen.task
    yield Paragraph(view.say(measure.text))
    if task.meant_for:
        yield Paragraph(view.say(y.MEANT_FOR, day=view.day_at_the_end(task.meant_for)))
    yield Facts(tuple(_rows(view, seen)))
    for clause in measure.clauses:
        sentence = view.context.plan.clauses[clause]
        yield Paragraph(view.say(y.THE_PLAN_SAYS, clause=clause, sentence=sentence))
    if measure.done_when:
        yield Paragraph(view.say(y.DONE_WHEN, when=view.say(measure.done_when)))
    if measure.note:
        yield Paragraph(view.say(measure.note))
    if measure.resource:
        day = f"{date.fromisoformat(measure.resource.checked):%d.%m.%Y}"
        yield Link(view.say(y.RESOURCE, day=day), measure.resource.url)
    if measure.sheet:
        handout = Handout(measure.sheet)
        url = view.context.address(handout, view.context.roster.school.id, view.language)
        if url:
            yield Link(view.say(y.PAPERS[handout]), url)
        read = Button(Wish.SHEET, view.say(y.READ_SHEET), f"{SEPARATOR}{handout}")
        yield Step(view.say(y.SHEETS[handout]), mark=Mark.NONE, button=read)
    roster = view.context.roster
    yield from planned_days([seen], roster.school, view.language, view.context.now)
    if _asks_who_has_the_class(view, seen.occurrence):
        yield Paragraph(view.say(y.WHO_HAS_THE_CLASS, year=task.key.school_year))


def _rows(view: View, seen: Seen) -> Iterator[tuple[str, str]]:
    measure = seen.occurrence.measure
    yield view.say(y.FOR_WHOM), for_whom(view, seen.occurrence.key.audience)
    yield view.say(y.WHEN), window(view, seen.occurrence)
    yield view.say(y.DEMAND), view.say(y.BINDING[measure.binding])
    yield view.say(y.WHOSE), whose(view, seen)
    if measure.performed_by:
        yield view.say(y.PERFORMED_BY), view.say(measure.performed_by)
    yield view.say(y.STANDS), standing(view, seen)


def task_line(view: View, seen: Seen) -> Step:
    """Return a task as an entry of a list, with the way into it."""
    notes = [for_whom(view, seen.occurrence.key.audience), window(view, seen.occurrence)]
    if seen.task.is_open and seen.task.meant_for:
        notes.append(view.say(y.MEANT_FOR_SHORT, day=view.day(seen.task.meant_for)))
    mark = Mark.OPEN if seen.task.is_open else Mark.DONE
    return Step(
        view.say(seen.occurrence.measure.text),
        shortened(" · ".join(notes), 2 * MAX_LABEL),
        mark,
        shortened(standing(view, seen), MAX_LABEL),
        Button(Wish.TASK, view.say(y.OPEN), seen.task.id),
    )


def whose(view: View, seen: Seen) -> str:
    """Return the name of who sees to a task, or that nobody does."""
    who = asked(seen.task, seen.occurrence, view.context.roster)
    return view.name(who) if who else view.say(y.NOBODY)


def for_whom(view: View, audience: Audience) -> str:
    return audience_label(audience, view.context.roster.school).in_(view.language)


def window(view: View, occurrence: Occurrence) -> str:
    """Return when something is to be done, and who says so."""
    dated_by = y.DATED_BY[occurrence.measure.times[occurrence.key.time].dated_by]
    return view.say(
        y.WINDOW,
        first=f"{occurrence.window.first_day:%d.%m.}",
        last=f"{occurrence.window.last_day:%d.%m.}",
        dated_by=y.DATE_IS_SET if occurrence.moved else dated_by,
    )


def standing(view: View, seen: Seen) -> str:
    """Return how far a task has come, in words."""
    task = seen.task
    if task.standing is Standing.DONE and task.done_on:
        count = counted(seen, view.context.roster.school, view.language)
        said = y.DONE_COUNT if count else y.STANDING[Standing.DONE]
        return view.say(said, day=view.day(task.done_on), count=count)
    if not task.is_open:
        return view.say(y.STANDING[task.standing])
    return _to_be_done(view, seen)


def _to_be_done(view: View, seen: Seen) -> str:
    task, today = seen.task, local_day(view.context.now)
    match state_of(seen, today):
        case State.PLANNED if task.planned_for:
            return view.say(y.PLANNED, day=view.day(task.planned_for))
        case State.LATE if task.planned_for and task.planned_for >= today:
            return view.say(y.LATE_PLANNED, day=view.day(task.planned_for))
        case State.LATE if task.put_off_to:
            return view.say(y.LATE_PUT_OFF, day=view.day(task.put_off_to))
        case State.DUE | State.COMING if task.put_off_to:
            return view.say(y.PUT_OFF, day=view.day(task.put_off_to))
        case state:
            return view.say(y.TO_BE_DONE[state])


def _asks_who_has_the_class(view: View, occurrence: Occurrence) -> bool:
    """Say whether nobody is known to have the class: last year's file holds until the new one is there."""
    audience = occurrence.key.audience
    own = view.context.roster.school.classes.get(audience.id) if audience.kind is Whole.CLASS else None
    return own is not None and not own.roles


def late_message(view: View, tasks: Sequence[Seen]) -> Card | None:
    """Return what is late with others; None where nothing is any more."""
    if not tasks:
        return None
    blocks: list[Block] = [Paragraph(view.say(y.LATE_INTRO)), *(_late_line(view, seen) for seen in tasks[:MOST_SHOWN])]
    if len(tasks) > MOST_SHOWN:
        blocks.append(Paragraph(view.say(m.AND_MORE, count=len(tasks) - MOST_SHOWN)))
    title = view.say(y.LATE_TITLE, count=len(tasks))
    return message(title, blocks, [Button(Wish.YEAR, view.say(y.YEAR_TITLE))], summary=view.say(y.LATE_SUMMARY))


def _late_line(view: View, seen: Seen) -> Step:
    note = view.say(
        y.SINCE_PROPOSED if seen.occurrence.is_proposed else y.SINCE,
        whom=for_whom(view, seen.occurrence.key.audience),
        who=whose(view, seen),
        day=f"{seen.occurrence.window.last_day:%d.%m.}",
    )
    button = Button(Wish.TASK, view.say(y.OPEN), seen.task.id)
    return Step(
        view.say(seen.occurrence.measure.text), shortened(note, 2 * MAX_LABEL), Mark.NONE, standing(view, seen), button
    )


def reading_message(view: View) -> Card:
    """Return the question whether somebody knows the plan."""
    text = Paragraph(view.say(y.READING, version=view.context.plan.version))
    buttons = [
        Button(Wish.PLAN, view.say(m.READ_PLAN)),
        Button(Wish.HAVE_READ, view.say(y.I_HAVE_READ), f"{SEPARATOR}{what_is_read(view)}", Style.PRIMARY),
    ]
    return message(view.say(y.READING_TITLE), [text], buttons, summary=view.say(y.READING_SUMMARY))


def what_is_read(view: View) -> str:
    """Return what tells the plan in force from any other that somebody may have been asked to read."""
    return f"{view.context.plan.id}{SEPARATOR}{view.context.plan.version}"


def read_message(view: View) -> Card:
    """Return what stands in the place of the question once it is answered."""
    title = view.say(y.READ_TITLE)
    return message(
        title, [Paragraph(view.say(y.READ_NOTED))], [Button(Wish.PLAN, view.say(m.READ_PLAN))], summary=title
    )
