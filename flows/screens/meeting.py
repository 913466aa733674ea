"""The meeting as an invitation to copy and a file for the calendar: its time and who comes, never who the pupil is.

Sources: B4.1, B4.2, T23.
"""

from __future__ import annotations

from datetime import datetime

from flows import messages as m
from flows.access import holders_of
from flows.cards import Appointment, Block, Heading, Paragraph
from flows.due import meeting_at
from flows.duty import Duty, Meeting, Outcome
from flows.incident import Case, Progress
from flows.language import Language
from flows.plan import ADULT, AGE
from flows.school_days import OSLO, local_day
from flows.screens.mark import marked_words
from flows.screens.words import View

OFF = (Progress.ENDED, Progress.DEVIATED)


def invitation(view: View, case: Case, duty: Duty) -> list[Block]:
    """Return the invitation in both written languages, once the duty that calls the meeting has been done."""
    at = meeting_at(case, view.context.plan)
    if duty.meeting is None or at is None:
        return []
    texts = [
        marked_words(view, case, _text(view, case, duty.meeting, at, language))
        for language in (Language.NB, Language.NN)
    ]
    return [Heading(view.say(m.INVITATION)), *(Paragraph(text) for text in texts), _appointment(view, case, duty, at)]


def _text(view: View, case: Case, meeting: Meeting, at: datetime, language: Language) -> str:
    """Return the invitation; it goes out of the school, so it neither names the pupil nor says what it is about."""
    local, whom = at.astimezone(OSLO), case.taken_by or case.reporter
    day = f"{m.WEEKDAYS[local_day(at).weekday()].in_(language)} {local:%d.%m.%Y}"
    lines = [
        meeting.invitation.in_(language),
        m.INVITATION_TIME.in_(language).format(day=day, time=f"{local:%H:%M}", school=view.context.roster.school.name),
        m.INVITATION_WHO.in_(language).format(who=", ".join(_participants(view, case, meeting, language))),
        *([m.INVITATION_TRUSTED.in_(language)] if case.facts[AGE] == {ADULT} else []),
        m.INVITATION_PHONE.in_(language).format(name=view.name(whom), phone=view.phone(whom)),
    ]
    return "\n".join(lines)


def _participants(view: View, case: Case, meeting: Meeting, language: Language) -> list[str]:
    roles = view.context.plan.roles
    staff = [
        f"{roles[role].label.in_(language)} {', '.join(view.name(p) for p in people)}"
        for role in meeting.roles
        if (people := holders_of(role, case, view.context))
    ]
    guardians = case.duties.get(meeting.guardians)
    are_asked = guardians is not None and guardians.outcome is Outcome.YES and guardians.progress not in OFF
    return [m.THE_PUPIL.in_(language), *([m.GUARDIANS.in_(language)] if are_asked else []), *staff]


def _appointment(view: View, case: Case, duty: Duty, at: datetime) -> Appointment:
    assert duty.meeting  # noqa: S101 - says to mypy what the caller has seen
    return Appointment(
        label=view.say(m.MEETING_INTO_CALENDAR),
        uid=f"{case.id}-{duty.id}@rusplan",
        title=view.say(m.APPOINTMENT_TITLE, number=case.number),
        text=view.say(m.APPOINTMENT_TEXT, number=case.number),
        starts_at=at,
        duration=duty.meeting.duration,
        stamped_at=view.context.now,
    )
