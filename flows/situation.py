"""What a turn has loaded before one act, and what it stores and shows after it; what happens in between is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flows import commands as c
from flows.access import Action
from flows.decide import decide
from flows.decisions.draft import Decision, Hint
from flows.effects import Kind, Own
from flows.incident import Case
from flows.intent import Intent
from flows.language import Text
from flows.port import Reply
from flows.screens.answers import hint
from flows.screens.words import View
from flows.task_answers import Changed
from flows.tasks import Seen


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a turn has loaded. `case_id` and `number` are fresh ones, in case a case begins here.

    `pressed` is what the pressed button's message shows; None where it stood in a dialog. `own_cases` are those in
    which the person has a part, each under its own plan; loaded only for whoever asks for them.
    """

    view: View
    case: Case | None
    open_cases: tuple[tuple[str, str], ...]  # the person's own, newest first: id and number
    case_id: str
    number: str
    pressed: Kind | None = None
    repeated: bool = False  # the platform has delivered this act before: show, but change nothing
    own_cases: tuple[tuple[View, Case], ...] = ()
    task: Seen | None = None  # the task of the year that the act is about
    year: tuple[Seen, ...] = ()  # all of the school's, for whoever looks at the year
    have_read: int = 0  # how many have confirmed that they know the plan
    last_year: str = ""  # the school year before this one, where there is a report of it

    def decided(self, case: Case, command: c.Command) -> Decision:
        """Return what a command makes of a case; nothing more where the same act has come before."""
        return Decision(case) if self.repeated else decide(case, command, self.view.context)

    def said(self, decision: Decision, otherwise: Text | None) -> str:
        """Return why nothing changed, or what to say where something did."""
        if decision.hint is not Hint.NONE:
            return hint(decision.hint, self.view, decision.case)
        return self.view.say(otherwise) if otherwise else ""


@dataclass(frozen=True, slots=True)
class Response:
    """What a turn stores and shows. `asked` is the access that was decided, for the journal; None where no case is."""

    reply: Reply
    decision: Decision | None = None
    asked: tuple[Action, bool] | None = None
    own: Own | None = None  # what changes about the person who acts
    changes: tuple[Changed, ...] = ()  # answers to tasks of the year
    looked_at: tuple[str, ...] = ()  # the cases of which a list showed something


Values = Mapping[str, tuple[str, ...]]  # what a form handed in
WithCase = Callable[[Situation, Case, Intent, Values], Response]
WithoutCase = Callable[[Situation, Intent, Values], Response]
