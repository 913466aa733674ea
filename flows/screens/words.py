"""How instants, duties and people are said on a card; what stands where is each screen's own affair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows import messages as m
from flows.context import Context
from flows.duty import Duty, Origin
from flows.incident import Case
from flows.language import Language, Text
from flows.plan import Plan
from flows.school_days import OSLO, local_day


@dataclass(frozen=True, slots=True)
class View:
    """Somebody looking at something: the language, the clock and the plan go with it."""

    viewer: str
    context: Context

    @property
    def language(self) -> Language:
        return self.context.roster.language(self.viewer)

    def say(self, text: Text, **values: str | int | Text) -> str:
        """Return a text in the viewer's language; the plan's phone numbers can always be named."""
        language = self.language
        said = {name: v.in_(language) if isinstance(v, Text) else v for name, v in values.items()}
        return text.in_(language).format(**{**self.context.plan.numbers, **said})

    def name(self, person: str) -> str:
        return self.context.roster.name(person)

    def phone(self, person: str) -> str:
        return self.context.roster.phone(person)

    def clock(self, at: datetime) -> str:
        """Return an instant as the school's own time of day, with the day where it isn't today."""
        local = at.astimezone(OSLO)
        is_today = local.date() == local_day(self.context.now)
        return f"{local:%H:%M}" if is_today else f"{local:%H:%M} den {local:%d.%m}"

    def moment(self, at: datetime) -> str:
        """Return an instant as people say it: i dag, i morgen, or the day."""
        return self.say(m.DAY_AND_CLOCK, day=self.day(local_day(at)), time=f"{at.astimezone(OSLO):%H:%M}")

    def day(self, day: date) -> str:
        """Return a day as people say it."""
        today = local_day(self.context.now)
        known = {today: m.TODAY, today + timedelta(days=1): m.TOMORROW}
        if day in known:
            return self.say(known[day])
        year = "" if day.year == today.year else f"{day.year}"
        return f"{self.say(m.WEEKDAYS[day.weekday()])} {day:%d.%m.}{year}"

    def day_at_the_end(self, day: date) -> str:
        """Return a day as the last word of a sentence, whose full stop follows."""
        return self.day(day).rstrip(".")


def first_alerted(plan: Plan) -> Text:
    """Return the label of the role that is alerted first when it is most urgent."""
    levels = next(iter(plan.escalation.values()))
    return plan.roles[levels[0].role].label


def origin(duty: Duty, view: View) -> str:
    """Return whose demand a duty is: the clause, the paragraph, safety or local."""
    clause, source = ", ".join(duty.clauses), duty.source
    said = m.ORIGIN_PLAN_AND_LAW if duty.origin is Origin.PLAN and source else m.ORIGIN[duty.origin]
    return view.say(said, clause=clause, source=source)


def value_labels(case: Case, fact: str, view: View) -> str:
    """Return a fact's values in words, in the plan's order."""
    labels = view.context.plan.facts[fact].values
    return ", ".join(view.say(label) for value, label in labels.items() if value in case.facts[fact])


def class_label(case: Case, view: View) -> str:
    return case.school_class or view.say(m.CLASS_UNKNOWN)


def role_label(view: View, role: str, *, to_deputy: bool = False) -> Text:
    known = view.context.plan.roles.get(role)
    label = known.label if known else Text(role, role)
    return m.DEPUTY_OF.with_(role=label) if to_deputy else label
