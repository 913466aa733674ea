"""The e-mail that is left where no chat takes an alert: a number, and nothing else of the case."""

from __future__ import annotations

from flows import messages as m
from flows.effects import Kind
from flows.incident import Case
from flows.screens.mark import marked_line, marked_words
from flows.screens.words import View


def mail(kind: Kind, view: View, case: Case) -> tuple[str, str] | None:
    """Return the subject and the text; None where the case no longer waits for the person, or does again."""
    is_withdrawn = kind is Kind.WITHDRAWN
    if not (case.withdrawn if is_withdrawn else _waits(kind, view.viewer, case)):
        return None
    text = view.say(m.MAIL_WITHDRAWN if is_withdrawn else m.MAIL_TEXT, number=case.number)
    return marked_line(view, case, view.say(m.MAIL_SUBJECT, number=case.number)), marked_words(view, case, text)


def _waits(kind: Kind, person: str, case: Case) -> bool:
    return case.waits_for_answer_of(person) if kind is Kind.COLLEAGUE else case.is_waiting
